import { describe, expect, it } from 'vitest';
import type { Limits } from '../../src/config/metrics.ts';
import { EMPTY_BASELINE } from '../../src/judge/baseline.ts';
import { addWindow, planStage } from '../../src/judge/evidence.ts';
import { freezeBaseline } from '../../src/judge/history.ts';
import { judge } from '../../src/judge/judge.ts';
import { readStage, writeStage } from '../../src/judge/kept.ts';
import type { Verdicts } from '../../src/judge/verdict.ts';
import type { ArmCounts, Measurement, UnitCounts } from '../../src/measure/measurement.ts';
import { binomial, normal, type Random, seeded } from '../support/random.ts';
import { arm, asked, gathered, judged, START, setting } from './measured.ts';

const DAY = 86_400_000;

interface Product {
  readonly users: number;
  readonly tasksPerDay: number;
  /** Of the users. */
  readonly share: number;
  readonly errors: number;
  /** One user in 20 meets half of all errors. */
  readonly prone: boolean;
  /** Added to the error rate of one gateway user in 50. */
  readonly extra: number;
}

interface User {
  readonly unit: string;
  readonly gateway: boolean;
  readonly tasksPerDay: number;
  readonly errors: number;
}

function usersOf(next: Random, { users, tasksPerDay, share, errors, prone, extra }: Product): User[] {
  const activity = Array.from({ length: users }, () => Math.exp(normal(next)));
  const all = activity.reduce((sum, each) => sum + each);
  return activity.map((each, index) => {
    const gateway = next() < share;
    const own = prone ? errors * (next() < 0.05 ? 10 : 10 / 19) : errors;
    const more = gateway && next() < 1 / 50 ? extra : 0;
    return { unit: `u${index}`, gateway, tasksPerDay: (tasksPerDay * each) / all, errors: own + more };
  });
}

/** The tasks of one arm in some days, of whom 8 % are slow; a failed task is slow too. */
function armIn(next: Random, users: readonly User[], days: number): ArmCounts {
  const units = users.flatMap(({ unit, tasksPerDay, errors }): UnitCounts[] => {
    const tasks = binomial(next, 10_000, (tasksPerDay * days) / 10_000);
    if (tasks === 0) return [];
    const failedTasks = binomial(next, tasks, Math.min(1, errors));
    const slow = failedTasks + binomial(next, tasks - failedTasks, 0.08);
    return [{ unit, tasks, failedTasks, slower: [tasks, tasks, tasks, tasks, slow, slow, failedTasks] }];
  });
  const of = (key: (unit: UnitCounts) => number) => units.reduce((sum, unit) => sum + key(unit), 0);
  const failed = of(({ failedTasks }) => failedTasks);
  const slow = of(({ slower }) => slower?.[4] ?? 0) - failed;
  return {
    ...arm(
      of(({ tasks }) => tasks),
      { failed, slow },
    ),
    units,
  };
}

/** Windows of a stage: a day each. */
function* windowsOf(product: Product, seed: number, days: number): Generator<Measurement> {
  const next = seeded(seed);
  const users = usersOf(next, product);
  const [ours, theirs] = [users.filter(({ gateway }) => gateway), users.filter(({ gateway }) => !gateway)];
  for (let day = 0; day < days; day += 1) {
    yield {
      schema: 1,
      window: { from: START + day * DAY, to: START + (day + 1) * DAY },
      stage: '25%',
      share: 100 * product.share,
      source: 'jsonl',
      arms: { gateway: armIn(next, ours, 1), official: armIn(next, theirs, 1) },
    };
  }
}

const DROP = asked({ success_rate: { max_drop: 1 } });

/** The first day whose look satisfies a condition; null for none. */
function firstDay(
  product: Product,
  seed: number,
  satisfies: (verdicts: Verdicts) => boolean,
  limits: Limits = DROP,
): number | null {
  let seen = gathered(setting(limits, { cluster: 'user' }), [], { ...EMPTY_BASELINE, slowBound: 1 });
  // Nothing passes after the last date.
  for (const window of windowsOf(product, seed, 9)) {
    seen = addWindow(seen, window);
    if (satisfies(judged(seen))) return seen.evidence.sinceVerified.windows;
  }
  return null;
}

