/** Windows of production: added to the evidence of their stage, followed by a look. */
import { byArm } from '../config/arms.ts';
import type { RolloutStage } from '../config/schema.ts';
import { findStage, isShadow, SHADOW, sameStage } from '../config/stages.ts';
import { addSilence, isSilent, NO_SILENCE } from '../judge/health.ts';
import { isWithoutData } from '../judge/stage-setting.ts';
import { withCopies } from '../measure/add.ts';
import type { ArmCounts, Measurement } from '../measure/measurement.ts';
import { lookAndAct } from './act-on-look.ts';
import { isSourceProblem } from './current-look.ts';
import type { EventOf } from './event.ts';
import { noteFidelity } from './fidelity.ts';
import type { Point } from './incident.ts';
import type { Message } from './message.ts';
import { rollBack } from './moves.ts';
import { addPast, pastWindow } from './past-windows.ts';
import { stageOf } from './road.ts';
import { shareOfSlice } from './shares.ts';
import type { StageState } from './stage-state.ts';
import { isOver, isSteppedBack } from './state.ts';
import { addStored, spentIn, stageSumsIn } from './stored-counts.ts';
import { clearProblems, raiseProblem, report, type Turn, withStage, withState } from './turn.ts';

/** How far a window may end after now, as a fraction of the interval: clocks differ a little. */
const MOST_SKEW = 0.1;
const DEFAULT_INTERVAL = 900_000;
const POINTS_KEPT = 96;
/** From writing a share until every client has read it, in milliseconds. */
const MOST_DELAY = 600_000;

/**
 * A window counts once, for the stage that it names, and only if it began after the stage's traffic was written: a
 * window across that moment mixes two shares.
 */
export function onMeasured(turn: Turn, { measurement, isMore = false }: EventOf<'measured'>): Turn {
  const { state, now } = turn;
  const { measuredTo, traffic } = state.stage;
  const { window } = measurement;
  const stage = stageOf(turn);
  if (stage === null || isOver(state)) return turn;
  const named = findStage(turn.config.rollout.stages, measurement.stage);
  if (named === null || !sameStage(named, stage)) return turn;
  if (traffic.writtenAt === null || window.from < traffic.writtenAt || window.to <= window.from) return turn;
  if (measuredTo !== null && window.from < measuredTo) return turn;
  const interval = turn.config.measure?.interval ?? DEFAULT_INTERVAL;
  if (window.to > now + MOST_SKEW * interval) {
    const detail = `a window ends ${Math.ceil((window.to - now) / 1000)} s after now`;
    return lookAndAct(withFailedLook(turn, 'clock_skew', detail));
  }
  const isBack = state.status.kind === 'rolled-back' || isSteppedBack(state);
  const read = withStage(clearProblems(turn, isSourceProblem), {
    measuredTo: window.to,
    isBehind: isMore,
    consecutiveErrors: 0,
  });
  const seen = watchWhatEnded(read, measurement, isBack);
  if (isBack) return seen;
  const verified = traffic.verifiedAt !== null && window.from >= traffic.verifiedAt;
  const grown = noteFidelity(counted(seen, stage, measurement, verified), measurement);
  if (isShadow(stage) && isTooDear(grown))
    return rollBack(grown, { by: null, comment: null, reason: 'copies_cost', words: null, gap: null });
  return lookAndAct(grown, [{ measurement, verified }]);
}

const DAY = 86_400_000;

/** Whether the copies of the stage cost more than they may, on average over its days. */
function isTooDear({ config, state, now }: Turn): boolean {
  const { max_cost_usd: most } = config.rollout.shadow;
  const { total, traffic } = state.stage;
  const days = Math.max(1, (now - (traffic.writtenAt ?? now)) / DAY);
  return most !== null && (total.gateway?.cost.usd ?? 0) > most * days;
}

export function onMeasuringFailed(turn: Turn, { problem, detail }: EventOf<'measuring_failed'>): Turn {
  const { kind } = turn.state.status;
  if ((kind !== 'progressing' && kind !== 'paused') || isSteppedBack(turn.state)) return turn;
  return lookAndAct(withFailedLook(turn, problem, detail));
}

