/**
 * An incident is not the end. A gateway may have a bad hour as rarely as the official API has one, so an alarm of the
 * last hours alone takes the traffic back for a while; then the stage continues with all its evidence.
 */

import { isInAdvanceWindow } from './advance-window.ts';
import type { Gap } from './gap.ts';
import { incidentIn } from './incident.ts';
import { type Initiator, NO_TRAFFIC } from './moves.ts';
import { pause } from './pause.ts';
import { stageOf } from './road.ts';
import { NO_SHARES, sharesAt } from './shares.ts';
import { record, say, type Turn, withStage, withStatus } from './turn.ts';
import { hasDrift, isRollingBack, writeTraffic } from './write-traffic.ts';

/** How long the traffic stays away, in milliseconds. */
export const TIME_AWAY = 3 * 3_600_000;

/** Takes the traffic back to 0 % for a while. A rollout that is paused waits for a person instead. */
export function stepBack(turn: Turn, gap: Gap): Turn {
  const { now, state } = turn;
  const { label, points, stepsBack } = state.stage;
  const incident = incidentIn(points);
  const until = state.status.kind === 'paused' ? null : now + TIME_AWAY;
  const left = withStage(turn, { stepsBack: [...stepsBack, now], approvals: [] });
  const away = withStatus(
    left,
    until === null
      ? { kind: 'paused', reason: 'stepped_back', since: now }
      : { kind: 'stepped-back', since: now, until, incident },
  );
  const written = writeTraffic(away, NO_SHARES, 'rollback', 'kept');
  const recorded = record(written, 'stepped_back', { from: label, to: NO_TRAFFIC });
  return say(recorded, { code: 'stepped_back', data: { stage: label, until, incident, gap }, mention: true });
}

/** On a tick: the time is over. The share returns by itself only where it may also advance by itself. */
export function returnWhenDue(turn: Turn): Turn {
  const { status, brokenConfig } = turn.state;
  const { advance, advance_window: window } = turn.config.rollout;
  if (status.kind !== 'stepped-back' || turn.now < status.until || isRollingBack(turn)) return turn;
  if (stageOf(turn) === null) return pause(turn, 'stage_gone');
  // Both are shown on the issue, and end by themselves.
  if (brokenConfig !== null || hasDrift(turn)) return turn;
  const isAllowed = advance === 'automatic' && isInAdvanceWindow(window, turn.now);
  if (!isAllowed) return pause(turn, 'stepped_back');
  return returnShare(withStatus(turn, { kind: 'progressing' }), { by: null, comment: null });
}

/** Writes the share of the stage again. */
export function returnShare(turn: Turn, { by, comment }: Initiator): Turn {
  const { stages, holdback } = turn.config.rollout;
  const { index, label } = turn.state.stage;
  const written = writeTraffic(turn, sharesAt(stages, index, holdback), 'advance', 'kept');
  const recorded = record(written, 'returned', { by, comment, from: NO_TRAFFIC, to: label });
  return say(recorded, { code: 'returned', data: { stage: label, by } });
}
