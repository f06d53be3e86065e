/**
 * What an ordinary program does with the part of the API that a probe is about, by the official client. It throws, waits
 * longer than anybody would, or returns nothing of use, where it does not get what it asked for.
 */
import type OpenAI from 'openai';
import { ChatCompletionStream } from 'openai/lib/ChatCompletionStream';
import { DOCUMENT, PICTURE, SILENT_AUDIO } from '../../src/check/probes/samples.ts';
import {
  enumeration,
  NONCE,
  type ProbeRequest,
  parallelToolCalls,
  plainChat,
  structuredOutput,
  TOOL_ARGUMENTS,
  toolCall,
} from '../../src/check/requests.ts';

export const MODEL = 'gpt-4o-mini';
const EMBEDDER = 'text-embedding-3-small';

export type Program = (client: OpenAI) => Promise<unknown>;

type Extra = Partial<OpenAI.ChatCompletionCreateParamsNonStreaming>;

/** The bodies are what the check itself sends. */
const paramsOf = (request: ProbeRequest) =>
  request.body as unknown as OpenAI.ChatCompletionCreateParamsNonStreaming;

const complete = (client: OpenAI, request: ProbeRequest, extra: Extra = {}) =>
  client.chat.completions.create({ ...paramsOf(request), ...extra });

const choice = async (client: OpenAI, extra: Extra = {}) =>
  (await complete(client, plainChat(MODEL), extra)).choices[0];

function streamParams(request: ProbeRequest) {
  const params = { ...paramsOf(request), stream_options: { include_usage: true } };
  return params as unknown as Parameters<OpenAI['chat']['completions']['stream']>[0];
}

/** What the client puts together from a whole stream. */
async function streamed(client: OpenAI, request: ProbeRequest) {
  return client.chat.completions.stream(streamParams(request)).finalChatCompletion();
}

/** What a program puts together by hand, as the guides of the API do. */
async function byHand(client: OpenAI, request: ProbeRequest) {
  const stream = await client.chat.completions.create({
    ...paramsOf(request),
    stream: true,
    stream_options: { include_usage: true },
  });
  let text = '';
  const calls: OpenAI.ChatCompletionChunk.Choice.Delta.ToolCall[] = [];
  for await (const chunk of stream) {
    const [first] = chunk.choices;
    if (first === undefined) continue;
    text += first.delta.content ?? '';
    for (const piece of first.delta.tool_calls ?? []) {
      const known = calls[piece.index];
      if (known?.function === undefined) calls[piece.index] = { ...piece, function: { ...piece.function } };
      else {
        known.function.arguments = (known.function.arguments ?? '') + (piece.function?.arguments ?? '');
        // As the official client for Python does.
        known.function.name = (known.function.name ?? '') + (piece.function?.name ?? '');
      }
    }
  }
  return { text, calls: calls as OpenAI.ChatCompletionMessageFunctionToolCall[] };
}

const FINISHED: readonly unknown[] = ['stop', 'length', 'tool_calls', 'content_filter'];

/** Read by the client, by hand, and by a browser to which a server passes the stream on. */
const wholeStream: Program = async (client) => {
  const request = plainChat(MODEL);
  const passedOn = client.chat.completions.stream(streamParams(request)).toReadableStream();
  const [whole, { text }, relayed] = await Promise.all([
    streamed(client, request),
    byHand(client, request),
    ChatCompletionStream.fromReadableStream(passedOn).finalChatCompletion(),
  ]);
  const isWhole = [whole, relayed].every(({ choices: [first] }) => FINISHED.includes(first?.finish_reason));
  return isWhole && text;
};

const text: Program = async (client) => {
  const { content } = (await choice(client))?.message ?? {};
  return content?.trim();
};

/** The finish reason tells whether the text is whole, and the usage what it cost. */
const accounted: Program = async (client) => {
  const { choices, usage } = await complete(client, plainChat(MODEL));
  const [first] = choices;
  return first?.message.content?.trim() && first.finish_reason.length * Number(usage?.total_tokens);
};

const streamedText: Program = async (client) => (await byHand(client, plainChat(MODEL))).text;

const WEATHER: Readonly<Record<string, (given: { city: string }) => string>> = {
  get_weather: ({ city }) => city.toUpperCase(),
};

