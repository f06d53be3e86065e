/** Requests of the raw client, and what became of them. */
import type { Exchange, HttpResponse } from '../../src/gateway/exchange.ts';
import { createClient } from '../../src/gateway/http.ts';
import type { NoResponse } from '../../src/gateway/refusal.ts';

export const KEY = 'sk-test-0123456789abcdef';
/** A call that needs no body. */
export const LIST_MODELS = { method: 'GET', path: '/models', deadlineMs: 5_000 } as const;

export function answerOf(exchange: Exchange): HttpResponse {
  if (exchange.kind !== 'response') throw new Error(`no response: ${exchange.message}`);
  return exchange;
}

export function noResponseOf(exchange: Exchange): NoResponse {
  if (exchange.kind !== 'no-response') throw new Error(`a response with status ${exchange.status}`);
  return exchange;
}

export const get = (baseUrl: string, deadlineMs: number = LIST_MODELS.deadlineMs) =>
  createClient({ baseUrl, apiKey: KEY }).call({ ...LIST_MODELS, deadlineMs });
