import type { Feature } from '../../config/features.ts';
import type { Answer, Exchange } from '../../gateway/exchange.ts';
import { classOf, notServed, reason, requestIdOf } from '../answers.ts';
import { type Finding, ok, type Probe, problem } from '../probe.ts';
import { missingRoute, type Question } from '../questions.ts';

/**
 * Endpoints whose presence is all that can be asked without spending: lists are read, and what would create
 * something gets an empty request that an existing endpoint refuses by its own error.
 */
const ENDPOINTS: readonly { readonly feature: Feature; readonly id: string; readonly question: Question }[] =
  [
    { feature: 'completions', id: 'endpoint.completions', question: emptyPost('/completions') },
    { feature: 'images', id: 'endpoint.images', question: emptyPost('/images/generations') },
    { feature: 'audio', id: 'endpoint.audio', question: emptyPost('/audio/speech') },
    { feature: 'moderations', id: 'endpoint.moderations', question: emptyPost('/moderations') },
    { feature: 'files', id: 'endpoint.files', question: list('/files') },
    { feature: 'batches', id: 'endpoint.batches', question: list('/batches') },
    {
      feature: 'assistants',
      id: 'endpoint.assistants',
      question: list('/assistants', { 'openai-beta': 'assistants=v2' }),
    },
    {
      feature: 'vector_stores',
      id: 'endpoint.vector_stores',
      question: list('/vector_stores', { 'openai-beta': 'assistants=v2' }),
    },
    { feature: 'fine_tuning', id: 'endpoint.fine_tuning', question: list('/fine_tuning/jobs') },
    {
      feature: 'realtime',
      id: 'endpoint.realtime',
      question: emptyPost('/realtime/client_secrets', { session: { type: 'none' } }),
    },
  ];

export const endpointProbes: readonly Probe[] = ENDPOINTS.map(({ feature, id, question }) => ({
  id,
  severity: 'block',
  needs: 'key',
  phase: 'ask',
  features: [feature],
  notConcerned: ({ plan }) => (plan.features.includes(feature) ? null : 'The endpoint is not used.'),
  async run({ ask }) {
    const [exchange, control] = await Promise.all([ask(question), ask(missingRoute(question.method))]);
    return judgePresence(question, exchange, control);
  },
}));

function judgePresence(question: Question, exchange: Exchange, control: Exchange): Finding {
  const { method } = question;
  const path = question.path.replace(/\?.*$/, '');
  if (exchange.kind === 'no-answer') return notServed(`${method} ${path}`, exchange);
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
function isMissing(answer: Answer, control: Exchange): boolean {
  if (answer.refusal === null) return false;
  if ([404, 405, 501].includes(answer.status) || answer.refusal.class === 'not_openai_shape') return true;
  if (control.kind !== 'answer' || control.refusal === null || control.status !== answer.status) return false;
  const words = (text: string) => text.replace(/\S*\/\S*/g, '').toLowerCase();
  return (
    words(control.refusal.message) === words(answer.refusal.message) &&
    control.refusal.code === answer.refusal.code
  );
}

function emptyPost(path: string, body: Readonly<Record<string, unknown>> = {}): Question {
  return { method: 'POST', path, body };
}

function list(path: string, headers?: Readonly<Record<string, string>>): Question {
  return { method: 'GET', path: `${path}?limit=1`, ...(headers === undefined ? {} : { headers }) };
}
