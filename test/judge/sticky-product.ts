/** A product whose split is sticky by user, as it would be measured. */
import type { Limits } from '../../src/config/metrics.ts';
import { EMPTY_BASELINE } from '../../src/judge/baseline.ts';
import { addWindow } from '../../src/judge/evidence.ts';
import type { ArmCounts, Measurement, UnitCounts } from '../../src/measure/measurement.ts';
import { binomial, normal, type Random, seeded } from '../support/random.ts';
import { arm, gathered, judged, START, setting } from './measured.ts';

const DAY = 86_400_000;

/** What a sticky split is simulated for. */
export interface Product {
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

/** 20,000 tasks a day. */
export const USUAL: Product = {
  users: 2_000,
  tasksPerDay: 20_000,
  share: 0.25,
  errors: 0.005,
  prone: true,
  extra: 0,
};

/** Windows that end at the dates at which users prove limits. */
export const TO_EACH_DATE: readonly number[] = [2, 2, 5];

/** Windows of a stage, of so many days each. */
export function* windowsOf(product: Product, seed: number, spans: readonly number[]): Generator<Measurement> {
  const next = seeded(seed);
  const users = usersOf(next, product);
  const [ours, theirs] = [users.filter(({ gateway }) => gateway), users.filter(({ gateway }) => !gateway)];
  let from = START;
  for (const days of spans) {
    const to = from + days * DAY;
    yield {
      schema: 1,
      window: { from, to },
      stage: '25%',
      share: 100 * product.share,
      source: 'jsonl',
      arms: { gateway: armIn(next, ours, days), official: armIn(next, theirs, days) },
    };
    from = to;
  }
}

/** The days after which a metric first passes; null for none. */
export function passedAfter(
  product: Product,
  seed: number,
  limits: Limits,
  spans: readonly number[] = TO_EACH_DATE,
): number | null {
  const [metric] = Object.keys(limits) as (keyof Limits)[];
  let seen = gathered(setting(limits, { cluster: 'user' }), [], { ...EMPTY_BASELINE, slowBound: 1 });
  for (const window of windowsOf(product, seed, spans)) {
    seen = addWindow(seen, window);
    if (metric !== undefined && judged(seen)[metric]?.verdict === 'pass')
      return (window.window.to - START) / DAY;
  }
  return null;
}
