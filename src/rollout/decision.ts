/** The decision of one event, under stable codes: for the log, the metrics and the commit. */
import { rollbackCode } from './reason.ts';
import type { Decision } from './stage-decision.ts';
import type { RolloutState } from './state.ts';

/**
 * @param before null: the rollout starts
 * @param look the decision of the look, where the event led to one
 */
export function decisionOf(
  before: RolloutState | null,
  after: RolloutState,
  look: Decision | null,
): Decision {
  const about = { metrics: look?.metrics ?? [], missing: look?.missing ?? [] };
  const moved = before === null || before === after ? null : moveBetween(before, after, look);
  if (moved !== null) return { ...moved, ...about };
  return (
    look ?? {
      kind: 'hold',
      reasonCode: after.status.kind === 'paused' ? 'paused' : 'nothing_due',
      ...about,
    }
  );
}

function moveBetween(
  before: RolloutState,
  after: RolloutState,
  look: Decision | null,
): Pick<Decision, 'kind' | 'reasonCode'> | null {
  const isMet = look?.kind === 'advance' || look?.kind === 'complete';
  const forward = isMet ? 'gate_met' : 'forced';
  const { status, stage } = after;
  if (status.kind !== before.status.kind) {
    switch (status.kind) {
      case 'rolled-back':
        return { kind: 'rollback', reasonCode: rollbackCode(status.reason) };
      case 'aborted':
        return { kind: 'rollback', reasonCode: 'aborted_by_person' };
      case 'completed':
        return { kind: 'complete', reasonCode: forward };
      case 'paused':
        return { kind: 'pause', reasonCode: status.reason };
      case 'progressing':
        if (before.status.kind === 'rolled-back') return { kind: 'advance', reasonCode: 'retried' };
    }
  }
  if (stage.index === before.stage.index || stage.enteredAt === before.stage.enteredAt) return null;
  return stage.index > before.stage.index
    ? { kind: 'advance', reasonCode: forward }
    : { kind: 'rollback', reasonCode: 'rolled_back_by_person' };
}
