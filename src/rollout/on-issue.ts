/** What people do to the issue itself. */
import type { EventOf } from './event.ts';
import { pause, waitForPerson } from './pause.ts';
import { isOver, isRunning } from './state.ts';
import { addEffects, say, type Turn, withState } from './turn.ts';

/** Closing by hand pauses the rollout; traffic stays as it is. */
export function onIssueClosed(turn: Turn, { by }: EventOf<'issue_closed'>): Turn {
  return isRunning(turn.state)
    ? pause(turn, 'issue_closed', { by })
    : waitForPerson(turn, 'issue_closed', { by });
}

export function onIssueReopened(turn: Turn, { by }: EventOf<'issue_reopened'>): Turn {
  const { status, stage } = turn.state;
  if (status.kind !== 'paused' || status.reason !== 'issue_closed') return turn;
  return say(turn, { code: 'reopened', data: { stage: stage.label, by } });
}

/** Deleted or transferred: another issue is opened, and the rollout waits for `/resume-rollout`. */
export function onIssueGone(turn: Turn, { by }: EventOf<'issue_gone'>): Turn {
  const { state } = turn;
  if (isOver(state) || state.issue === null) return turn;
  const without = addEffects(withState(turn, { issue: null }), { kind: 'open_issue' });
  return isRunning(state) ? pause(without, 'issue_closed', { by }) : without;
}
