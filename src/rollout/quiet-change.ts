/** Measurements that decide nothing need no commit of their own: the next commit has their sums. */
import { isDeepEqual } from './deep-equal.ts';
import type { RolloutState } from './state.ts';

/** So much time of production at most is in no commit, in milliseconds. */
const LONGEST = 6 * 3_600_000;

/**
 * Whether one state leads to the other by measurements alone that changed no verdict, so that it can wait. A process that
 * dies loses nothing: the windows since the last commit are measured, or read from the newest artifact, again.
 */
export function isQuietChange(committed: RolloutState, next: RolloutState): boolean {
  const [from, to] = [committed.stage.measuredTo, next.stage.measuredTo];
  if (from === null || to === null || to <= from || to - from > LONGEST) return false;
  return isDeepEqual(kindsOf(committed), kindsOf(next)) && isDeepEqual(lastingOf(committed), lastingOf(next));
}

function kindsOf({ stage }: RolloutState) {
  return Object.entries(stage.verdicts ?? {}).map(([metric, { verdict }]) => [metric, verdict]);
}

/** What measurements alone do not change. */
function lastingOf({ applied: _applied, spent: _spent, road: _road, stage, ...state }: RolloutState) {
  const {
    evidence: _evidence,
    total: _total,
    past: _past,
    measuredTo: _measuredTo,
    isBehind: _isBehind,
    silence: _silence,
    silentIntervals: _silentIntervals,
    verdicts: _verdicts,
    notice: _notice,
    points: _points,
    ...lasting
  } = stage;
  return { ...state, stage: lasting };
}
