/**
 * Does the gateway serve the same model, by the observer's own questions? Another model fails like a limit. One that is
 * nearer is a question to people, and so is not asked twice.
 */
import type { Measurement } from '../measure/measurement.ts';
import type { ProvedModel } from './question.ts';
import { clearProblems, raiseProblem, report, type Turn, withState } from './turn.ts';

const LOG10_WARNS = Math.log10(20);

/** What a window proves; null where it proves nothing. */
export function provedBy({ fidelity }: Measurement): ProvedModel['verdict'] | null {
  const { verdict } = fidelity ?? {};
  return verdict === 'other-model' || verdict === 'differs' ? verdict : null;
}

export function noteFidelity(turn: Turn, measurement: Measurement): Turn {
  const { fidelity } = measurement;
  if (fidelity === undefined) {
    const isWanted = (turn.config.measure?.fidelity_usd_per_day ?? null) !== null;
    return isWanted ? raiseProblem(turn, 'model_not_asked', '') : turn;
  }
  const { pairs, log10E } = fidelity;
  const verdict = provedBy(measurement);
  const evidence = `Evidence of ${Number((10 ** Math.min(log10E, 6)).toPrecision(2))} after ${pairs} pairs`;
  const asked = clearProblems(turn, (code) => code === 'model_not_asked');
  const seen = clearProblems(asked, (code) => code === 'model_suspected');
  if (verdict === null) return log10E < LOG10_WARNS ? seen : raiseProblem(asked, 'model_suspected', evidence);
  const known = seen.state.model?.verdict;
  if (known === verdict || known === 'other-model') return seen;
  const proved = withState(seen, { model: { verdict, isAccepted: false } });
  if (verdict === 'other-model') return proved;
  const data = { stage: turn.state.stage.label, pairs };
  return report(proved, 'model_differs', evidence, { code: 'model_differs', data });
}

/** A person asks to advance, or forces it. */
export function acceptModel(turn: Turn): Turn {
  const { model } = turn.state;
  if (model === null) return turn;
  const seen = clearProblems(turn, (code) => code === 'model_differs');
  return withState(seen, { model: { ...model, isAccepted: true } });
}
