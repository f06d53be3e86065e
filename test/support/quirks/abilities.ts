/** What the official API does with the parameters of a chat beyond its text, as far as an answer shows it. */
import type { Completion, Usage } from './chat.ts';
import type { JsonObject } from './reply.ts';

interface Part {
  readonly type?: string;
  readonly text?: string;
  readonly file?: { readonly file_data?: string };
}

/** The answer that a prompt gets for what is not text: a picture, a file, or a word of an earlier turn; null otherwise. */
export function perceived(messages: readonly { readonly content?: unknown }[]): string | null {
  const parts = messages.flatMap(({ content }): readonly Part[] =>
    Array.isArray(content) ? content : [{ type: 'text', text: String(content ?? '') }],
  );
  const text = parts.map((part) => part.text ?? '').join('\n');
  const last = String(parts.findLast((part) => part.text)?.text ?? '');
  if (/colour fills this picture/.test(last))
    return parts.some(({ type }) => type === 'image_url') ? 'Orange.' : 'I see no picture.';
  if (/word does the file name/.test(last)) {
    const data = parts.find(({ file }) => file)?.file?.file_data ?? '';
    const document = Buffer.from(data.split(',')[1] ?? '', 'base64').toString();
    return /The word is (\w+)/.exec(document)?.[1] ?? 'I see no file.';
  }
  if (/^(Which word did you|[\s\S]*Which word is named in the first line)/.test(last))
    return /(?:Remember the word|The word is|the single word:) (\w+)/.exec(text)?.[1] ?? 'I do not know.';
  return null;
}

export const REASONING_TOKENS: Readonly<Record<string, number>> = { low: 40, high: 400 };

/** The first token with its distribution, as `logprobs` brings it. @param most how many are listed */
export function tokensOf(most: number): readonly JsonObject[] {
  const top = ['pong', 'ping'].map((token, index) => ({
    token,
    logprob: Math.log(index ? 0.1 : 0.9),
    bytes: null,
  }));
  return [{ ...top[0], top_logprobs: top.slice(0, most) }];
}

/** What the parameters change in a finished completion. */
export function withAbilities(completion: Completion, body: JsonObject): Completion {
  const audio = { id: 'audio_1', data: 'UklGRg==', expires_at: 0, transcript: 'pong' };
  const speaks = Array.isArray(body.modalities) && body.modalities.includes('audio');
  const isBiased = Object.values(body.logit_bias ?? {}).includes(100);
  const logprobs = { content: tokensOf(Number(body.top_logprobs ?? 0)), refusal: null };
  return {
    ...completion,
    choices: completion.choices.map((choice) => ({
      ...choice,
      logprobs: body.logprobs === true ? logprobs : null,
      message: {
        ...choice.message,
        ...(speaks ? { content: null, audio } : {}),
        ...(isBiased ? { content: ' forced'.repeat(8) } : {}),
      },
    })),
    ...(completion.usage && { usage: usageWith(completion.usage, body) }),
    service_tier: 'default',
  };
}

function usageWith(usage: Usage, body: JsonObject): Usage {
  const hears = JSON.stringify(body.messages).includes('"input_audio"');
  const reasoning = REASONING_TOKENS[String(body.reasoning_effort)] ?? 0;
  return {
    ...usage,
    completion_tokens: usage.completion_tokens + reasoning,
    total_tokens: usage.total_tokens + reasoning,
    prompt_tokens_details: { ...usage.prompt_tokens_details, audio_tokens: hears ? 5 : 0 },
    completion_tokens_details: {
      ...usage.completion_tokens_details,
      reasoning_tokens: reasoning,
      accepted_prediction_tokens: body.prediction ? 10 : 0,
      rejected_prediction_tokens: 0,
    },
  };
}

const OPTIONS: Readonly<Record<string, readonly string[]>> = {
  function: [],
  web_search: ['search_context_size'],
  code_interpreter: ['container'],
  image_generation: ['quality'],
  computer_use_preview: ['environment'],
  mcp: ['server_url'],
};

/** The parameter of a tool of /responses that the official API refuses; null where it takes the tool. */
export function wrongToolParameter(
  tool: JsonObject,
): { readonly param: string; readonly value: unknown } | null {
  const options = OPTIONS[String(tool.type)];
  if (options === undefined) return { param: 'tools[0].type', value: tool.type };
  const wrong = options.find((option) => String(tool[option]).startsWith('gateway-rollout'));
  return wrong === undefined ? null : { param: `tools[0].${wrong}`, value: tool[wrong] };
}
