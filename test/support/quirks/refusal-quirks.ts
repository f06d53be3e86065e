/** What real gateways have done when they refused, or should have. */
import { randomUUID } from 'node:crypto';
import type { QuirkHooks } from './quirk.ts';
import { reword } from './refusals.ts';
import {
  type GatewayRequest,
  html,
  isRefusal,
  json,
  type Reply,
  SILENCE,
  type Silence,
  withHeaders,
} from './reply.ts';

export const refusalQuirks = {
  'wrong-key-accepted': {
    does: 'accepts every key',
    request: (request, { validKey }) => ({ ...request, key: validKey }),
  },
  'wrong-key-html': {
    does: 'refuses a wrong key with a web page',
    reply: (reply) =>
      isRefusal(reply) && reply.status === 401
        ? {
            ...html('<html><body><h1>401 Authorization Required</h1></body></html>', 401),
            headers: reply.headers,
          }
        : reply,
  },
  'wrong-key-hangs': {
    does: 'never responds to a request with a wrong key',
    reply: (reply) => (isRefusal(reply) && reply.status === 401 ? SILENCE : reply),
  },
  'hidden-retries': {
    does: 'retries by itself before it passes on a refusal: a long delay without a reason',
    reply: (reply, _request, { silenceMs }) => (isRefusal(reply) ? { ...reply, waitMs: silenceMs } : reply),
  },
  'errors-as-400': {
    does: 'passes on every refusal of its upstream (404, 429, 503) as 400',
    reply: (reply) => (isRefusal(reply) && reply.status !== 401 ? { ...reply, status: 400 } : reply),
  },
  'insufficient-quota-retried': {
    does: 'does not tell the client to stop retrying when the account is empty',
    reply: (reply) => (isRefusal(reply) && reply.status === 429 ? withoutRetryAdvice(reply) : reply),
  },
  'passing-503': {
    does: 'answers every third request with a 503 that is gone when it is sent again',
    request: (request, gateway) => {
      const { count, refused } = served.get(gateway) ?? { count: 0, refused: new Set<string>() };
      served.set(gateway, { count: count + 1, refused });
      // Others come in between, so the third one may be a second try.
      const same = JSON.stringify([request.route, request.body]);
      if ((count + 1) % 3 !== 0 || refused.has(same)) return request;
      refused.add(same);
      return json(
        { error: { message: 'The upstream is restarting.', type: 'server_error', code: null } },
        503,
      );
    },
  },
  'error-200': {
    does: 'returns 200 and an error object for chat',
    request: (request) =>
      request.route === '/chat/completions'
        ? json({
            error: { message: 'No upstream is available.', type: 'upstream_error', param: null, code: 503 },
          })
        : request,
  },
  'refusals-200': {
    does: 'refuses with 200 and an error object',
    reply: (reply) => (isRefusal(reply) ? { ...reply, status: 200 } : reply),
  },
  'echoes-key': {
    does: 'echoes the key in messages, headers, texts and the model name',
    completion: (completion, request) => ({
      ...completion,
      model: `${completion.model}@${request.key}`,
      choices: completion.choices.map((choice) => ({
        ...choice,
        message: { ...choice.message, content: `${choice.message.content ?? ''} ${request.key}` },
      })),
    }),
    reply: (reply, request) =>
      reword(withHeaders(reply, keyHeaders(request)), (message) => `${message} (key: ${request.key})`),
  },
} as const satisfies Readonly<Record<string, QuirkHooks>>;

/** Requests of each gateway so far. */
const served = new WeakMap<object, { readonly count: number; readonly refused: Set<string> }>();

function withoutRetryAdvice(reply: Exclude<Reply, Silence>): Reply {
  const { 'x-should-retry': _, ...headers } = reply.headers;
  return { ...reply, headers };
}

function keyHeaders(request: GatewayRequest): Record<string, string> {
  return {
    'x-debug-authorization': `Bearer ${request.key}`,
    'x-request-id': `${request.key}-${randomUUID()}`,
  };
}
