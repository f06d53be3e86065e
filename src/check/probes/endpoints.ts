import type { Feature } from '../../config/features.ts';
import type { Exchange, HttpResponse } from '../../gateway/exchange.ts';
import { classOf, notServed, reason, requestIdOf } from '../exchanges.ts';
import { ok, type Probe, type ProbeFinding, problem } from '../probe.ts';
import { missingRoute, type ProbeRequest } from '../requests.ts';

/**
 * Endpoints that can only be tested for existence without cost: lists are read, and what would create something gets
 * an empty request, which an existing endpoint refuses with its own error.
 */
const ENDPOINTS: readonly (readonly [feature: Feature, request: ProbeRequest])[] = [
  ['completions', emptyPost('/completions')],
  ['images', emptyPost('/images/generations')],
  ['audio', emptyPost('/audio/speech')],
  ['moderations', emptyPost('/moderations')],
  ['files', list('/files')],
  ['batches', list('/batches')],
  ['assistants', list('/assistants', { 'openai-beta': 'assistants=v2' })],
  ['vector_stores', list('/vector_stores', { 'openai-beta': 'assistants=v2' })],
  ['fine_tuning', list('/fine_tuning/jobs')],
  ['realtime', emptyPost('/realtime/client_secrets', { session: { type: 'none' } })],
];

export const endpointProbes: readonly Probe[] = ENDPOINTS.map(([feature, request]) => ({
  id: `endpoint.${feature}`,
  severity: 'block',
  needs: 'key',
  features: [feature],
  skipReason: ({ plan }) => (plan.features.includes(feature) ? null : 'The endpoint is not used.'),
  async run({ send }) {
    const [exchange, control] = await Promise.all([send(request), send(missingRoute(request.method))]);
    return judgePresence(request, exchange, control);
  },
}));

function judgePresence(request: ProbeRequest, exchange: Exchange, control: Exchange): ProbeFinding {
  const path = request.path.replace(/\?.*$/, '');
  const failing = classOf(exchange);
  if (exchange.kind === 'no-response') return notServed(`${request.method} ${path}`, exchange);
  const requestId = requestIdOf(exchange);
  if (isMissing(exchange, control)) {
    return problem(
      `The gateway has no ${path}: ${reason(exchange)}`,
      'Code that uses it must stay on the official API, or do without it.',
      { requestId },
    );
  }
  if (failing === 'upstream_error' || failing === 'overloaded' || failing === 'timeout')
    return notServed(`${request.method} ${path}`, exchange);
  const seen =
    exchange.refusal === null ? `HTTP ${exchange.status}` : 'it refuses an empty request with its own error';
  return ok(`${path} exists (${seen}).`, { requestId });
}

/** Whether the endpoint responds like a route that certainly does not exist: the same status, the same words. */
function isMissing(response: HttpResponse, control: Exchange): boolean {
  const { refusal, status } = response;
  if (refusal === null) return false;
  if ([404, 405, 501].includes(status) || refusal.class === 'not_openai_shape') return true;
  if (control.kind !== 'response' || control.refusal === null || control.status !== status) return false;
  const words = (text: string) => text.replace(/\S*\/\S*/g, '').toLowerCase();
  return words(control.refusal.message) === words(refusal.message) && control.refusal.code === refusal.code;
}

function emptyPost(path: string, body: Readonly<Record<string, unknown>> = {}): ProbeRequest {
  return { method: 'POST', path, body };
}

function list(path: string, headers?: Readonly<Record<string, string>>): ProbeRequest {
  return { method: 'GET', path: `${path}?limit=1`, ...(headers === undefined ? {} : { headers }) };
}