function withFailedLook(turn: Turn, problem: string, detail: string): Turn {
  const { consecutiveErrors } = turn.state.stage;
  const failed = withStage(turn, { consecutiveErrors: consecutiveErrors + 1 });
  return raiseProblem(clearProblems(failed, isSourceProblem), problem, detail);
}

/** Adds a window to what the rollout itself keeps of the stage; its evidence is the judge's. */
function counted(turn: Turn, stage: RolloutStage, measurement: Measurement, verified: boolean): Turn {
  const { state } = turn;
  const { traffic } = state.stage;
  const share = stage.kind === 'share' ? shareOfSlice(traffic.shares, stage.slice) : null;
  const { silence, points, past, total } = state.stage;
  const seen = isShadow(stage) ? withCopies(measurement) : measurement;
  // Before the traffic is verified, the gateway may not have any.
  const grown = share === null || share <= 0 || !verified ? NO_SILENCE : addSilence(silence, seen, share);
  const withoutData = verified && isWithoutData(seen, stage);
  const silent = isSilent(grown) || withoutData;
  const change: Partial<StageState> = {
    total: addStored(total, stageSumsIn(seen)),
    past: addPast(past, [pastWindow(measurement, stage)]),
    silence: { gateway: grown.gateway, official: grown.official },
    silentIntervals: silent ? state.stage.silentIntervals + 1 : 0,
    points: [...points, pointOf(seen)].slice(-POINTS_KEPT),
  };
  const added = withState(withStage(turn, change), { spent: addStored(state.spent, spentIn(measurement)) });
  if (!withoutData) return added;
  const arm = seen.arms.gateway === null ? 'gateway' : 'official';
  return raiseProblem(added, 'no_source_data', `the newest window has no data for the ${arm} arm`);
}

function watchWhatEnded(turn: Turn, { window, arms }: Measurement, isBack: boolean): Turn {
  const { tasks, copied } = arms.gateway ?? {};
  const still = isBack ? (tasks ?? 0) : 0;
  const about = `${still} tasks in the newest window`;
  const ofTasks = { code: 'gateway_still_has_traffic', data: { tasks: still } } as const;
  const seen = watchLeft(turn, window, still, ofTasks.code, about, ofTasks);
  const mayCopy = shareOfSlice(turn.state.stage.traffic.shares, SHADOW) > 0;
  const copies = mayCopy || !copied ? 0 : copied.priced + copied.unpriced;
  const alert = { alert: 'copies_not_stopped', detail: `${copies} copies in the newest window` };
  return watchLeft(seen, window, copies, alert.alert, alert.detail, { code: 'alert', data: alert });
}

/** Clients may need a while to see that a share is 0; after that, nothing may reach the gateway by it. */
function watchLeft(
  turn: Turn,
  window: Measurement['window'],
  count: number,
  code: string,
  detail: string,
  message: Message,
): Turn {
  if (count === 0) return clearProblems(turn, (each) => each === code);
  const { client } = turn.config;
  const { verifiedAt } = turn.state.stage.traffic;
  // A task that began before may still run.
  const longestTask = client.timeout * (1 + client.max_retries);
  if (verifiedAt === null || window.from < verifiedAt + longestTask + MOST_DELAY) return turn;
  return report(turn, code, detail, message);
}

function pointOf({ window, arms }: Measurement): Point {
  const counts = byArm((arm) => ({ tasks: arms[arm]?.tasks ?? 0, failed: arms[arm]?.failedTasks ?? 0 }));
  const rates = byArm((arm) => successRate(arms[arm]));
  return { at: window.to, ...rates, counts: { from: window.from, ...counts } };
}

/** Percent of the tasks; null where there were none, or where the source does not report them. */
function successRate(arm: ArmCounts | null): number | null {
  const { tasks = null, failedTasks = null } = arm ?? {};
  if (tasks === null || failedTasks === null || tasks === 0) return null;
  return (100 * (tasks - failedTasks)) / tasks;
}
