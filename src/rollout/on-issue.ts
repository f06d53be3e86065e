/** What people do to the issue itself. */
import type { EventOf } from './event.ts';
import { pause, standStill } from './standing.ts';
import { cause, isOver, say, type Turn, withState } from './turn.ts';

/** Closing by hand pauses; traffic stays as it is. */
export function onIssueClosed(turn: Turn, { by }: EventOf<'issue_closed'>): Turn {
  const { status } = turn.state;
  if (status.kind === 'progressing') return pause(turn, 'issue_closed', { by });
  if (status.kind !== 'paused' || status.reason === 'issue_closed') return turn;
  // What would end by itself now waits for a person.
  const endsByItself = status.reason === 'traffic_drifted' || status.reason === 'policy';
  return endsByItself ? standStill(turn, 'issue_closed', { by }) : turn;
}

export function onIssueReopened(turn: Turn, { by }: EventOf<'issue_reopened'>): Turn {
  const { status, stage } = turn.state;
  if (status.kind !== 'paused' || status.reason !== 'issue_closed') return turn;
  return say(turn, { code: 'reopened', data: { stage: stage.label, by } });
}

/** Deleted or transferred: another issue is opened, and a person says when to go on. */
export function onIssueGone(turn: Turn, { by }: EventOf<'issue_gone'>): Turn {
  const { state } = turn;
  if (isOver(state) || state.issue === null) return turn;
  const without = cause(withState(turn, { issue: null }), { kind: 'open_issue' });
  return state.status.kind === 'progressing' ? pause(without, 'issue_closed', { by }) : without;
}
