/**
 * How many tasks the judge takes for one claim, beside other valid methods and beside what no method can beat: the
 * information bound `ln(1/α) / KL`, where KL is the divergence of the truth from the nearest pair of rates on the limit.
 */
import { eventRatio, rateDifference } from '../../../src/judge/comparisons.ts';
import { ratioEvidence } from '../../../src/judge/event-ratio.ts';
import { addSums, type Sums } from '../../../src/judge/method.ts';
import { DECAYING, type Evidence, FACTORS, FLAT, lnMixture } from '../../../src/judge/mixture.ts';
import { addRates, expectedRate, type OfficialRates } from '../../../src/judge/official-rate.ts';
import { twoRateEvidence } from '../../../src/judge/two-rates.ts';
import { EMPTY_ARM } from '../../../src/measure/measurement.ts';
import { binomial, seeded } from '../../support/random.ts';
import { median, type Row } from '../row.ts';
import { ALPHA, PRODUCTION_STAGES } from './questions.ts';

const inOne = ({ outside, within }: Evidence): Sums => [...outside, ...within];

interface Case {
  readonly name: string;
  readonly factor: number;
  readonly points: number;
  /** Rates of an event, and the gateway's share of the tasks. */
  readonly official: number;
  readonly gateway: number;
  readonly share: number;
  readonly asks: 'pass' | 'fail';
  /** Official tasks that were measured before. */
  readonly baseline: number;
}

export interface Efficiency extends Case {
  /** Median gateway tasks of the judge, and of the best rival. */
  readonly tasks: number;
  readonly best: number;
  readonly bound: number;
}

const CLAIMS = [
  {
    name: 'success_rate max_drop 1',
    factor: 1,
    points: 0.01,
    rates: [0.001, 0.005, 0.01, 0.02],
    harms: [1.5, 2.5],
  },
  { name: 'error_ratio 2', factor: 2, points: 0, rates: [0.001, 0.005, 0.01, 0.02], harms: [1.5, 2.5] },
  { name: 'slow_ratio 1.5', factor: 1.5, points: 0, rates: [0.08], harms: [1.37, 1.86] },
];

function casesOf(full: boolean): readonly Case[] {
  const baselines = full ? [3_000, 0] : [3_000];
  return baselines.flatMap((baseline) =>
    CLAIMS.flatMap(({ name, factor, points, rates, harms }) =>
      [0.05, 0.25, 0.5].flatMap((share) =>
        (full ? rates : rates.slice(-2)).flatMap((official) => {
          const about = { name, factor, points, official, share, baseline };
          const bad = harms.map((harm) => harm * (factor * official + points));
          return [
            { ...about, gateway: official, asks: 'pass' as const },
            ...bad.map((gateway) => ({ ...about, gateway, asks: 'fail' as const })),
          ];
        }),
      ),
    ),
  );
}

/**
 * The level as used, in the first of four stages: all but the quick alarm's tenth, by the process of the road and that
 * of the stage, which are the same here; those of the other stages are 1.
 */
const LN_FAIL = Math.log(
  (1 / (0.9 * ALPHA) - (PRODUCTION_STAGES - 1) / (2 * PRODUCTION_STAGES)) /
    (1 / 2 + 1 / (2 * PRODUCTION_STAGES)),
);
const LN_PASS = -Math.log(ALPHA);

/** @param rollouts of each case */
export function measureEfficiency(full: boolean, rollouts: number): readonly Efficiency[] {
  return casesOf(full).map((each) => {
    const enough = each.asks === 'fail' ? LN_FAIL : LN_PASS;
    const bound = enough / divergence(each);
    const seen = Array.from({ length: rollouts }, (_, seed) => tasksUntil(each, seed + 1, bound, enough));
    const [tasks = Number.NaN, ...rivals] = (seen[0] ?? []).map((_, method) =>
      median(seen.map((rollout) => rollout[method] ?? Number.POSITIVE_INFINITY)),
    );
    return { ...each, tasks, best: Math.min(...rivals), bound };
  });
}

const WINDOWS_TO_BOUND = 40;
const FARTHEST = 12;

const eventsOf = (counts: { failedTasks: number | null; tasks: number | null }) => {
  return { events: counts.failedTasks ?? 0, tasks: counts.tasks ?? 0 };
};

