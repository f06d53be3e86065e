import type { Exchange, HttpResponse } from '../gateway/exchange.ts';
import { field } from '../gateway/json.ts';
import type { NoResponse } from '../gateway/refusal.ts';
import { isHtml } from '../gateway/web-page.ts';

/** What the first requests found out about the base URL. */
export type Connection =
  | { readonly kind: 'connected'; readonly list: Exchange }
  | { readonly kind: 'unreachable'; readonly failure: NoResponse }
  /** The API is at another base URL than the given one. */
  | { readonly kind: 'wrong-base-url'; readonly works: string; readonly seen: string }
  /** The API is neither at the given base URL nor at a similar one. */
  | {
      readonly kind: 'no-api';
      readonly tried: readonly string[];
      readonly seen: string;
      readonly found: 'page' | 'redirect' | 'something-else';
    };

/**
 * Sends one request to a base URL: `models` to any base URL, `completion` only to the configured one, to a model in
 * use, as production does.
 */
export type SendTo = (baseUrl: string, what: 'models' | 'completion') => Promise<Exchange>;

/**
 * Finds out whether the given base URL is an API, and if not, which of its usual variants is.
 * It takes one request when the base URL is right.
 */
export async function connect(baseUrl: string, send: SendTo): Promise<Connection> {
  const list = await send(baseUrl, 'models');
  if (list.kind === 'no-response') return { kind: 'unreachable', failure: list };
  if (isOpenAiApi(list, 'models')) return { kind: 'connected', list };
  // A gateway may serve models without listing them.
  if (isOpenAiApi(await send(baseUrl, 'completion'), 'completion')) return { kind: 'connected', list };

  const candidates = variants(baseUrl);
  const exchanges = await Promise.all(candidates.map((candidate) => send(candidate, 'models')));
  const works = candidates.find((_, index) => {
    const exchange = exchanges[index];
    return exchange !== undefined && isOpenAiApi(exchange, 'models');
  });
  const seen = `HTTP ${list.status} ${list.contentType || 'without a content type'}`;
  if (works !== undefined) return { kind: 'wrong-base-url', works, seen };
  return { kind: 'no-api', tried: [baseUrl, ...candidates], seen, found: kindOf(list) };
}

/**
 * The usual variants of a base URL, nearest first, to correct `/v1` where it is missing, doubled or too much, and a route
 * of the API at the end.
 */
export function variants(baseUrl: string): string[] {
  const url = new URL(baseUrl);
  const path = url.pathname.replace(/\/+$/, '');
  const bare = path
    .replace(/\/(chat\/completions|completions|responses|embeddings|models)$/, '')
    .replace(/(\/v1)+$/, '');
  const paths = [`${bare}/v1`, bare, '/v1', '/api/v1', '/openai/v1', ''];
  const own = `${url.origin}${path}`;
  return [...new Set(paths.map((candidate) => `${url.origin}${candidate}`))].filter(
    (candidate) => candidate !== own,
  );
}

/** A model list, a completion, or a refusal by the API itself: the route exists. */
function isOpenAiApi(exchange: Exchange, what: Parameters<SendTo>[1]): boolean {
  if (exchange.kind !== 'response' || exchange.json === undefined) return false;
  if (exchange.refusal === null) return isApiObject(exchange.json);
  // A missing route is refused in the same form as a missing model, but for another reason. A list is never refused
  // for a missing model: below a base URL that ends in /models, `models` itself is taken to be a model's name.
  if (exchange.status === 404 || exchange.status === 405) {
    return (
      what === 'completion' &&
      exchange.refusal.class === 'model_not_found' &&
      /model/i.test(exchange.refusal.message)
    );
  }
  return exchange.refusal.class !== 'not_openai_shape';
}

function isApiObject(json: unknown): boolean {
  return ['data', 'choices'].some((name) => Array.isArray(field(json, name)));
}

function kindOf({ status, contentType, text }: HttpResponse): 'page' | 'redirect' | 'something-else' {
  if (status >= 300 && status < 400) return 'redirect';
  return contentType === 'text/html' || isHtml(text) ? 'page' : 'something-else';
}
