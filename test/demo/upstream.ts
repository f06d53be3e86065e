/** The demo's upstream: `@copilotkit/aimock` in this process, with the scripted model behind it. */
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { setTimeout as sleep } from 'node:timers/promises';
import { type FixtureResponse, type Journal, LLMock, type Mountable } from '@copilotkit/aimock';
import { z } from 'zod';
import { chatRequestSchema } from './chat-request.ts';
import { embeddingsRequestSchema, embeddingsResponse } from './embedding.ts';
import { completionTokens, modelAnswer, promptTokens } from './model.ts';

export interface UpstreamOptions {
  /** Delay before every response, in milliseconds (at most 30 000). Default 0. */
  readonly latencyMs?: number;
  /** The accepted keys; by default every key is accepted. */
  readonly apiKeys?: readonly string[];
  readonly models?: readonly string[];
  /** Of streams, six letters each. Default 200: 60 numbers take about 150 ms. */
  readonly piecesPerSecond?: number;
}

export interface Upstream {
  /** With `/v1` and without a slash at the end. */
  readonly baseUrl: string;
  /** The requests so far, except those with a refused key. Don't call it after `stop`. */
  requests(): readonly { readonly method: string; readonly path: string; readonly status: number }[];
  stop(): Promise<void>;
}

const DEFAULT_MODELS = ['gpt-4o-mini', 'gpt-4o', 'text-embedding-3-small', 'text-embedding-3-large'];

/** Starts the upstream on a free port of 127.0.0.1. The caller stops it. */
export async function startUpstream(options: UpstreamOptions = {}): Promise<Upstream> {
  const { latencyMs = 0, apiKeys, models = DEFAULT_MODELS, piecesPerSecond = 200 } = options;
  const pace = { chunkSize: 6, streamingProfile: { ttft: 0, tps: piecesPerSecond } };
  const mock = new LLMock({
    host: '127.0.0.1',
    port: 0,
    ...(latencyMs > 0 ? { chaos: { latencyMs } } : {}),
    ...(apiKeys ? { auth: { apiKeys } } : {}),
  });
  // The mock lists the models that its fixtures name. Its own embeddings support neither base64 nor dimensions.
  for (const model of models) mock.on({ model }, (request) => reply(request, models), pace);
  mock.on({ predicate: () => true }, (request) => reply(request, models), pace);
  mock.mount('/v1/embeddings', embeddingsEndpoint(models, latencyMs));
  mock.mount('/v1/responses', responsesEndpoint());
  const url = await mock.start();
  return {
    baseUrl: `${url}/v1`,
    requests: () =>
      mock.getRequests().map(({ method, path, response }) => ({ method, path, status: response.status })),
    stop: () => mock.stop(),
  };
}

const modelSchema = z.looseObject({ model: z.string() });

function reply(request: unknown, models: readonly string[]): FixtureResponse {
  const reading = modelSchema.extend(chatRequestSchema.shape).safeParse(request);
  if (!reading.success) return badRequest(reading.error);
  const { data } = reading;
  if (!models.includes(data.model)) return unknownModel(data.model);
  const given = modelAnswer(data);
  const usage = { prompt_tokens: promptTokens(data), completion_tokens: completionTokens(given) };
  return given.kind === 'text'
    ? { content: given.content, finishReason: given.finishReason, usage }
    : { toolCalls: [...given.toolCalls], finishReason: given.finishReason, usage };
}

interface Refusal {
  readonly status: number;
  readonly error: {
    readonly message: string;
    readonly type: string;
    readonly param?: string;
    readonly code: string;
  };
}

function unknownModel(model: string): Refusal {
  const message = `The model \`${model}\` does not exist or you do not have access to it.`;
  return { status: 404, error: { message, type: 'invalid_request_error', code: 'model_not_found' } };
}

function badRequest(error: z.ZodError): Refusal {
  const [issue] = error.issues;
  const param = issue?.path.join('.') ?? '';
  const message = `Invalid value for '${param}': ${issue?.message ?? 'the body is wrong'}.`;
  return { status: 400, error: { message, type: 'invalid_request_error', param, code: 'invalid_value' } };
}

function embeddingsEndpoint(models: readonly string[], latencyMs: number): Mountable {
  let journal: Journal | undefined;
  return {
    setJournal: (given) => {
      journal = given;
    },
    async handleRequest(incoming, response) {
      const body: unknown = await new Response(incoming).json().catch(() => null);
      const { status, json } = embeddingsReply(body, models);
      await sleep(latencyMs);
      journal?.add({
        method: incoming.method ?? 'POST',
        path: incoming.url ?? '',
        headers: {},
        body: null,
        response: { status, fixture: null },
      });
      response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(json));
      return true;
    },
  };
}

/** The mock reads a response's format by its name of chat completions only, so each request is asked by that name. */
function responsesEndpoint(): Mountable {
  let ownUrl = '';
  return {
    setBaseUrl: (url) => {
      ownUrl = url;
    },
    async handleRequest(incoming, response) {
      const body: unknown = await new Response(incoming).json().catch(() => null);
      const gone = new AbortController();
      response.on('close', () => gone.abort());
      // The mock answers below /openai, too, where nothing is mounted.
      const answer = await fetch(new URL('/openai/v1/responses', ownUrl), {
        method: 'POST',
        headers: {
          authorization: incoming.headers.authorization ?? '',
          'content-type': 'application/json',
        },
        body: JSON.stringify(withFormat(body)),
        signal: gone.signal,
      });
      const { 'content-length': _, ...headers } = Object.fromEntries(answer.headers);
      response.writeHead(answer.status, headers);
      await pipeline(Readable.from(answer.body ?? []), response).catch(() => response.destroy());
      return true;
    },
  };
}

const formatSchema = z.looseObject({
  text: z.looseObject({ format: z.looseObject({ type: z.string() }) }),
});

function withFormat(body: unknown): unknown {
  const reading = formatSchema.safeParse(body);
  if (!reading.success) return body;
  const { type, ...schema } = reading.data.text.format;
  return { ...reading.data, response_format: { type, json_schema: schema } };
}

function embeddingsReply(body: unknown, models: readonly string[]): { status: number; json: unknown } {
  const reading = embeddingsRequestSchema.safeParse(body);
  if (reading.success && models.includes(reading.data.model)) {
    return { status: 200, json: embeddingsResponse(reading.data) };
  }
  const { status, error } = reading.success ? unknownModel(reading.data.model) : badRequest(reading.error);
  return { status, json: { error: { param: null, ...error } } };
}
