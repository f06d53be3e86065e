/** The outcome of effects: done, failed, or reported later by the system behind a target. */

import { lookAndAct } from './act-on-look.ts';
import { type Effect, MOST_TRIES, type PendingEffect } from './effect.ts';
import type { EventOf } from './event.ts';
import { pauseIfRunning, resumeAfter } from './pause.ts';
import {
  addEffects,
  clearProblems,
  hasProblem,
  raiseProblem,
  report,
  say,
  type Turn,
  withState,
} from './turn.ts';
import { hasDrift, markVerified, markWritten, withTarget } from './write-traffic.ts';

export function onEffectDone(turn: Turn, { id, verified, run }: EventOf<'effect_done'>): Turn {
  const done = turn.state.pending.find((each) => each.id === id);
  if (done === undefined) return turn;
  const left = withoutPending(turn, done);
  const { effect } = done;
  return effect.kind === 'write_traffic'
    ? lookAndAct(markWritten(left, effect.target, verified === true, run))
    : clearProblems(left, (code) => code === notDone(effect));
}

/** The loser of a race sees a different `takenAt` and does nothing. */
export function onEffectTaken(turn: Turn, { id, takenAt }: EventOf<'effect_taken'>): Turn {
  const { state, now } = turn;
  const free = state.pending.find((each) => each.id === id && each.takenAt === takenAt);
  if (free === undefined || takenAt === now) return turn;
  const taken = { ...free, takenAt: now };
  return withState(turn, { pending: state.pending.map((each) => (each === free ? taken : each)) });
}

export function onIssueOpened(turn: Turn, { issue }: EventOf<'issue_opened'>): Turn {
  const { state } = turn;
  if (state.issue !== null) return turn;
  const pending = state.pending.filter(({ effect }) => effect.kind !== 'open_issue');
  const cleared = clearProblems(turn, (code) => code === notDone({ kind: 'open_issue' }));
  const opened = withState(cleared, { issue, pending, asked: null });
  if (state.asked === null || state.asked.issue === issue) return opened;
  const message = { code: 'started', data: { issue } } as const;
  return addEffects(opened, { kind: 'comment', message, issue: state.asked.issue });
}

export function onEffectFailed(turn: Turn, { id, detail, final }: EventOf<'effect_failed'>): Turn {
  const failed = turn.state.pending.find((each) => each.id === id);
  if (failed === undefined) return turn;
  const { effect } = failed;
  const tries = failed.tries + 1;
  const given = final || tries >= MOST_TRIES;
  switch (effect.kind) {
    case 'write_traffic':
      if (effect.purpose === 'rollback')
        return reportRollbackFailure(withTries(turn, failed), effect.target, detail, tries);
      if (!given) return withTries(turn, failed);
      return refuseTraffic(withoutPending(turn, failed), effect.target, detail);
    case 'open_issue':
      return raiseProblem(withTries(turn, failed), notDone(effect), detail);
    default:
      return given
        ? raiseProblem(withoutPending(turn, failed), notDone(effect), detail)
        : withTries(turn, failed);
  }
}

/** The problem code of an effect that failed; cleared when an effect of that kind succeeds. */
function notDone({ kind }: Pick<Effect, 'kind'>): string {
  return `not_done:${kind}`;
}

export function onTrafficReported(turn: Turn, event: EventOf<'traffic_reported'>): Turn {
  const { generation, targets, purpose } = turn.state.stage.traffic;
  const { target, outcome, detail } = event;
  const known = targets[target];
  // Reports of an older generation, or about a write that never happened, do not count.
  if (event.generation !== generation || (known !== 'written' && known !== 'failed')) return turn;
  if (outcome === 'verified') return lookAndAct(markVerified(turn, target));
  if (known === 'failed') return turn;
  if (purpose !== 'rollback') return refuseTraffic(turn, target, detail);
  // The next tick writes it again; an immediate retry would only fail again.
  return reportRollbackFailure(withTarget(turn, target, 'failed'), target, detail, 1);
}

export function onTrafficDrifted(turn: Turn, { target, found }: EventOf<'traffic_drifted'>): Turn {
  const { traffic, label } = turn.state.stage;
  // A target that is being written may still hold its old value.
  if (traffic.targets[target] !== 'verified') return turn;
  const held = pauseIfRunning(turn, 'traffic_drifted');
  const data = { target, stage: label, found };
  return report(held, `traffic_drifted:${target}`, found, { code: 'traffic_drifted', data });
}

export function onTrafficRestored(turn: Turn, { target }: EventOf<'traffic_restored'>): Turn {
  const code = `traffic_drifted:${target}`;
  if (!hasProblem(turn.state, code)) return turn;
  const cleared = clearProblems(turn, (each) => each === code);
  const data = { target, stage: turn.state.stage.label };
  const announced = say(cleared, { code: 'traffic_restored', data });
  return hasDrift(announced) ? announced : resumeAfter(announced, 'traffic_drifted');
}

/** The target cannot be written: the rollout pauses. */
function refuseTraffic(turn: Turn, target: number, detail: string): Turn {
  const { label, traffic } = turn.state.stage;
  const failed = withTarget(turn, target, 'failed');
  if (traffic.purpose === 'probe') {
    const refused = { code: 'start_refused_by_target', data: { target, detail }, mention: true } as const;
    const seen = raiseProblem(failed, 'traffic_not_written', detail);
    return say(pauseIfRunning(seen, 'start_refused'), refused);
  }
  const paused = pauseIfRunning(failed, 'traffic_not_written');
  const data = { target, stage: label, detail };
  return report(paused, 'traffic_not_written', detail, { code: 'traffic_not_written', data });
}

/** Comments at the first failure, then at the 10th, the 100th and so on. */
function reportRollbackFailure(turn: Turn, target: number, detail: string, tries: number): Turn {
  const known = hasProblem(turn.state, 'rollback_not_written');
  const seen = raiseProblem(turn, 'rollback_not_written', detail);
  const isDue = tries === 1 ? !known : Number.isInteger(Math.log10(tries));
  if (!isDue) return seen;
  return say(seen, { code: 'rollback_not_written', data: { target, detail, tries }, mention: true });
}

function withTries(turn: Turn, failed: PendingEffect): Turn {
  const pending = turn.state.pending.map((each) =>
    each.id === failed.id ? { ...each, tries: each.tries + 1 } : each,
  );
  return withState(turn, { pending });
}

function withoutPending(turn: Turn, done: PendingEffect): Turn {
  return withState(turn, { pending: turn.state.pending.filter((each) => each.id !== done.id) });
}
