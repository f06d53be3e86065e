import type { Exchange, HttpResponse } from '../gateway/exchange.ts';
import { field } from '../gateway/json.ts';
import type { NoResponse } from '../gateway/refusal.ts';
import { isHtml } from '../gateway/web-page.ts';

/** What the first requests found out about the way to the API. */
export type Connection =
  | { readonly kind: 'connected'; readonly list: Exchange }
  | { readonly kind: 'unreachable'; readonly failure: NoResponse }
  /** Another base URL answers as an API, the given one does not. */
  | { readonly kind: 'wrong-base-url'; readonly works: string; readonly seen: string }
  /** Neither the given base URL nor its relatives answer as an API. */
  | {
      readonly kind: 'no-api';
      readonly tried: readonly string[];
      readonly seen: string;
      readonly answeredBy: 'page' | 'redirect' | 'something-else';
    };

/**
 * Puts one request to a base URL. `models` may go to another one than the configured; `answer` asks the configured
 * one to answer as production will: by a model in use.
 */
export type SendTo = (baseUrl: string, what: 'models' | 'answer') => Promise<Exchange>;

/**
 * Find out whether the base URL as given leads to an API, and if not, which of its usual misspellings does.
 * One request when all is well; the relatives are tried only when it is not.
 */
export async function connect(baseUrl: string, send: SendTo): Promise<Connection> {
  const list = await send(baseUrl, 'models');
  if (list.kind === 'no-response') return { kind: 'unreachable', failure: list };
  if (speaksOpenAi(list, 'models')) return { kind: 'connected', list };
  // A gateway may serve models without listing them.
  if (speaksOpenAi(await send(baseUrl, 'answer'), 'answer')) return { kind: 'connected', list };

  const candidates = relatives(baseUrl);
  const answers = await Promise.all(candidates.map((candidate) => send(candidate, 'models')));
  const works = candidates.find((_, index) => {
    const answer = answers[index];
    return answer !== undefined && speaksOpenAi(answer, 'models');
  });
  const seen = `HTTP ${list.status} ${list.contentType || 'without a content type'}`;
  if (works !== undefined) return { kind: 'wrong-base-url', works, seen };
  return { kind: 'no-api', tried: [baseUrl, ...candidates], seen, answeredBy: kindOf(list) };
}

/**
 * The usual misspellings of a base URL, nearest first: without `/v1`, with it, doubled, with a trailing slash, and
 * with a route of the API pasted behind it.
 */
export function relatives(baseUrl: string): string[] {
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

/** A model list, a completion, or a refusal in the API's own words: the route exists. */
function speaksOpenAi(exchange: Exchange, what: Parameters<SendTo>[1]): boolean {
  if (exchange.kind !== 'response' || exchange.json === undefined) return false;
  if (exchange.refusal === null) return isApiObject(exchange.json);
  // A missing route is refused in the same form as a missing model, but not for the same reason. No list is
  // refused for a missing model: below a base URL that ends in /models, `models` is looked for as one.
  if (exchange.status === 404 || exchange.status === 405) {
    return (
      what === 'answer' &&
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
