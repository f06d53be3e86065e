/**
 * The judge on simulated rollouts, beside the rules that people loop: how often each rolls a healthy gateway back,
 * how often the judge passes one that stands at its limit, and how many tasks a real regression takes.
 * `--full` simulates 2,000 rollouts of 400 looks a row (an hour or two), without it 20.
 */
import type { Limits } from '../../src/config/metrics.ts';
import { EMPTY_BASELINE } from '../../src/judge/baseline.ts';
import type { StageSetting } from '../../src/judge/claims.ts';
import { addWindow, noEvidence, planStage } from '../../src/judge/evidence.ts';
import { judge } from '../../src/judge/judge.ts';
import { EVERY_MODEL } from '../../src/judge/strata.ts';
import type { Measurement } from '../../src/measure/measurement.ts';
import { normal, type Random, seeded } from './judge/random.ts';
import { loopedMannWhitney, loopedZTest, strikes } from './judge/rivals.ts';
import { runTrial, type Trial, type TrialSetup } from './judge/trial.ts';
import { type Harm, NO_HARM, type Weather, type World, windowsOf } from './judge/world.ts';
import { median, type Row } from './row.ts';

const LOOKS = 400;
const ALPHA = 0.05;
const QUARTER = 900_000;
const HOUR = 3_600_000;

const RIVALS = [
  { name: 'looped z-test', start: loopedZTest },
  { name: 'strikes (99 %, 5 of 20 windows)', start: () => strikes() },
  { name: 'looped Mann-Whitney', start: loopedMannWhitney },
];

const steady = (errors: number) => () => (): Weather => ({ tasks: 1000, share: 0.05, errors, slowness: 1 });

/** The share drifts from 3 to 7 %; now and then both arms have a bad hour: ten times the errors, slower answers. */
const driftAndBursts = (errors: number) => (random: Random) => {
  let burst = 0;
  return (window: number): Weather => {
    burst = random() < 0.02 ? 4 : Math.max(0, burst - 1);
    const share = 0.03 + (0.04 * window) / LOOKS;
    const bad = burst > 0;
    return { tasks: 1000, share, errors: bad ? 10 * errors : errors, slowness: bad ? 1.6 : 1 };
  };
};

/** Rates that wander over days: the logarithm goes up and down by about 1. */
const wandering = (errors: number) => (random: Random) => {
  let level = 0;
  return (): Weather => {
    level = 0.99 * level + 0.14 * normal(random);
    const rate = Math.min(0.3, errors * Math.exp(level));
    return { tasks: 1000, share: 0.05, errors: rate, slowness: Math.exp(level / 5) };
  };
};

const world = (weather: World['weather'], more: Partial<World> = {}): World => ({
  windowMs: QUARTER,
  weather,
  retries: false,
  sticky: false,
  ...more,
});

const ONE_PERCENT = 0.01;
const WORLDS = [
  { name: 'independent tasks', world: world(steady(ONE_PERCENT)) },
  { name: 'share drifts, bursts on both arms', world: world(driftAndBursts(ONE_PERCENT)) },
  { name: 'retries', world: world(steady(ONE_PERCENT), { retries: true }) },
  { name: 'sticky users', world: world(steady(ONE_PERCENT), { sticky: true }) },
  { name: 'rates that wander', world: world(wandering(ONE_PERCENT)) },
];

const METRICS = [
  { name: 'error_ratio', limit: { max: 2 }, atLimit: { errors: (rate: number) => 2 * rate } },
  { name: 'success_rate', limit: { max_drop: 1 }, atLimit: { errors: (rate: number) => rate + 0.01 } },
  // A failed task is slow, so failures grow with the slow ones.
  { name: 'slow_ratio', limit: { max: 1.5 }, atLimit: { slow: 1.5, errors: (rate: number) => 1.5 * rate } },
  { name: 'latency_p95', limit: { max_increase: 50 }, atLimit: { latency: 1.5 } },
  { name: 'cost_per_task', limit: { max_increase: 20 }, atLimit: { cost: 1.2 } },
] as const;

