/** Readers of the answers that several probes need. */
import { classifyNoResponse } from '../gateway/errors.ts';
import type { Exchange, HttpResponse } from '../gateway/exchange.ts';
import type { ErrorClass } from '../gateway/refusal.ts';
import { type Finding, type LoggedExchange, problem } from './probe.ts';

/** An answer that was served: not a refusal, not silence. */
export function served(exchange: Exchange): HttpResponse | null {
  return exchange.kind === 'response' && exchange.refusal === null ? exchange : null;
}

/** Why an exchange was not served, in one line: `HTTP 429 rate_limited: …`. */
export function reason(exchange: Exchange): string {
  if (exchange.kind === 'no-response') return exchange.message;
  if (exchange.refusal === null) return `HTTP ${exchange.status}`;
  return `HTTP ${exchange.status} ${exchange.refusal.class}: ${exchange.refusal.message}`;
}

export function classOf(exchange: Exchange): ErrorClass | null {
  return exchange.kind === 'response'
    ? (exchange.refusal?.class ?? null)
    : classifyNoResponse(exchange).class;
}

/** Classes that say nothing about the request: whatever is asked, the gateway fails. */
export const OUTAGES: readonly (ErrorClass | null)[] = [
  'timeout',
  'overloaded',
  'upstream_error',
  'unreachable',
];

export const requestIdOf = (exchange: Exchange): string | null =>
  exchange.kind === 'response' ? (exchange.requestId?.value ?? null) : null;

/** The finding for a request of the API that should have been served and was not. */
export function notServed(what: string, exchange: Exchange): Finding {
  return problem(
    `${what} was refused: ${reason(exchange)}`,
    NEXT_STEP[classOf(exchange) ?? 'upstream_error'],
    { requestId: requestIdOf(exchange) },
  );
}

/** The answers among everything asked, refusals included. */
export const responsesIn = (log: readonly LoggedExchange[]): HttpResponse[] =>
  log.flatMap(({ exchange }) => (exchange.kind === 'response' ? [exchange] : []));

/** The headers and fields in which request ids stood, the most frequent one first. */
export function requestIdSources(answers: readonly HttpResponse[]): string[] {
  const counts = new Map<string, number>();
  for (const { requestId } of answers) {
    if (requestId !== null) counts.set(requestId.source, (counts.get(requestId.source) ?? 0) + 1);
  }
  return [...counts].sort(([a, m], [b, n]) => n - m || a.localeCompare(b)).map(([source]) => source);
}

/** What a person does about each class of error. */
export const NEXT_STEP: Readonly<Record<ErrorClass, string>> = {
  invalid_key: "Set the gateway's key (input api-key, or GATEWAY_API_KEY) to one that the gateway knows.",
  disabled_key: "Enable the key in the gateway's console, or use another one.",
  insufficient_balance: "Top up the gateway's account; every request is refused until then.",
  key_quota: "Raise the key's quota in the gateway's console, or use another key.",
  rate_limited: 'Try again later; if it stays, ask for a higher rate limit before traffic moves.',
  model_not_found: 'Map the model to a name that the gateway serves (models: in the config).',
  bad_request:
    'The gateway does not take this request as the official API does; ask its operator, or do without the parameter.',
  context_length: "The gateway's model has a smaller context; choose another one.",
  content_filter: "The gateway's filter refused a harmless request; ask its operator.",
  timeout: 'The gateway or its upstream did not answer in time; try again, and compare with client.timeout.',
  overloaded: "The gateway or its upstream is overloaded; try again, and look at the platform's status page.",
  upstream_error:
    "The gateway's upstream failed; try again, and give the request id to the platform's support.",
  not_openai_shape: 'The answer is not of the form of the OpenAI API; check the base URL and the platform.',
  unreachable: 'The connection broke; try again, and check the network between here and the gateway.',
};
