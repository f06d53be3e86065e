/** Calls an endpoint through the official client, as users do. */
import type OpenAI from 'openai';
import { field, isRecord, listField, rawText, textField } from './json.ts';
import { readUsage, type Usage } from './usage.ts';

export interface OfficialClientOptions {
  readonly baseUrl: string;
  readonly apiKey: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly timeoutMs: number;
  readonly maxRetries: number;
  /** Replaces the global `fetch`. */
  readonly fetch?: typeof fetch;
}

/** Starts to load the client, whose code is large, while something else is awaited. */
export function preloadOfficialClient(): void {
  void import('openai');
}

/**
 * The official client for one endpoint. It uses nothing of this machine's environment: otherwise `OPENAI_ORG_ID`,
 * `OPENAI_PROJECT_ID` and `OPENAI_CUSTOM_HEADERS` would reach the endpoint.
 */
export async function createOfficialClient(options: OfficialClientOptions): Promise<OpenAI> {
  // Loaded on first use: most commands never need it.
  const { default: Client } = await import('openai');
  const send = options.fetch ?? fetch;
  return new Client({
    baseURL: options.baseUrl,
    apiKey: options.apiKey,
    organization: null,
    project: null,
    adminAPIKey: null,
    webhookSecret: null,
    defaultHeaders: {
      ...withoutCustomHeaders(process.env.OPENAI_CUSTOM_HEADERS ?? ''),
      authorization: `Bearer ${options.apiKey}`,
      ...options.headers,
    },
    timeout: options.timeoutMs,
    maxRetries: options.maxRetries,
    logLevel: 'off',
    // The client follows redirects by default; a wrong address must not get the requests.
    fetch: (url, init) => send(url, { ...init, redirect: 'manual' }),
  });
}

/** The client adds the headers of this variable by itself; null removes each of them again. */
function withoutCustomHeaders(variable: string): Record<string, null> {
  const names = variable
    .split('\n')
    .flatMap((line) => (line.includes(':') ? [line.slice(0, line.indexOf(':')).trim()] : []));
  return Object.fromEntries(names.filter(Boolean).map((name) => [name, null]));
}

/** What a user's program gets from a call. */
export interface SdkCompletion {
  readonly kind: 'completion';
  readonly text: string;
  /** `_request_id` of the client; null for streams, and where it finds none. */
  readonly requestId: string | null;
  /** null: the endpoint did not report it. */
  readonly usage: Usage | null;
}

/** What a user's program has to catch. */
export interface SdkError {
  readonly kind: 'error';
  /** Name of the error's class, e.g. `RateLimitError`. */
  readonly name: string;
  readonly message: string;
}

export type SdkOutcome = SdkCompletion | SdkError;

/** Of a chat completion, or of a response: that one has an `input`. */
type Body = Readonly<Record<string, unknown>>;

type ChatParams = OpenAI.ChatCompletionCreateParamsNonStreaming;

/**
 * @returns null for a response
 * @throws TypeError for a body without `model` and `messages`, which only a bug in this program makes
 */
function chatParams(body: Body): ChatParams | null {
  if ('input' in body) return null;
  if (isChatParams(body)) return body;
  throw new TypeError(
    `a chat completion needs model and messages, got ${Object.keys(body).join(', ') || 'neither'}`,
  );
}

function isChatParams(body: unknown): body is ChatParams {
  return isRecord(body) && typeof body.model === 'string' && Array.isArray(body.messages);
}

/** One ordinary call through the official client. */
export async function sdkChat(client: OpenAI, body: Body): Promise<SdkOutcome> {
  const params = chatParams(body);
  return outcomeOf(client, async () => {
    const completion: unknown = params
      ? await client.chat.completions.create({ ...params, stream: false })
      : await client.responses.create({ ...body, stream: false });
    const choice = listField(completion, 'choices')[0];
    return {
      kind: 'completion',
      text: textField(field(choice, 'message'), 'content') ?? textField(completion, 'output_text') ?? '',
      requestId: textField(completion, '_request_id'),
      usage: readUsage(completion),
    };
  });
}

/** One streamed call through the official client, read to its end, or for as long as its timeout. */
export async function sdkStream(client: OpenAI, body: Body): Promise<SdkOutcome> {
  const params = chatParams(body);
  return outcomeOf(client, async () => {
    const stream = params
      ? await client.chat.completions.create({ ...params, stream: true })
      : await client.responses.create({ ...body, stream: true });
    // The client's own timeout ends when the stream begins. No program waits for this one.
    setTimeout(() => stream.controller.abort(), client.timeout).unref();
    let text = '';
    let usage: Usage | null = null;
    for await (const chunk of stream) {
      const choice = listField(chunk, 'choices')[0];
      text += rawText(field(choice, 'delta'), 'content');
      if (textField(chunk, 'type') === 'response.output_text.delta') text += rawText(chunk, 'delta');
      usage = readUsage(chunk) ?? usage;
    }
    if (stream.controller.signal.aborted) throw new Error(`No end of the stream in ${client.timeout} ms.`);
    return { kind: 'completion', text, requestId: null, usage };
  });
}

async function outcomeOf(client: OpenAI, call: () => Promise<SdkCompletion>): Promise<SdkOutcome> {
  try {
    return await call();
  } catch (error) {
    const said =
      error instanceof Error ? nameAndMessage(error, client) : { name: 'Error', message: String(error) };
    return { kind: 'error', ...said };
  }
}

/** All of the client's errors have the name `Error`; their classes differ, under names that minifying changes. */
function nameAndMessage(error: Error, client: OpenAI): { name: string; message: string } {
  const statics = Object.entries(client.constructor);
  const own = statics.find(([, value]) => value === error.constructor)?.[0] ?? error.constructor.name;
  return { name: error.name === 'Error' ? own : error.name, message: error.message };
}
