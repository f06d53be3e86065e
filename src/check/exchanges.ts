/** Readers of exchanges that several probes share. */
import { classifyNoResponse } from '../gateway/errors.ts';
import type { Exchange, HttpResponse } from '../gateway/exchange.ts';
import type { Profile } from '../gateway/profiles/profile.ts';
import type { ErrorClass } from '../gateway/refusal.ts';
import { readUsage, type Usage } from '../gateway/usage.ts';
import { type LoggedExchange, type Problem, problem } from './probe.ts';

/** The response, where the request was served; null for a refusal and where no response came. */
export function served(exchange: Exchange): HttpResponse | null {
  return exchange.kind === 'response' && exchange.refusal === null ? exchange : null;
}

/** Why a request failed, in one line: `HTTP 429 rate_limited: …`. */
export function reason(exchange: Exchange): string {
  if (exchange.kind === 'no-response') return exchange.message;
  const { status, refusal } = exchange;
  if (refusal === null) return `HTTP ${status}`;
  const isNamed = refusal.param === null || refusal.message.includes(refusal.param);
  return `HTTP ${status} ${refusal.class}: ${isNamed ? '' : `${refusal.param}: `}${refusal.message}`;
}

export function classOf(exchange: Exchange): ErrorClass | null {
  return exchange.kind === 'response'
    ? (exchange.refusal?.class ?? null)
    : classifyNoResponse(exchange).class;
}

/** Classes that do not depend on the request: the gateway fails whatever is sent. */
export const OUTAGES: readonly (ErrorClass | null)[] = [
  'timeout',
  'overloaded',
  'upstream_error',
  'unreachable',
];

export const requestIdOf = (exchange: Exchange): string | null =>
  exchange.kind === 'response' ? (exchange.requestId?.value ?? null) : null;

/** The finding for a request that should have been served and was not. */
export function notServed(what: string, exchange: Exchange, profile: Profile | null = null): Problem {
  return problem(`${what} failed: ${reason(exchange)}`, nextStep(exchange, profile), {
    requestId: requestIdOf(exchange),
  });
}

/** What a person can do about a failed request, with the platform's page for it. */
export function nextStep(exchange: Exchange, profile: Profile | null = null): string {
  const found = classOf(exchange) ?? 'upstream_error';
  if (found === 'not_openai_shape' && exchange.kind === 'response' && exchange.status === 404)
    return 'The gateway has no such endpoint; keep what uses it on the official API, or check the base URL.';
  const page = PAGES[found];
  const link = page === undefined ? undefined : profile?.links?.[page];
  if (!isRefusedByProvider(exchange)) return `${NEXT_STEP[found]}${link === undefined ? '' : ` See ${link}`}`;
  return found === 'upstream_error'
    ? "The gateway's own key at its provider is refused; tell its operator. If the gateway passes your key on, set GATEWAY_API_KEY to a key of that provider."
    : "The gateway's own account at its provider has no balance or quota left; tell its operator.";
}

export const isRefusedByProvider = (exchange: Exchange): boolean =>
  exchange.kind === 'response' && exchange.refusal?.refusedBy === 'provider';

/** What programs that count cost cannot use in a body's usage; empty when nothing is. */
export function usageDefects(
  json: unknown,
  counts: readonly (keyof Usage)[] = ['input', 'output'],
): string[] {
  const usage = readUsage(json);
  if (usage === null) return ['usage is missing'];
  return counts.every((name) => usage[name] > 0) ? [] : ['usage counts zero tokens'];
}

export const responsesIn = (log: readonly LoggedExchange[]): HttpResponse[] =>
  log.flatMap(({ exchange }) => (exchange.kind === 'response' ? [exchange] : []));

/** The headers and fields that contained request IDs, the most frequent one first. */
export function requestIdSources(responses: readonly HttpResponse[]): string[] {
  const counts = new Map<string, number>();
  for (const { requestId } of responses) {
    if (requestId !== null) counts.set(requestId.source, (counts.get(requestId.source) ?? 0) + 1);
  }
  return [...counts].sort(([a, m], [b, n]) => n - m || a.localeCompare(b)).map(([source]) => source);
}

const PAGES: Readonly<Partial<Record<ErrorClass, 'keys' | 'billing' | 'status'>>> = {
  invalid_key: 'keys',
  disabled_key: 'keys',
  key_quota: 'keys',
  insufficient_balance: 'billing',
  timeout: 'status',
  overloaded: 'status',
  upstream_error: 'status',
};

export const NEXT_STEP: Readonly<Record<ErrorClass, string>> = {
  invalid_key: "Set the gateway's key (input api-key, or GATEWAY_API_KEY) to a key that the gateway accepts.",
  disabled_key: "Enable the key in the gateway's console, or use another one.",
  insufficient_balance: 'Top up the gateway account; until then every request is refused.',
  key_quota: "Raise the key's quota in the gateway's console, or use another key.",
  rate_limited: 'Try again later; if it persists, ask for a higher rate limit before you move traffic.',
  model_not_found: 'Map the model to a name that the gateway serves (models: in the config).',
  bad_request:
    'The gateway refuses a request that the official API accepts; ask its operator, or drop the parameter.',
  context_length: "The gateway's model has a smaller context window; choose another one.",
  content_filter: "The gateway's filter refused a harmless prompt; ask its operator.",
  timeout: 'The gateway or its upstream did not respond in time; try again, and compare with client.timeout.',
  overloaded: "The gateway or its upstream is overloaded; try again, and check the platform's status page.",
  upstream_error:
    "The gateway's upstream failed; try again, and give the request ID to the platform's support.",
  not_openai_shape:
    'The response is not in the format of the OpenAI API; check the base URL and the platform.',
  unreachable: 'The connection broke; try again, and check the network between this machine and the gateway.',
};
