/** What the App observes around the rollout: checks of the gate, alerts, and what people do to the issue itself. */

import { lookAndAct } from './act-on-look.ts';
import { isDeepEqual } from './deep-equal.ts';
import type { EventOf } from './event.ts';
import { pause, waitForPerson } from './pause.ts';
import { stageOf } from './road.ts';
import type { NamedChecks } from './stage-state.ts';
import { isOver, isRunning } from './state.ts';
import {
  addEffects,
  clearProblems,
  hasProblem,
  report,
  say,
  type Turn,
  withStage,
  withState,
} from './turn.ts';

/** Only those that the current gate names are kept. */
export function onChecksChanged(turn: Turn, event: EventOf<'checks_changed'>): Turn {
  const { stage } = turn.state;
  const gate = stageOf(turn)?.gate;
  const checks = {
    workflows: merged(stage.checks.workflows, event.workflows, gate?.workflows ?? []),
    checks: merged(stage.checks.checks, event.checks, gate?.checks ?? []),
  };
  return isDeepEqual(checks, stage.checks) ? turn : lookAndAct(withStage(turn, { checks }));
}

type States = NamedChecks['workflows'];

function merged(known: States, news: States, names: readonly string[]): States {
  const states = new Map([...Object.entries(known), ...Object.entries(news)]);
  return Object.fromEntries(
    names.flatMap((name) => {
      const state = states.get(name);
      return state === undefined ? [] : [[name, state]];
    }),
  );
}

export function onAlert(turn: Turn, { code, detail }: EventOf<'alert'>): Turn {
  return report(turn, code, detail, { code: 'alert', data: { alert: code, detail } });
}

export function onAlertGone(turn: Turn, { code }: EventOf<'alert_gone'>): Turn {
  if (!hasProblem(turn.state, code)) return turn;
  const cleared = clearProblems(turn, (each) => each === code);
  return say(cleared, { code: 'alert_gone', data: { alert: code } });
}

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
