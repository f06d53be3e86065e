/** Rollback by command, and the retry after it. */
import { findStage, firstProductionStage } from '../config/stages.ts';
import type { Command } from './command.ts';
import type { CommandEvent } from './event.ts';
import type { Message } from './message.ts';
import { blockedByConfig, enterStage, NO_TRAFFIC, rollBack, rollBackTo } from './moves.ts';
import { confirm, initiatorOf, refuse, refuseAsImpossible } from './reply.ts';
import { stageOf } from './road.ts';
import { sharesAt, wouldRaise } from './shares.ts';
import { NEW_ROAD, record, say, type Turn, withState, withStatus } from './turn.ts';
import { isRollingBack } from './write-traffic.ts';

type Rollback = Extract<Command, { kind: 'rollback' }>;

/** Works from everywhere except after an abort, which has taken the traffic back already. */
export function onRollback(turn: Turn, event: CommandEvent, { to, reason: words }: Rollback): Turn {
  const { status } = turn.state;
  if (status.kind === 'aborted') return refuseAsImpossible(turn, event, 'rollback');
  const initiator = { ...initiatorOf(event), words };
  const toNothing = () => confirm(rollBack(turn, { ...initiator, reason: 'by_person', gap: null }), event);
  if (to === null || to.replace(/\s*%$/, '') === '0') return toNothing();
  const { stages } = turn.config.rollout;
  const meant = findStage(stages, to);
  const index = meant === null ? -1 : stages.indexOf(meant);
  const earlier = earlierStages(turn);
  if (earlier.includes(index)) return confirm(rollBackTo(turn, index, initiator), event);
  // The stage that was meant is unknown: 0 % is right in any case.
  return say(toNothing(), unreachable(turn, to, earlier));
}

/** From the first stage that moves traffic, or from an earlier one that was not passed yet. */
export function onRetry(turn: Turn, event: CommandEvent): Turn {
  const { state, config } = turn;
  if (state.status.kind !== 'rolled-back') return refuseAsImpossible(turn, event, 'retry');
  if (isRollingBack(turn)) return refuseAsImpossible(turn, event, 'retry', 'rollback_running');
  const { stages } = config.rollout;
  const first = firstProductionStage(stages);
  const index = first === null ? 0 : Math.min(state.stage.index, stages.indexOf(first));
  const label = stages[index]?.label ?? state.stage.label;
  if (state.brokenConfig !== null) return refuse(turn, event, blockedByConfig(turn, label));
  const running = withStatus(withState(turn, NEW_ROAD), { kind: 'progressing' });
  const entered = enterStage(running, index);
  const recorded = record(entered, 'retried', { ...initiatorOf(event), from: NO_TRAFFIC, to: label });
  return confirm(say(recorded, { code: 'retried', data: { stage: label, by: event.by } }), event);
}

/** Stages that a rollback can reach: earlier ones that raise no share above its current value. */
function earlierStages(turn: Turn): readonly number[] {
  const { state, config } = turn;
  const { stages, holdback } = config.rollout;
  const isBefore = (index: number) => stageOf(turn) === null || index < state.stage.index;
  return stages.flatMap((_, index) =>
    isBefore(index) && !wouldRaise(state.stage.traffic.shares, sharesAt(stages, index, holdback))
      ? [index]
      : [],
  );
}

function unreachable({ config, state }: Turn, asked: string, earlier: readonly number[]): Message {
  const labels = earlier.flatMap((index) => config.rollout.stages[index]?.label ?? []);
  return { code: 'rollback_target_refused', data: { asked, stage: state.stage.label, earlier: labels } };
}
