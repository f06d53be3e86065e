import type { Feature } from '../../config/features.ts';
import type { Exchange, HttpResponse } from '../../gateway/exchange.ts';
import { classOf, notServed, reason, requestIdOf } from '../exchanges.ts';
import { type Finding, ok, type Probe, problem } from '../probe.ts';
import { missingRoute, type ProbeRequest } from '../requests.ts';

/**
 * Endpoints whose presence is all that can be asked without spending: lists are read, and what would create
 * something gets an empty request that an existing endpoint refuses by its own error.
 */
const ENDPOINTS: readonly {
  readonly feature: Feature;
  readonly id: string;
  readonly request: ProbeRequest;
}[] = [
  { feature: 'completions', id: 'endpoint.completions', request: emptyPost('/completions') },
  { feature: 'images', id: 'endpoint.images', request: emptyPost('/images/generations') },
  { feature: 'audio', id: 'endpoint.audio', request: emptyPost('/audio/speech') },
  { feature: 'moderations', id: 'endpoint.moderations', request: emptyPost('/moderations') },
  { feature: 'files', id: 'endpoint.files', request: list('/files') },
  { feature: 'batches', id: 'endpoint.batches', request: list('/batches') },
  {
    feature: 'assistants',
    id: 'endpoint.assistants',
    request: list('/assistants', { 'openai-beta': 'assistants=v2' }),
  },
  {
    feature: 'vector_stores',
    id: 'endpoint.vector_stores',
    request: list('/vector_stores', { 'openai-beta': 'assistants=v2' }),
  },
  { feature: 'fine_tuning', id: 'endpoint.fine_tuning', request: list('/fine_tuning/jobs') },
  {
    feature: 'realtime',
    id: 'endpoint.realtime',
    request: emptyPost('/realtime/client_secrets', { session: { type: 'none' } }),
  },
];

export const endpointProbes: readonly Probe[] = ENDPOINTS.map(({ feature, id, request }) => ({
  id,
  severity: 'block',
  needs: 'key',
  phase: 'request',
  features: [feature],
  skipReason: ({ plan }) => (plan.features.includes(feature) ? null : 'The endpoint is not used.'),
  async run({ send }) {
    const [exchange, control] = await Promise.all([send(request), send(missingRoute(request.method))]);
    return judgePresence(request, exchange, control);
  },
}));

function judgePresence(request: ProbeRequest, exchange: Exchange, control: Exchange): Finding {
  const { method } = request;
  const path = request.path.replace(/\?.*$/, '');
  if (exchange.kind === 'no-response') return notServed(`${method} ${path}`, exchange);
  const requestId = requestIdOf(exchange);
  if (isMissing(exchange, control)) {
    return problem(
      `The gateway has no ${path}: ${reason(exchange)}`,
      'The parts of the product that use it must stay on the official API, or do without it.',
      { requestId },
    );
  }
  const failing = classOf(exchange);
  if (failing === 'upstream_error' || failing === 'overloaded' || failing === 'timeout')
    return notServed(`${method} ${path}`, exchange);
  return ok(
    `${path} is there (${exchange.refusal === null ? `HTTP ${exchange.status}` : 'it refuses an empty request by its own error'}).`,
    {
      requestId,
    },
  );
}

/** A missing route answers as a route does that certainly does not exist: the same status, the same words. */
function isMissing(answer: HttpResponse, control: Exchange): boolean {
  if (answer.refusal === null) return false;
  if ([404, 405, 501].includes(answer.status) || answer.refusal.class === 'not_openai_shape') return true;
  if (control.kind !== 'response' || control.refusal === null || control.status !== answer.status)
    return false;
  const words = (text: string) => text.replace(/\S*\/\S*/g, '').toLowerCase();
  return (
    words(control.refusal.message) === words(answer.refusal.message) &&
    control.refusal.code === answer.refusal.code
  );
}

function emptyPost(path: string, body: Readonly<Record<string, unknown>> = {}): ProbeRequest {
  return { method: 'POST', path, body };
}

function list(path: string, headers?: Readonly<Record<string, string>>): ProbeRequest {
  return { method: 'GET', path: `${path}?limit=1`, ...(headers === undefined ? {} : { headers }) };
}