/** @param full 2,000 rollouts a row */
export async function benchJudge(full: boolean): Promise<readonly Row[]> {
  const rollouts = full ? 2_000 : 20;
  return [
    ...WORLDS.flatMap((each) => falseAlarms(each, rollouts)),
    ...WORLDS.flatMap((each) => falsePasses(each, rollouts)),
    ...detections(rollouts),
    lateFailure(rollouts),
    ...healthyPasses(rollouts),
    speed(),
  ];
}

type NamedWorld = (typeof WORLDS)[number];

/** Equal arms, and all metrics watched together. */
function falseAlarms({ name, world }: NamedWorld, rollouts: number): Row[] {
  const metrics = limitsOf(METRICS);
  const trials = simulate(rollouts, {
    metrics,
    world,
    rivals: RIVALS.map(({ start }) => start),
    until: 'fail',
  });
  return [
    share(`false alarms, ${name}: the judge, five metrics`, trials, ({ failed }) => failed, true),
    ...RIVALS.map((rival, index) =>
      share(`… ${rival.name}`, trials, ({ rivals }) => rivals[index] ?? null, false),
    ),
  ];
}

/** A gateway that stands exactly at one limit. */
function falsePasses({ name, world }: NamedWorld, rollouts: number): Row[] {
  return METRICS.map((metric) => {
    const harm = { ...NO_HARM, ...metric.atLimit };
    const trials = simulate(rollouts, { metrics: limitsOf([metric]), world, harm, until: 'pass' });
    return share(`false passes at the limit, ${name}: ${metric.name}`, trials, ({ passed }) => passed, true);
  });
}

const REGRESSIONS = [
  {
    name: 'errors 1 → 2 %, error_ratio 1.5',
    limits: { error_ratio: { max: 1.5 } },
    harm: { errors: (rate: number) => 2 * rate },
  },
  {
    name: 'errors 1 → 5 %, error_ratio 2',
    limits: { error_ratio: { max: 2 } },
    harm: { errors: (rate: number) => 5 * rate },
  },
  { name: 'latency + 50 %, slow_ratio 1.5', limits: { slow_ratio: { max: 1.5 } }, harm: { latency: 1.5 } },
] as const;

function detections(rollouts: number): Row[] {
  const [calm] = WORLDS;
  if (calm === undefined) return [];
  return REGRESSIONS.flatMap(({ name, limits, harm }) => {
    const rivals = RIVALS.map(({ start }) => start);
    const setup = { metrics: asked(limits), world: calm.world, harm: { ...NO_HARM, ...harm }, rivals };
    const trials = simulate(rollouts, { ...setup, until: 'fail' });
    return [
      middle(`tasks to catch ${name}: the judge`, trials, ({ failed }) => failed),
      ...RIVALS.map((rival, index) =>
        middle(`… ${rival.name}`, trials, ({ rivals }) => rivals[index] ?? null),
      ),
    ];
  });
}

const GOOD_HOURS = 13 * 24;

/** Thirteen healthy days, then three tasks in ten fail. */
function lateFailure(rollouts: number): Row {
  const harm = { ...NO_HARM, errors: () => 0.3, from: GOOD_HOURS };
  const hourly = world(steady(ONE_PERCENT), { windowMs: HOUR });
  const trials = simulate(rollouts, {
    metrics: asked({ error_ratio: { max: 2 } }),
    world: hourly,
    harm,
    until: 'fail',
  });
  // Fifty tasks an hour are on the gateway.
  const hours = (tasks: number) => tasks / 50 - GOOD_HOURS;
  return {
    ...middle('hours to catch 30 % errors after 13 healthy days, 50 tasks an hour', trials, ({ failed }) =>
      failed === null ? null : hours(failed),
    ),
    limit: 4,
  };
}