const passes = (metric: keyof Limits) => (verdicts: Verdicts) => verdicts[metric]?.verdict === 'pass';

const USUAL: Product = {
  users: 2_000,
  tasksPerDay: 20_000,
  share: 0.25,
  errors: 0.005,
  prone: true,
  extra: 0,
};

describe('a sticky split of 20,000 tasks a day by 2,000 users', () => {
  it.each([
    [0.25, 0.001, 18],
    [0.25, 0.005, 17],
    [0.25, 0.02, 8],
    [0.5, 0.001, 18],
    [0.5, 0.005, 18],
    [0.5, 0.02, 16],
  ])('at a share of %f and %f errors is proven within 14 days', (share, errors, least) => {
    const days = Array.from({ length: 20 }, (_, seed) =>
      firstDay({ ...USUAL, share, errors }, seed + 1, passes('success_rate')),
    );
    expect(days.filter((day) => day !== null).length).toBeGreaterThanOrEqual(least);
    expect(days.every((day) => day === null || [2, 4, 9].includes(day))).toBe(true);
  });

  it('proves times, too', () => {
    const limits = asked({ slow_ratio: { max: 1.5 } });
    const days = Array.from({ length: 10 }, (_, seed) =>
      firstDay(USUAL, seed + 1, passes('slow_ratio'), limits),
    );
    expect(days.filter((day) => day !== null).length).toBeGreaterThanOrEqual(9);
  });
});

describe('a point more, all of it on one gateway user in 50', () => {
  it.each([0.05, 0.25, 0.5])('is hardly ever taken for equal, at a share of %f', (share) => {
    const product = { ...USUAL, share, prone: false, extra: 0.5, errors: 0.001 };
    const days = Array.from({ length: 20 }, (_, seed) => firstDay(product, seed + 1, passes('success_rate')));
    expect(days.filter((day) => day !== null).length).toBeLessThanOrEqual(3);
  });
});

it('says how many more users the next date needs, and when it is', () => {
  const few = { ...USUAL, users: 600, tasksPerDay: 6_000, errors: 0.001 };
  let seen = gathered(setting(DROP, { cluster: 'user' }), []);
  const said = [...windowsOf(few, 3, 10)].map((window) => {
    seen = addWindow(seen, window);
    return judged(seen).success_rate?.stillNeeded ?? null;
  });
  expect(said[0]?.time).toBe(DAY);
  expect(said[0]?.users).toBeGreaterThan(50);
  expect(said[2]?.time).toBe(DAY);
  expect(said[9]).toBe(null);
});

it('keeps users until the next look', () => {
  const { evidence } = gathered(setting(DROP, { cluster: 'user' }), [...windowsOf(USUAL, 1, 3)]);
  const { users, dates } = evidence.sinceVerified;
  expect(users?.gateway.length).toBeGreaterThan(400);
  expect(users?.official).toHaveLength(1_000);
  expect(readStage(JSON.parse(JSON.stringify(writeStage(evidence)))).sinceVerified).toMatchObject({
    users,
    dates,
  });
});

it('freezes limits as wide as the official users cluster', () => {
  const seen = gathered(setting(DROP, { cluster: 'user' }), [...windowsOf(USUAL, 1, 2)]);
  const { road } = judge(seen, '25%', { problems: [] });
  expect(road.clusters?.failures).toBeGreaterThan(1.2);
  const whole = setting(DROP, { cluster: 'user', official: 'history' });
  const baseline = freezeBaseline([...windowsOf(USUAL, 1, 2)], whole);
  const limitWith = (clusters: typeof road.clusters) =>
    planStage(whole, { ...baseline, clusters }).claims.find(({ kind }) => kind === 'frozen')?.limit ?? 0;
  expect(limitWith(road.clusters)).toBeLessThan(limitWith(undefined) - 0.005);
});
