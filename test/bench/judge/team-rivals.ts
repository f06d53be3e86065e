/** What teams do without the judge, on the same production. */
import type { ArmCounts, Measurement } from '../../../src/measure/measurement.ts';
import { nearestNull } from './team-bounds.ts';
import { addHarm, type Harm, NO_HARM_DONE, Production } from './team-production.ts';
import { FIRST_SHARE_AT, QUARTER } from './team-rollout.ts';
import { DAY, type TeamWorld } from './team-worlds.ts';

export interface RivalRun {
  /** Of the traffic on the gateway, 0 to 1; 0 once it is taken back. */
  readonly share: number;
  readonly see: (arms: Measurement['arms'], hours: number) => void;
}

export interface Rival {
  readonly name: string;
  /** Milliseconds between two looks. */
  readonly every: number;
  readonly start: (world: TeamWorld) => RivalRun;
}

export interface RivalOutcome {
  /** Days to the rollback; null: none. */
  readonly backAt: number | null;
  readonly harm: Harm;
}

/** Once all traffic has moved nobody looks any more, and only the harm is counted. */
const UNWATCHED = DAY / 4;

export function runRival(
  rival: Rival,
  world: TeamWorld,
  days: number,
  seed: number,
  name: number,
): RivalOutcome {
  const production = new Production(world, FIRST_SHARE_AT, days + 1, seed, name);
  const run = rival.start(world);
  const end = FIRST_SHARE_AT + days * DAY;
  let harm = NO_HARM_DONE;
  for (let now = FIRST_SHARE_AT; now < end; ) {
    const { share } = run;
    const to = now + (share >= 1 ? UNWATCHED : rival.every);
    const produced = production.window(now, to, share);
    now = to;
    harm = addHarm(harm, produced.harm);
    if (share < 1) run.see(produced.arms, (now - FIRST_SHARE_AT) / 3_600_000);
    if (run.share === 0) return { backAt: (now - FIRST_SHARE_AT) / DAY, harm };
  }
  return { backAt: null, harm };
}

const STAGES = [0.05, 0.25, 0.5, 1] as const;
const Z_95 = 1.959964;
/** About 8 % of the official tasks are slower. */
const SLOW_BOUND = 9;

interface Sums {
  tasks: number;
  failed: number;
  slow: number;
  usd: number;
}

const noSums = (): Sums => ({ tasks: 0, failed: 0, slow: 0, usd: 0 });

function add(sums: Sums, arm: ArmCounts | null): void {
  if (arm === null) return;
  const tasks = arm.tasks ?? 0;
  sums.tasks += tasks;
  sums.failed += arm.failedTasks ?? 0;
  sums.slow += tasks - (arm.latency[SLOW_BOUND]?.count ?? tasks);
  sums.usd += arm.cost.usd;
}

/** A day at each of the default stages; what a stage has shown decides. */
function byStages(isBad: (gateway: Sums, official: Sums, isDayOver: boolean) => boolean): RivalRun {
  let [stage, isBack, gateway, official] = [0, false, noSums(), noSums()];
  return {
    get share() {
      return isBack ? 0 : (STAGES[stage] ?? 1);
    },
    see: (arms, hours) => {
      add(gateway, arms.gateway);
      add(official, arms.official);
      const isDayOver = hours >= 24 * (stage + 1);
      isBack = isBad(gateway, official, isDayOver);
      if (isDayOver) [stage, gateway, official] = [stage + 1, noSums(), noSums()];
    },
  };
}

/** Standard errors by which a rate is higher on the gateway, by a pooled two-proportion z-test. */
function zOf(gateway: Sums, official: Sums, key: 'failed' | 'slow'): number {
  const [k, n, m, o] = [gateway[key], gateway.tasks, official[key], official.tasks];
  const pooled = (k + m) / (n + o);
  const error = Math.sqrt(pooled * (1 - pooled) * (1 / n + 1 / o));
  return error > 0 ? (k / n - m / o) / error : 0;
}

