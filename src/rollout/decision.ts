/** The decision of one event, under stable codes: for the log, the metrics and the commit. */
import { type DecisionReason, rollbackCode } from './reason.ts';
import type { Decision } from './stage-decision.ts';
import { isSteppedBack, type RolloutState, type RolloutStatus } from './state.ts';

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
      reasonCode: WITHOUT_LOOK[after.status.kind] ?? 'nothing_due',
      ...about,
    }
  );
}

const WITHOUT_LOOK: { readonly [Kind in RolloutStatus['kind']]?: DecisionReason } = {
  paused: 'paused',
  'stepped-back': 'stepped_back',
};

function moveBetween(
  before: RolloutState,
  after: RolloutState,
  look: Decision | null,
): Pick<Decision, 'kind' | 'reasonCode'> | null {
  const isMet = look?.kind === 'advance' || look?.kind === 'complete';
  const forward = isMet ? 'gate_met' : 'forced';
  const { status, stage } = after;
  if (isSteppedBack(after) && stage.stepsBack.length > before.stage.stepsBack.length) {
    return { kind: 'step-back', reasonCode: 'stepped_back' };
  }
  if (isSteppedBack(before) && status.kind === 'progressing') {
    return { kind: 'advance', reasonCode: 'returned' };
  }
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
      case 'stepped-back':
      case 'progressing':
        if (before.status.kind === 'rolled-back') return { kind: 'advance', reasonCode: 'retried' };
    }
  }
  if (stage.watching && !before.stage.watching) return { kind: 'advance', reasonCode: forward };
  if (stage.index === before.stage.index || stage.enteredAt === before.stage.enteredAt) return null;
  return stage.index > before.stage.index
    ? { kind: 'advance', reasonCode: forward }
    : { kind: 'rollback', reasonCode: 'rolled_back_by_person' };
}
