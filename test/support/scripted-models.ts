/**
 * An official API whose answers are drawn by chance, and gateways to it that cheat. Of the prompts, one in eight leaves the
 * official model torn between two answers; the sibling is torn by none.
 */
import { createHash } from 'node:crypto';
import { createServer } from 'node:http';
import { text as readText } from 'node:stream/consumers';
import { z } from 'zod';
import { answerOf, type Distribution } from './answer-model.ts';
import { seeded } from './random.ts';

const requestSchema = z.looseObject({
  model: z.string(),
  messages: z.array(z.looseObject({ content: z.string() })).min(1),
  temperature: z.number().optional(),
  logprobs: z.boolean().optional(),
  reasoning_effort: z.string().optional(),
  user: z.string().optional(),
});
type ModelRequest = z.output<typeof requestSchema>;

/** Never torn. */
export const SIBLING = 'gpt-4.1-nano';

/** Which model answers a request to the gateway, and with what distribution. */
export interface Cheat {
  /** Default: the one that is asked for. */
  readonly model?: (request: ModelRequest, random: () => number) => string;
  readonly distribution?: (official: Distribution) => Distribution;
  /** Answers a request again as before; `user`: also where only its user differs. */
  readonly cache?: 'request' | 'user';
  /** Answers every request with this status. */
  readonly status?: number;
  /** Tells the probabilities of first tokens, each time a little different, as batching makes them. */
  readonly logprobs?: boolean;
  /** Tells the five most probable ones alone, with two decimals. */
  readonly isCurt?: boolean;
}

export interface ScriptedModels {
  readonly baseUrl: string;
  readonly requests: readonly ModelRequest[];
  /** Of these requests. */
  readonly paths: readonly string[];
  stop(): Promise<void>;
}

/** Starts the official API, or a gateway that cheats, on a free port of 127.0.0.1. The test that starts it stops it. */
export async function startScriptedModels(seed: number, cheat: Cheat = {}): Promise<ScriptedModels> {
  const random = seeded(seed);
  const requests: ModelRequest[] = [];
  const paths: string[] = [];
  const cached = new Map<string, string>();
  const server = createServer(async (incoming, response) => {
    if (incoming.method === 'GET') {
      response.writeHead(200, { 'content-type': 'application/json' });
      response.end('{"object":"list","data":[{"id":"gpt-4o-mini","object":"model"}]}');
      return;
    }
    const isResponse = incoming.url?.endsWith('/responses') === true;
    const given = JSON.parse(await readText(incoming));
    const request = requestSchema.parse(isResponse ? asChat(given) : given);
    requests.push(request);
    paths.push(incoming.url ?? '');
    const { user, ...rest } = request;
    const key = JSON.stringify(cheat.cache === 'user' ? rest : [rest, user]);
    const own = () => (isResponse ? asResponse : same)(answer(request, cheat, random));
    const body = (cheat.cache && cached.get(key)) ?? JSON.stringify(own());
    cached.set(key, body);
    response.writeHead(cheat.status ?? 200, { 'content-type': 'application/json' });
    response.end(cheat.status === undefined ? body : '{"error":{"message":"no"}}');
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('no port');
  return {
    baseUrl: `http://127.0.0.1:${address.port}/v1`,
    requests,
    paths,
    stop: () => new Promise((resolve) => void server.close(() => resolve()).closeAllConnections()),
  };
}

function answer(
  request: ModelRequest,
  { model, distribution, logprobs, isCurt }: Cheat,
  random: () => number,
) {
  const served = model?.(request, random) ?? request.model;
  const prompt = request.messages[0]?.content ?? '';
  const habits = habitsOf(served, prompt, request.temperature);
  const shares = distribution?.(habits) ?? habits;
  const content = answerOf(shares, random);
  const told = { content: [{ token: content, top_logprobs: toldOf(shares, random, isCurt) }] };
  return {
    id: `chatcmpl-${Math.floor(random() * 1e12)}`,
    object: 'chat.completion',
    model: `${request.model}-2026-01-01`,
    choices: [
      {
        index: 0,
        message: { role: 'assistant', content },
        finish_reason: 'stop',
        ...(logprobs && request.logprobs ? { logprobs: told } : {}),
      },
    ],
    usage: { prompt_tokens: 22, completion_tokens: 2, total_tokens: 24 },
  };
}

const same = <T>(value: T): T => value;

const responseSchema = z.looseObject({
  input: z.string(),
  max_output_tokens: z.int().min(16),
  include: z.array(z.string()).default([]),
  reasoning: z.looseObject({ effort: z.string() }).optional(),
});

function asChat(body: unknown) {
  const { input, include, reasoning, ...rest } = responseSchema.parse(body);
  const logprobs = include.includes('message.output_text.logprobs');
  const messages = [{ role: 'user', content: input }];
  return { ...rest, messages, ...(logprobs && { logprobs }), reasoning_effort: reasoning?.effort };
}

function asResponse({ id, model, choices: [choice] }: ReturnType<typeof answer>) {
  const content = { type: 'output_text', text: choice?.message.content, logprobs: choice?.logprobs?.content };
  const output = [{ type: 'message', role: 'assistant', content: [content] }];
  const usage = { input_tokens: 22, output_tokens: 2, total_tokens: 24 };
  return { id, object: 'response', status: 'completed', model, output, usage };
}

function toldOf(shares: Distribution, random: () => number, isCurt = false) {
  return [...shares]
    .map(([token, share]) => ({ token, logprob: Math.log(share) + 0.02 * (random() + random() - 1) }))
    .sort((a, b) => b.logprob - a.logprob)
    .slice(0, isCurt ? 5 : 20)
    .map(({ token, logprob }) => ({ token, logprob: isCurt ? Number(logprob.toFixed(2)) : logprob }));
}

/** At temperature 0 most prompts have one answer; without it, many. */
function habitsOf(model: string, prompt: string, temperature: number | undefined): Distribution {
  const own = seeded(createHash('sha256').update(model).update(prompt).digest().readUInt32LE(0));
  const shared = seeded(createHash('sha256').update(prompt).digest().readUInt32LE(0));
  const [first = 'one', second = 'two'] = prompt.split(' ').slice(-2);
  if (temperature !== 0) {
    const weights = Array.from({ length: 12 }, (_, word) => [`word${word}`, own() ** 6 + 0.001] as const);
    const sum = weights.reduce((total, [, weight]) => total + weight, 0);
    return new Map(weights.map(([word, weight]) => [word, weight / sum]));
  }
  const isTorn = shared() < 1 / 8;
  if (!isTorn) return new Map([[shared() < 0.5 ? first : second, 1]]);
  if (model === SIBLING)
    return new Map([
      [own() < 0.5 ? first : second, 0.9],
      ['neither', 0.1],
    ]);
  const torn = 0.35 + 0.3 * own();
  return new Map([
    [first, torn],
    [second, 1 - torn],
  ]);
}