const isWorse = (gateway: Sums, official: Sums) =>
  zOf(gateway, official, 'failed') > Z_95 || zOf(gateway, official, 'slow') > Z_95;

/** By hand: half as many failures again and 0.3 points more, half as many slow tasks again, or a tenth dearer. */
function looksBad(gateway: Sums, official: Sums): boolean {
  const rate = (sums: Sums, key: 'failed' | 'slow' | 'usd') => sums[key] / Math.max(1, sums.tasks);
  const [ours, theirs] = [rate(gateway, 'failed'), rate(official, 'failed')];
  return (
    (ours >= 1.5 * theirs && ours >= theirs + 0.003) ||
    rate(gateway, 'slow') >= 1.5 * rate(official, 'slow') ||
    rate(gateway, 'usd') >= 1.1 * rate(official, 'usd')
  );
}

/** Flagger's documented canary: every minute 5 % more up to 50 %, below 99 % success a strike, ten strikes. */
function flagger(): RivalRun {
  let [share, strikes] = [0.05, 0];
  return {
    get share() {
      return strikes >= 10 ? 0 : share;
    },
    see: ({ gateway }) => {
      const rate = successOf(gateway);
      // A minute without traffic would be a strike: charitably, it is none.
      if (rate === null) return;
      if (rate < 0.99) strikes += 1;
      else share = share >= 0.5 ? 1 : share + 0.05;
    },
  };
}

/** Argo Rollouts' documented canary: 20 % more every 10 minutes; beside it every 5 minutes ≥ 95 % success, three may fail. */
function argo(): RivalRun {
  let [looks, failures] = [0, 0];
  return {
    get share() {
      return failures > 3 ? 0 : Math.min(1, 0.2 * (1 + Math.floor(looks / 2)));
    },
    see: ({ gateway }) => {
      looks += 1;
      if ((successOf(gateway) ?? 1) < 0.95) failures += 1;
    },
  };
}

function successOf(arm: ArmCounts | null): number | null {
  const { tasks, failedTasks } = arm ?? { tasks: 0, failedTasks: 0 };
  return tasks === null || tasks === 0 ? null : 1 - (failedTasks ?? 0) / tasks;
}

/**
 * Knows both rates: a sequential probability ratio test against the nearest pair of rates with a ratio of 1.1. No valid
 * method can be much quicker.
 */
function oracle({ errors, fault }: TeamWorld): RivalRun {
  const truth = { official: errors, gateway: fault.errors(errors, fault.from) };
  let ln = 0;
  let [stage, isBack] = [0, false];
  return {
    get share() {
      return isBack ? 0 : (STAGES[stage] ?? 1);
    },
    see: (arms, hours) => {
      const from = nearestNull(truth, STAGES[stage] ?? 1);
      for (const arm of ['gateway', 'official'] as const) {
        const { tasks, failedTasks } = arms[arm] ?? { tasks: 0, failedTasks: 0 };
        const [n, k] = [tasks ?? 0, failedTasks ?? 0];
        ln += k * Math.log(truth[arm] / from[arm]) + (n - k) * Math.log((1 - truth[arm]) / (1 - from[arm]));
      }
      isBack = ln >= Math.log(1 / 0.05);
      if (hours >= 24 * (stage + 1)) stage += 1;
    },
  };
}

const DAILY = DAY;
const MINUTE = 60_000;

export const TEAM_RIVALS: readonly Rival[] = [
  { name: 'z-test at every look', every: QUARTER, start: () => byStages(isWorse) },
  { name: 'z-test once a day', every: DAILY, start: () => byStages(isWorse) },
  { name: 'Flagger', every: MINUTE, start: flagger },
  { name: 'Argo Rollouts', every: 5 * MINUTE, start: argo },
  { name: 'a person, once a day', every: DAILY, start: () => byStages(looksBad) },
];

export const ORACLE: Rival = { name: 'oracle SPRT', every: QUARTER, start: oracle };
