/** Missing endpoints, web pages instead of JSON, and no response at all. */
import type { QuirkHooks } from './quirk.ts';
import { unknownRoute } from './refusals.ts';
import { type GatewayRequest, html, json, SILENCE, withHeaders } from './reply.ts';

export const endpointQuirks = {
  'models-missing': {
    does: 'has no /models: 404',
    request: (request) => (isModels(request) ? missing(request) : request),
  },
  'models-empty': {
    does: 'lists no model, but serves all of them',
    reply: (reply, request) =>
      request.route === '/models' && reply.kind === 'json' && reply.status === 200
        ? { ...reply, body: { object: 'list', data: [] } }
        : reply,
  },
  'models-paged': {
    does: 'lists two models per page; the next page takes the last id as `after`',
    reply: (reply, request, { models }) => {
      if (request.route !== '/models' || reply.kind !== 'json' || reply.status !== 200) return reply;
      const start = request.query.after === undefined ? 0 : models.indexOf(request.query.after) + 1;
      const page = models.slice(start, start + 2);
      return {
        ...reply,
        body: {
          object: 'list',
          data: page.map((id) => ({ id, object: 'model', created: 1_721_172_717, owned_by: 'system' })),
          first_id: page[0] ?? null,
          last_id: page.at(-1) ?? null,
          has_more: start + 2 < models.length,
        },
      };
    },
  },
  'model-unlisted-but-callable': {
    does: 'omits its first model from the list, but serves it',
    reply: (reply, request, { models }) =>
      request.route === '/models' && reply.kind === 'json' && Array.isArray(reply.body.data)
        ? {
            ...reply,
            body: { ...reply.body, data: reply.body.data.filter((model) => model.id !== models[0]) },
          }
        : reply,
  },
  'chat-missing': {
    does: 'has no /chat/completions: 404',
    request: (request) => (isChat(request) ? missing(request) : request),
  },
  'responses-missing': {
    does: 'has no /responses: 404',
    request: (request) => (request.route === '/responses' ? missing(request) : request),
  },
  'endpoints-missing': {
    does: 'has /chat/completions and /models and nothing else: 404',
    request: (request) =>
      isModels(request) || request.route === '/chat/completions' ? request : missing(request),
  },
  'html-page': {
    does: 'returns 200 and an HTML page for everything',
    request: () => html('<!doctype html><html><head><title>Welcome</title></head><body></body></html>', 200),
  },
  'challenge-page': {
    does: 'returns 403 and the challenge page of a content delivery network for everything',
    request: () =>
      withHeaders(
        html(
          '<!DOCTYPE html><html><head><title>Just a moment...</title></head><body><script>window._cf_chl_opt={}</script></body></html>',
          403,
        ),
        { server: 'cloudflare', 'cf-mitigated': 'challenge', 'cf-ray': '8c1f2a3b4c5d6e7f-FRA' },
      ),
  },
  redirect: {
    does: 'returns a 302 to another origin for everything',
    request: (request, { redirectTo }) =>
      withHeaders(html('', 302), { location: `${redirectTo}${request.route ?? request.path}` }),
  },
  'cloudflare-524': {
    does: 'returns the 524 timeout page of a content delivery network for chat',
    request: (request) =>
      isChat(request)
        ? withHeaders(
            html(
              '<!DOCTYPE html><html><head><title>example.com | 524: A timeout occurred</title></head><body></body></html>',
              524,
            ),
            { server: 'cloudflare', 'cf-ray': '8c1f2a3b4c5d6e7f-FRA' },
          )
        : request,
  },
  'portkey-html-message': {
    does: "wraps its upstream's error page in its own JSON: 502 for chat",
    request: (request) =>
      isChat(request) ? json({ 'html-message': '<html><body>502 Bad Gateway</body></html>' }, 502) : request,
  },
  'never-answers': {
    does: 'accepts every request and never writes a byte',
    request: () => SILENCE,
  },
  slow: {
    does: 'is slow to respond',
    reply: (reply, _request, { slowMs }) => (reply.kind === 'silence' ? reply : { ...reply, waitMs: slowMs }),
  },
} as const satisfies Readonly<Record<string, QuirkHooks>>;

const isModels = (request: GatewayRequest): boolean => /^\/models(\/|$)/.test(request.route ?? '');
const isChat = (request: GatewayRequest): boolean => request.route === '/chat/completions';
const missing = (request: GatewayRequest) => unknownRoute(request.method, request.path);