/** Gateway tasks until each method proves it: first the judge, then the rivals. */
function tasksUntil(each: Case, seed: number, bound: number, enough: number): readonly number[] {
  const random = seeded(seed, 77);
  const n = Math.max(5, Math.round(bound / WINDOWS_TO_BOUND));
  const theirs = Math.round((n * (1 - each.share)) / each.share);
  const armWith = (tasks: number, rate: number) => {
    return { ...EMPTY_ARM, tasks, failedTasks: binomial(random, tasks, rate) };
  };
  const rate = (rates: OfficialRates, tasks: number) =>
    tasks === 0
      ? rates
      : addRates(rates, [{ gateway: null, official: armWith(tasks, each.official) }], eventsOf);
  let rates = rate([], each.baseline);
  let [sums, joint, conditional]: Sums[] = [[], [], []];
  const found: number[] = [];
  for (let window = 1; window <= FARTHEST * WINDOWS_TO_BOUND; window += 1) {
    const stratum = { gateway: armWith(n, each.gateway), official: armWith(theirs, each.official) };
    const count = { gateway: eventsOf(stratum.gateway), official: eventsOf(stratum.official) };
    const method = methodOf(each, rates);
    sums = addSums(sums ?? [], method.contribution([stratum]));
    joint = addSums(joint ?? [], inOne(twoRateEvidence(count, expectedRate(rates, null), each)));
    if (each.points === 0) conditional = addSums(conditional ?? [], inOne(ratioEvidence(count, each.factor)));
    rates = addRates(rates, [stratum], eventsOf);
    const level = { alpha: Math.exp(-enough), concentration: 1 };
    const judged = each.asks === 'fail' ? method.isViolated(sums, level, 1) : method.isWithin(sums, level, 1);
    const rivals = [...lnRivals(joint, each.asks), ...lnRivals(conditional ?? [], each.asks)];
    for (const [index, proven] of [judged, ...rivals.map((ln) => ln >= enough)].entries()) {
      if (proven) found[index] ??= window * n;
    }
    if (Object.keys(found).length === rivals.length + 1) break;
  }
  return Array.from({ length: 7 }, (_, index) => found[index] ?? Number.POSITIVE_INFINITY);
}

function methodOf({ factor, points }: Case, rates: OfficialRates) {
  return points > 0 ? rateDifference(eventsOf, points, rates) : eventRatio(eventsOf, factor, rates);
}

const log = (weights: readonly number[]) => weights.map(Math.log);
const HALF = log([0.5, ...FLAT.map((each) => each / 2)]);
/** Small effects likelier; all alike; and half of the weight on the arms being equal, which only a pass can bet on. */
const PRIORS = { fail: [log(DECAYING), log(FLAT)], pass: [log([0, ...DECAYING]), log([0, ...FLAT]), HALF] };

/** `ln E` of one process with each of the three priors. */
function lnRivals(logs: Sums, asks: Case['asks']): readonly number[] {
  if (logs.length === 0) return [];
  return PRIORS[asks].map((weights) => lnMixture(logs, asks === 'fail' ? 0 : FACTORS, weights, 1));
}

/** Of one gateway task with its official ones, from the nearest pair of rates on the limit; by golden section. */
function divergence({ factor, points, official, gateway, share }: Case): number {
  const others = (1 - share) / share;
  const from = (q: number) => kl(gateway, factor * q + points) + others * kl(official, q);
  let [low, high] = [1e-9, Math.min(1, (1 - points) / factor) - 1e-9];
  for (let round = 0; round < 200; round += 1) {
    const [a, b] = [low + (high - low) / 3, high - (high - low) / 3];
    if (from(a) < from(b)) high = b;
    else low = a;
  }
  return from((low + high) / 2);
}

function kl(p: number, q: number): number {
  return p * Math.log(p / q) + (1 - p) * Math.log((1 - p) / (1 - q));
}

/** Above so many tasks the bound is approached; below, whole windows and the alternatives cost more. */
const MANY = 300;

export function efficiencyRows(all: readonly Efficiency[], full: boolean): Row[] {
  return all.flatMap((each) => {
    const { name, official, gateway, share, asks, tasks, best, bound, baseline } = each;
    const percent = (rate: number) => `${Number((100 * rate).toPrecision(3))} %`;
    const what = `${asks} ${name}, ${percent(official)} → ${percent(gateway)}, ${percent(share)}${baseline > 0 ? '' : ', no baseline'}`;
    const most = baseline > 0 ? (bound > MANY ? 1.6 : 2) : bound > MANY ? 2 : 2.4;
    return [
      { what: `${what}: ÷ best rival`, value: tasks / best, unit: '', limit: full ? 1.3 : 1.6 },
      {
        what: `${what}: ÷ information bound`,
        value: tasks / bound,
        unit: '',
        limit: full ? most : 1.5 * most,
      },
    ];
  });
}

export function efficiencyTable(all: readonly Efficiency[]): string {
  const percent = (rate: number) => Number((100 * rate).toPrecision(3));
  const rows = all.map(({ name, official, gateway, share, asks, tasks, best, bound, baseline }) =>
    [
      `${asks} \`${name}\`, ${percent(official)} → ${percent(gateway)} %`,
      `${percent(share)} %`,
      baseline === 0 ? 'none' : baseline.toLocaleString('en'),
      Math.round(bound),
      Math.round(tasks),
      (tasks / best).toFixed(2),
      (tasks / bound).toFixed(2),
    ].join(' | '),
  );
  return [
    '| one claim | share | baseline | bound | the judge | ÷ best rival | ÷ bound |',
    '| --- | ---: | ---: | ---: | ---: | ---: | ---: |',
    ...rows.map((row) => `| ${row} |`),
  ].join('\n');
}
