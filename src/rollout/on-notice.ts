/** What the App observes around the rollout: checks of the gate, and alerts. */

import { lookAndAct } from './act-on-look.ts';
import { isDeepEqual } from './deep-equal.ts';
import type { EventOf } from './event.ts';
import { stageOf } from './road.ts';
import type { NamedChecks } from './stage-state.ts';
import { clearProblems, hasProblem, raiseProblem, say, type Turn, withStage } from './turn.ts';

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
  const seen = raiseProblem(turn, code, detail);
  if (hasProblem(turn.state, code)) return seen;
  return say(seen, { code: 'alert', data: { alert: code, detail }, mention: true });
}

export function onAlertGone(turn: Turn, { code }: EventOf<'alert_gone'>): Turn {
  if (!hasProblem(turn.state, code)) return turn;
  const cleared = clearProblems(turn, (each) => each === code);
  return say(cleared, { code: 'alert_gone', data: { alert: code } });
}
