/**
 * An OpenAI-compatible gateway for tests. By default it responds like the official API; each quirk changes one
 * behaviour, in a way that was seen on a real gateway. See `QUIRKS` for what each does.
 */
import { randomUUID } from 'node:crypto';
import { createServer, type IncomingMessage, type RequestListener } from 'node:http';
import { createServer as createTlsServer } from 'node:https';
import { text as readText } from 'node:stream/consumers';
import { z } from 'zod';
import { PLATFORMS, type PlatformName } from './quirks/platforms.ts';
import type { Gateway } from './quirks/quirk.ts';
import { QUIRKS, type Quirk } from './quirks/quirks.ts';
import { invalidKey, missingKey } from './quirks/refusals.ts';
import { type GatewayRequest, json, type Reply, send, withHeaders } from './quirks/reply.ts';
import { route } from './quirks/routes.ts';

export { PLATFORM_NAMES, type PlatformName } from './quirks/platforms.ts';
export { QUIRKS, type Quirk } from './quirks/quirks.ts';

export interface QuirkyGatewayOptions {
  readonly quirks?: readonly Quirk[];
  /** Delay of every response, in milliseconds. Default 0. */
  readonly latencyMs?: number;
  /** Time over which a stream spreads its chunks. Default 150. */
  readonly streamMs?: number;
  readonly models?: readonly string[];
  /** `disabled` and `empty` are refused in the manner of `platform`; every other key but `valid` is unknown. */
  readonly keys?: { readonly valid?: string; readonly disabled?: string; readonly empty?: string };
  readonly platform?: PlatformName;
  /** Default `/v1`. */
  readonly basePath?: string;
  /** Speaks HTTPS with this certificate. */
  readonly tls?: { readonly cert: string; readonly key: string };
  /** Delay of `hidden-retries` before a refusal. Default 2500. */
  readonly silenceMs?: number;
  /** Delay of `slow` before every response. Default 3000. */
  readonly slowMs?: number;
  /** Draws the upstream of each request in `pool-drops-format`. */
  readonly random?: () => number;
  /** Where `redirect` sends its clients: another origin than the gateway's. */
  readonly redirectTo?: string;
}

export interface RecordedRequest {
  readonly method: string;
  /** As it stood in the URL, with the base path and without the query. */
  readonly path: string;
  readonly headers: Readonly<Record<string, string>>;
  /** Parsed; `{}` where there was no JSON object. */
  readonly body: Readonly<Record<string, unknown>>;
  /** Milliseconds since the gateway started. */
  readonly at: number;
}

export interface QuirkyGateway {
  /** With the base path and without a slash at the end. */
  readonly baseUrl: string;
  readonly origin: string;
  readonly apiKey: string;
  /** Every request so far, in the order of arrival. */
  readonly requests: readonly RecordedRequest[];
  /** How many requests came for a path that ends so, e.g. `count('/chat/completions')`. */
  count(pathEnd?: string): number;
  forgetRequests(): void;
  stop(): Promise<void>;
}

export const VALID_KEY = 'sk-quirky-valid-0123456789abcdef';

export const DEFAULT_MODELS: readonly string[] = [
  'gpt-4o-mini',
  'gpt-4o',
  'gpt-3.5-turbo-instruct',
  'text-embedding-3-small',
  'text-embedding-3-large',
  'omni-moderation-latest',
];