/** Calls the tools, and keeps each result under the id by which it is sent back. */
function results(calls: readonly OpenAI.ChatCompletionMessageToolCall[] = []): Map<string, string> {
  return new Map(
    calls.map((call) => {
      if (!call.id || call.type !== 'function') throw new Error('a result cannot be sent back');
      const weather = WEATHER[call.function.name]?.(JSON.parse(call.function.arguments));
      if (weather === undefined) throw new Error(`there is no tool ${call.function.name}`);
      return [call.id, weather];
    }),
  );
}

/** The same tools by the Responses API, which names them without a wrapper. */
const responseTools: OpenAI.Responses.Tool[] = [
  { type: 'function', name: 'get_weather', parameters: { ...TOOL_ARGUMENTS }, strict: true },
];

function responseResults(output: readonly OpenAI.Responses.ResponseOutputItem[]) {
  const calls = output.flatMap((item) => (item.type === 'function_call' ? [item] : []));
  return results(
    calls.map(({ call_id: id, name, arguments: args }) => ({
      id,
      type: 'function',
      function: { name, arguments: args },
    })),
  );
}

const WEATHER_IN = ['Paris', 'Paris and Tokyo'].map((cities) => ({
  model: MODEL,
  input: `Call get_weather once for each of these cities: ${cities}.`,
  tools: responseTools,
  tool_choice: 'required' as const,
}));

const tools =
  (request: typeof toolCall, calls: number): Program =>
  async (client) => {
    const [{ choices }, { output }] = await Promise.all([
      complete(client, request(MODEL)),
      client.responses.create({ ...WEATHER_IN[calls - 1] } as ResponseParams),
    ]);
    return [results(choices[0]?.message.tool_calls), responseResults(output)].every(
      ({ size }) => size === calls,
    );
  };

const streamedTools =
  (request: typeof toolCall, calls: number): Program =>
  async (client) => {
    const [{ choices }, seen, { output }] = await Promise.all([
      streamed(client, request(MODEL)),
      byHand(client, request(MODEL)),
      client.responses.stream({ ...WEATHER_IN[calls - 1] }).finalResponse(),
    ]);
    const all = [results(choices[0]?.message.tool_calls), results(seen.calls), responseResults(output)];
    return all.every(({ size }) => size === calls);
  };

const floats: Program = async (client) => {
  const request = { model: EMBEDDER, input: 'a', encoding_format: 'float' } as const;
  const { data, usage } = await client.embeddings.create(request);
  return data[0]?.embedding.map((value) => value * 2).length === 1536 && usage.total_tokens;
};

/** Without a format, the client asks for base64: the vector must be the one that was stored before. */
const usualEmbedding: Program = async (client) => {
  const request = { model: EMBEDDER, input: 'a' };
  const [usual, stored] = await Promise.all([
    client.embeddings.create(request),
    client.embeddings.create({ ...request, encoding_format: 'float' }),
  ]);
  const [a = [], b = []] = [usual, stored].map(({ data }) => data[0]?.embedding);
  const product = a.reduce((sum, value, index) => sum + value * (b[index] ?? Number.NaN), 0);
  return a.length === b.length && product > 0.99;
};

type ResponseParams = OpenAI.Responses.ResponseCreateParamsNonStreaming;
const respond = (client: OpenAI, extra: Partial<ResponseParams> = {}) =>
  client.responses.create({ model: MODEL, input: 'Reply with the single word: pong', ...extra });

const response: Program = async (client) => {
  const { output_text, usage } = await respond(client);
  return output_text.trim() && usage?.total_tokens;
};

/** What a user sees while a response is streamed. */
async function shownOf(stream: ReturnType<OpenAI['responses']['stream']>): Promise<string> {
  let seen = '';
  for await (const event of stream) if (event.type === 'response.output_text.delta') seen += event.delta;
  return seen;
}

const streamedResponse: Program = async (client) => {
  const stream = client.responses.stream({ model: MODEL, input: 'Reply with the single word: pong' });
  const seen = await shownOf(stream);
  const { status, output_text, usage } = await stream.finalResponse();
  return status === 'completed' && seen === output_text && seen && usage?.total_tokens;
};

const secondTurn: Program = async (client) => {
  const first = await respond(client, { input: `Remember the word ${NONCE}. Reply: noted` });
  const input = 'Which word did you have to remember? Reply with that word alone.';
  return (await respond(client, { input, previous_response_id: first.id })).output_text.includes(NONCE);
};