function healthyPasses(rollouts: number): Row[] {
  const [calm] = WORLDS;
  if (calm === undefined) return [];
  return METRICS.map((metric) => {
    const trials = simulate(rollouts, { metrics: limitsOf([metric]), world: calm.world, until: 'pass' });
    return middle(`tasks until a healthy gateway passes: ${metric.name}`, trials, ({ passed }) => passed);
  });
}

const SIX: Limits = asked({
  success_rate: { min: 97, max_drop: 1 },
  error_ratio: { max: 2 },
  slow_ratio: { max: 1.5 },
  latency_p95: { max_increase: 50 },
  cost_ratio: { max: 1.05 },
  cost_per_task: { max_increase: 20 },
});

/** Windows added and judged, late in a stage, when the quick alarm looks back over 48 hours. */
function speed(): Row {
  const windows: Measurement[] = [];
  for (const window of windowsOf(world(steady(ONE_PERCENT)), NO_HARM, seeded(1))) {
    if (windows.push(window) === 2 * LOOKS) break;
  }
  let plan = planStage(settingOf(SIX, 'task'), EMPTY_BASELINE);
  let evidence = noEvidence(plan);
  let startedAt = 0;
  for (const [index, window] of windows.entries()) {
    if (index === LOOKS) startedAt = performance.now();
    ({ plan, evidence } = addWindow(evidence, plan, window));
    judge(
      plan,
      { sinceWritten: evidence, sinceVerified: evidence },
      { problems: [], units: { gateway: [], official: [] } },
    );
  }
  const value = ((performance.now() - startedAt) * 1000) / LOOKS;
  return { what: 'one look with six metrics', value, unit: ' µs', limit: 500 };
}

interface Simulation {
  readonly metrics: Limits;
  readonly world: World;
  readonly harm?: Harm;
  readonly rivals?: TrialSetup['rivals'];
  readonly until: TrialSetup['until'];
}

function simulate(
  rollouts: number,
  { metrics, world, harm = NO_HARM, rivals = [], until }: Simulation,
): Trial[] {
  const setting = settingOf(metrics, world.sticky ? 'user' : 'task');
  const setup: TrialSetup = { setting, world, harm, looks: LOOKS, rivals, until };
  return Array.from({ length: rollouts }, (_, index) => runTrial(setup, 1 + index));
}

function settingOf(metrics: Limits, cluster: 'task' | 'user'): StageSetting {
  return {
    gate: { metrics, min_tasks: 500 },
    productionStages: 4,
    confidence: 100 * (1 - ALPHA),
    cluster,
    models: EVERY_MODEL,
    official: 'concurrent',
  };
}

function limitsOf(metrics: readonly { readonly name: string; readonly limit: object }[]): Limits {
  return asked(Object.fromEntries(metrics.map(({ name, limit }) => [name, limit])));
}

function asked(limits: Readonly<Record<string, object>>): Limits {
  return Object.fromEntries(
    Object.entries(limits).map(([name, limit]) => [name, { guard: false, optional: false, ...limit }]),
  );
}

/** How often it came, in percent; what must stay at most α may be above it by the chance of so few rollouts. */
function share(
  what: string,
  trials: readonly Trial[],
  of: (trial: Trial) => number | null,
  bound: boolean,
): Row {
  const came = trials.filter((trial) => of(trial) !== null).length;
  const chance = 2.5 * Math.sqrt((ALPHA * (1 - ALPHA)) / trials.length);
  return {
    what,
    value: (100 * came) / trials.length,
    unit: ' %',
    limit: bound ? 100 * (ALPHA + chance) : null,
  };
}

/** The median; Infinity where less than half ever came. */
function middle(what: string, trials: readonly Trial[], of: (trial: Trial) => number | null): Row {
  const values = trials.map((trial) => of(trial) ?? Number.POSITIVE_INFINITY);
  return { what, value: median(values), unit: '', limit: null };
}