/** Starts a gateway on a free port of 127.0.0.1. The test that starts it stops it. */
export async function startQuirkyGateway(options: QuirkyGatewayOptions = {}): Promise<QuirkyGateway> {
  const { keys = {}, basePath = '/v1', latencyMs = 0, platform = 'openai' } = options;
  const gateway: Gateway = {
    models: options.models ?? DEFAULT_MODELS,
    validKey: keys.valid ?? VALID_KEY,
    streamMs: options.streamMs ?? 150,
    silenceMs: options.silenceMs ?? 2500,
    slowMs: options.slowMs ?? 3000,
    redirectTo: options.redirectTo ?? 'http://127.0.0.1:9/v1',
    random: options.random ?? Math.random,
    hooks: (options.quirks ?? []).map((name) => QUIRKS[name]),
  };
  const requests: RecordedRequest[] = [];
  const started = performance.now();

  const listener: RequestListener = async (incoming, response) => {
    const at = performance.now() - started;
    const request = await read(incoming, basePath);
    const { method, path, headers, body } = request;
    requests.push({ method, path, headers, body, at });
    response.on('error', () => response.destroy());
    await send(response, replyTo(request, gateway, { ...keys, platform }), latencyMs);
  };

  const server = options.tls ? createTlsServer(options.tls, listener) : createServer(listener);
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject).listen(0, '127.0.0.1', resolve);
  });
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('The gateway has no port.');
  const origin = `${options.tls ? 'https' : 'http'}://127.0.0.1:${address.port}`;

  return {
    baseUrl: `${origin}${basePath}`,
    origin,
    apiKey: gateway.validKey,
    requests,
    count: (pathEnd = '') => requests.filter((request) => request.path.endsWith(pathEnd)).length,
    forgetRequests: () => {
      requests.length = 0;
    },
    stop: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

interface Keys {
  readonly disabled?: string;
  readonly empty?: string;
  readonly platform: PlatformName;
}

/** The well-behaved reply, after the quirks have changed the request and before they change the reply. */
function replyTo(received: GatewayRequest, gateway: Gateway, keys: Keys): Reply {
  let request = received;
  let reply: Reply | null = null;
  for (const hooks of gateway.hooks) {
    const changed = hooks.request?.(request, gateway) ?? request;
    if ('kind' in changed) {
      reply = changed;
      break;
    }
    request = changed;
  }
  reply = withHeaders(reply ?? answer(request, gateway, keys), standardHeaders());
  return gateway.hooks.reduce((current, hooks) => hooks.reply?.(current, request, gateway) ?? current, reply);
}

function answer(request: GatewayRequest, gateway: Gateway, keys: Keys): Reply {
  const platform = PLATFORMS[keys.platform];
  const page = platform.pages?.[request.path];
  if (page !== undefined) return json(page);
  const balance = platform.balance[request.path];
  const found = route(request);
  // The official API refuses an address that it does not have before it looks at the key.
  if (balance === undefined && found.kind === 'refused') return found.reply;
  const refusal = authenticate(request.key, gateway, keys);
  if (refusal !== null) return refusal;
  if (balance !== undefined) return json(balance);
  return found.kind === 'found' ? found.handler(request, gateway) : found.reply;
}

function authenticate(key: string | null, gateway: Gateway, keys: Keys): Reply | null {
  const platform = PLATFORMS[keys.platform];
  if (key === null) return missingKey();
  if (key === keys.disabled) return platform.disabledKey(key);
  if (key === keys.empty) return platform.emptyKey();
  return key === gateway.validKey ? null : invalidKey(key);
}

function standardHeaders(): Record<string, string> {
  return {
    'x-request-id': `req_${randomUUID().replaceAll('-', '')}`,
    'openai-version': '2020-10-01',
    'openai-processing-ms': '12',
    'x-ratelimit-limit-requests': '10000',
    'x-ratelimit-remaining-requests': '9999',
    'x-ratelimit-reset-requests': '6ms',
    'x-ratelimit-limit-tokens': '2000000',
    'x-ratelimit-remaining-tokens': '1999900',
    'x-ratelimit-reset-tokens': '3ms',
  };
}

const bodySchema = z
  .string()
  .transform((text, context) => {
    try {
      return JSON.parse(text);
    } catch {
      context.addIssue('no JSON');
      return z.NEVER;
    }
  })
  .pipe(z.record(z.string(), z.unknown()));

async function read(incoming: IncomingMessage, basePath: string): Promise<GatewayRequest> {
  const [path = '/', query = ''] = (incoming.url ?? '/').split('?');
  const headers = Object.fromEntries(
    Object.entries(incoming.headers).map(([name, value]) => [name, String(value)]),
  );
  return {
    method: incoming.method ?? 'GET',
    path,
    route: path.startsWith(`${basePath}/`) ? path.slice(basePath.length) : null,
    query: Object.fromEntries(new URLSearchParams(query)),
    headers,
    body: bodySchema.safeParse(await readText(incoming)).data ?? {},
    key: /^Bearer (.+)$/i.exec(headers.authorization ?? '')?.[1] ?? null,
  };
}