const secondTurnStateless: Program = async (client) => {
  const input = [{ role: 'user' as const, content: `Remember the word ${NONCE}. Reply: noted` }];
  const { output } = await respond(client, { input, store: false });
  const question = { role: 'user' as const, content: 'Which word did you have to remember?' };
  const second = await respond(client, {
    input: [...input, ...(output as OpenAI.Responses.ResponseInput), question],
    store: false,
  });
  return second.output_text.includes(NONCE);
};

const hosted =
  (tool: OpenAI.Responses.Tool): Program =>
  async (client) =>
    (await respond(client, { tools: [tool] })).tools.length;

/** An endpoint that refuses the file or the model of a test is there. */
const exists =
  (call: (client: OpenAI) => Promise<unknown>): Program =>
  (client) =>
    call(client).then(
      () => true,
      ({ code, param }) => code === 'model_not_found' || param === 'training_file',
    );

const said =
  (content: readonly OpenAI.ChatCompletionContentPart[], word: string): Program =>
  async (client) => {
    const answer = await choice(client, { messages: [{ role: 'user', content: [...content] }] });
    return answer?.message.content?.toLowerCase().includes(word);
  };

/** For each blocking probe, the program that it protects. */
export const PROGRAMS: Readonly<Record<string, Program>> = {
  'connection.reach': text,
  'connection.base_url': text,
  'connection.json': text,
  'auth.accepted': text,
  'models.available': text,
  'models.callable': async (client) => (await text(client)) && floats(client),
  'models.substitution': async (client) => {
    const answers = await Promise.all([complete(client, plainChat(MODEL)), respond(client)]);
    return answers.every(({ model }) => /^gpt-4o-mini(-\d{4}-\d\d-\d\d)?$/.test(model));
  },
  'chat.basic': accounted,
  'stream.shape': wholeStream,
  'stream.usage': async (client) => (await streamed(client, plainChat(MODEL))).usage?.total_tokens,
  'stream.complete': async (client) => {
    const input = 'List the integers from 1 to 60, separated by spaces, and nothing else.';
    const [{ choices }, shown] = await Promise.all([
      streamed(client, enumeration(MODEL)),
      shownOf(client.responses.stream({ model: MODEL, input })),
    ]);
    return choices[0]?.message.content?.endsWith('60') && shown.endsWith('60');
  },
  'tools.call': tools(toolCall, 1),
  'tools.stream': streamedTools(toolCall, 1),
  'tools.parallel': tools(parallelToolCalls, 2),
  'tools.parallel_stream': streamedTools(parallelToolCalls, 2),
  'structured.schema': async (client) => {
    const request = structuredOutput(MODEL);
    const wrapped = paramsOf(request).response_format as OpenAI.ResponseFormatJSONSchema;
    const format = {
      type: 'json_schema',
      ...wrapped.json_schema,
    } as OpenAI.Responses.ResponseTextConfig['format'];
    const [{ choices }, { output_text }] = await Promise.all([
      complete(client, request),
      respond(client, { text: { format } as OpenAI.Responses.ResponseTextConfig }),
    ]);
    return JSON.parse(choices[0]?.message.content ?? '').colour && JSON.parse(output_text).colour;
  },
  'embeddings.float': floats,
  'embeddings.base64': usualEmbedding,
  'responses.basic': response,
  'responses.stream': streamedResponse,
  'responses.continue': secondTurn,
  'responses.continue_stateless': secondTurnStateless,
  'endpoint.completions': exists((client) =>
    client.completions.create({ model: 'gpt-3.5-turbo-instruct', prompt: 'Say: pong' }),
  ),
  'endpoint.images': exists((client) => client.images.generate({ model: 'none', prompt: 'A dot' })),
  'endpoint.audio': exists((client) =>
    client.audio.speech.create({ model: 'none', input: 'pong', voice: 'alloy' }),
  ),
  'endpoint.moderations': exists((client) => client.moderations.create({ input: 'pong' })),
  'endpoint.files': exists((client) => client.files.list()),
  'endpoint.batches': exists((client) => client.batches.list()),
  'endpoint.assistants': exists((client) => client.beta.assistants.list()),
  'endpoint.vector_stores': exists((client) => client.vectorStores.list()),
  'endpoint.fine_tuning': exists((client) => client.fineTuning.jobs.list()),
  'endpoint.realtime': exists((client) =>
    client.realtime.clientSecrets.create({ session: { type: 'realtime' } }),
  ),
  'endpoint.web_search': hosted({ type: 'web_search' }),
  'endpoint.code_interpreter': hosted({ type: 'code_interpreter', container: { type: 'auto' } }),
  'endpoint.image_generation': hosted({ type: 'image_generation' }),
  'endpoint.computer_use': hosted({
    type: 'computer_use_preview',
    environment: 'browser',
    display_height: 1,
    display_width: 1,
  }),
  'endpoint.mcp': hosted({ type: 'mcp', server_label: 'docs', server_url: 'https://mcp.example' }),
  'ability.json_mode': async (client) => {
    const format = { type: 'json_object' } as const;
    const [answer, { output_text }] = await Promise.all([
      choice(client, { response_format: format }),
      respond(client, { text: { format } }),
    ]);
    return JSON.parse(answer?.message.content ?? '') && JSON.parse(output_text);
  },
  'ability.vision': said(
    [
      { type: 'text', text: 'Which colour fills this picture?' },
      { type: 'image_url', image_url: { url: `data:image/png;base64,${PICTURE}` } },
    ],
    'orange',
  ),
  'ability.file_input': said(
    [
      { type: 'text', text: 'Which word does the file name?' },
      { type: 'file', file: { filename: 'a.pdf', file_data: `data:application/pdf;base64,${DOCUMENT}` } },
    ],
    NONCE,
  ),
  // Of silence, only the tokens that were heard can be seen.
  'ability.audio_input': async (client) => {
    const audio = { data: SILENT_AUDIO, format: 'wav' as const };
    const content = [
      { type: 'text' as const, text: 'Reply with the single word: pong' },
      { type: 'input_audio' as const, input_audio: audio },
    ];
    const { usage } = await complete(client, plainChat(MODEL), { messages: [{ role: 'user', content }] });
    return usage?.prompt_tokens_details?.audio_tokens;
  },
  'ability.audio_output': async (client) => {
    const audio = { voice: 'alloy', format: 'wav' } as const;
    return (await choice(client, { modalities: ['text', 'audio'], audio }))?.message.audio?.data.length;
  },
  'ability.logprobs': async (client) => {
    const [answer, { output }] = await Promise.all([
      choice(client, { logprobs: true, top_logprobs: 2 }),
      respond(client, { include: ['message.output_text.logprobs'], top_logprobs: 2 }),
    ]);
    const [item] = output;
    const part = item?.type === 'message' ? item.content[0] : undefined;
    const inResponse = part?.type === 'output_text' ? part.logprobs : undefined;
    const firsts = [answer?.logprobs?.content?.[0], inResponse?.[0]];
    return firsts.every((first) => first?.top_logprobs[1]?.logprob);
  },
  'ability.seed': async (client) => (await choice(client, { seed: 7 }))?.message.content,
  'ability.prompt_cache_key': async (client) =>
    (await choice(client, { prompt_cache_key: 'mine' }))?.message.content,
  'ability.multiple_choices': async (client) =>
    (await complete(client, plainChat(MODEL), { n: 2 })).choices[1]?.message.content,
  'ability.logit_bias': async (client) => (await choice(client, { logit_bias: { 1000: 100 } }))?.message,
  'ability.prediction': async (client) =>
    (await choice(client, { prediction: { type: 'content', content: 'pong' } }))?.message.content,
  'ability.reasoning_effort': async (client) =>
    (await choice(client, { reasoning_effort: 'low' }))?.message.content,
  'ability.service_tier': async (client) => (await choice(client, { service_tier: 'default' }))?.message,
  'ability.store': async (client) => (await choice(client, { store: true }))?.message.content,
  'ability.background': async (client) => {
    const { id } = await respond(client, { background: true, store: true });
    return (await client.responses.retrieve(id)).output_text;
  },
  'client.sdk': async (client) =>
    (await text(client)) &&
    (await streamedText(client)) &&
    shownOf(client.responses.stream({ model: MODEL, input: 'Reply with the single word: pong' })),
  'context.head': async (client) => {
    const prompt = `The word is x.\n${'one '.repeat(6_000)}\nWhich word is named in the first line?`;
    const answer = await choice(client, { messages: [{ role: 'user', content: prompt }] });
    return answer?.message.content?.startsWith('x');
  },
};
