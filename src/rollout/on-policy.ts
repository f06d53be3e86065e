/** The policy of the config: when a team may not migrate at all. */
import type { EventOf } from './event.ts';
import { pauseIfRunning, resumeAfter } from './pause.ts';
import { clearProblems, raiseProblem, say, type Turn } from './turn.ts';
import { isStarting, writeTraffic } from './write-traffic.ts';

/** Why the policy forbids the rollout; empty where it does not. */
export function policyRefusals({ state }: Turn): readonly string[] {
  const problem = state.problems.find(({ code }) => code === 'policy');
  return problem === undefined ? [] : problem.detail.split('\n');
}

/** The policy was checked again. It stops a rollout that has not started, and lets one start that it stopped before. */
export function onPolicyChecked(turn: Turn, { refusals }: EventOf<'policy_checked'>): Turn {
  if (refusals.length > 0) return isStarting(turn) ? refuseByPolicy(turn, refusals) : turn;
  if (policyRefusals(turn).length === 0) return turn;
  const cleared = clearProblems(turn, (code) => code === 'policy');
  const allowed = resumeAfter(cleared, 'policy');
  const { status, stage } = allowed.state;
  return status.kind === 'progressing' ? writeTraffic(allowed, stage.traffic.shares, 'probe') : allowed;
}

/** Pauses before the first target is written, and says why. */
export function refuseByPolicy(turn: Turn, refusals: readonly string[]): Turn {
  const detail = refusals.map((refusal) => refusal.replaceAll(/\s*\n\s*/g, ' ')).join('\n');
  const refused = raiseProblem(turn, 'policy', detail);
  if (refused === turn) return turn;
  const paused = pauseIfRunning(refused, 'policy');
  const data = { refusals: [...refusals] };
  return say(paused, { code: 'start_refused_by_policy', data, mention: true });
}
