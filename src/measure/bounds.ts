/**
 * Bounds for numbers from outside. A source reports what it likes, and the arm under test reports its own usage: one
 * absurd number must neither hide the failures beside it nor make sums impossible.
 */
import { ARMS, byArm } from '../config/arms.ts';
import type { ArmCounts, Measurement, Spending } from './measurement.ts';
import { type Money, NO_MONEY } from './money.ts';

/** US dollars that one arm can cost in one window. */
const MAX_USD = 1e6;
/** Tokens that one arm can use in one window: sums of 90,000 windows stay exact. */
const MAX_TOKENS = 1e11;
/** Tasks, attempts and the like of one arm in one window. */
const MAX_COUNT = 1e9;

export type BoundedMeasurement =
  | {
      readonly kind: 'bounded';
      readonly measurement: Measurement;
      /** Amounts that are left out, each as `arms.gateway.cost.usd is 1e+300`. Their tasks and failures count. */
      readonly leftOut: readonly string[];
    }
  /** Counts that cannot be: the whole measurement is refused. @example arms.gateway: 7 failed of 5 tasks */
  | { readonly kind: 'refused'; readonly problems: readonly string[] };

/** Absurd amounts of money become unpriced and absurd tokens unknown; counts that contradict each other are refused. */
export function boundMeasurement(measurement: Measurement): BoundedMeasurement {
  const problems: string[] = [];
  const leftOut: string[] = [];
  const bound = (counts: ArmCounts | null, path: string): ArmCounts | null => {
    if (counts === null) return null;
    const { copied, ...arm } = counts;
    const each = <Slice extends Spending & { readonly name: string }>(
      slices: readonly Slice[],
      key: string,
    ) => slices.map((slice, index) => boundSpending(slice, `${path}.${key}[${index}]`, leftOut));
    problems.push(...contradictionsIn(counts, path));
    const odd = arm.units?.find(({ tasks, failedTasks }) => failedTasks > tasks);
    if (odd) problems.push(`${path}.units: ${odd.failedTasks} failed of ${odd.tasks} tasks`);
    for (const [index, slice] of arm.byModel.entries()) {
      problems.push(...contradictionsIn(slice, `${path}.byModel[${index}]`));
    }
    return {
      ...boundSpending(arm, path, leftOut),
      byModel: each(arm.byModel, 'byModel'),
      byKey: each(arm.byKey, 'byKey'),
      byMember: each(arm.byMember, 'byMember'),
      ...(copied && { copied: boundMoney(copied, `${path}.copied`, leftOut) }),
    };
  };
  const arms = {
    official: bound(measurement.arms.official, 'arms.official'),
    gateway: bound(measurement.arms.gateway, 'arms.gateway'),
  };
  const pairs = measurement.pairs?.map((pair, index) => {
    const path = `pairs[${index}]`;
    problems.push(...ARMS.flatMap((arm) => contradictionsIn(pair[arm], `${path}.${arm}`)));
    return { ...pair, ...byArm((arm) => boundSpending(pair[arm], `${path}.${arm}`, leftOut)) };
  });
  if (problems.length > 0) return { kind: 'refused', problems };
  return { kind: 'bounded', measurement: { ...measurement, arms, ...(pairs && { pairs }) }, leftOut };
}

function boundSpending<Spent extends Spending>(spent: Spent, path: string, leftOut: string[]): Spent {
  const { tokens } = spent;
  const absurd =
    tokens && (['input', 'cachedInput', 'output'] as const).find((key) => tokens[key] > MAX_TOKENS);
  if (absurd) leftOut.push(`${path}.tokens.${absurd} is ${tokens[absurd]}`);
  // What the tokens cost is as absurd as they are.
  const bound = (key: 'cost' | 'retryCost' | 'atOfficialPrices') =>
    boundMoney(spent[key], `${path}.${key}`, leftOut, Boolean(absurd));
  return {
    ...spent,
    tokens: absurd ? null : tokens,
    cost: bound('cost'),
    retryCost: bound('retryCost'),
    atOfficialPrices: bound('atOfficialPrices'),
  };
}

function boundMoney(money: Money, path: string, leftOut: string[], isAbsurd = false): Money {
  const { usd, priced, unpriced } = money;
  if (usd <= MAX_USD && !isAbsurd) return money;
  if (usd > MAX_USD) leftOut.push(`${path}.usd is ${usd}`);
  return { usd: 0, priced: 0, unpriced: priced + unpriced };
}

type Counted = Omit<ArmCounts, 'byModel' | 'byKey' | 'byMember' | 'units'>;

function contradictionsIn(counts: Counted, path: string): string[] {
  const most = Math.max(
    ...[counts.tasks, counts.attempts, ...Object.values(counts.errorsByClass)].map((count) => count ?? 0),
    ...[...counts.latency, ...counts.ttft].map(({ count }) => count),
    ...[counts.cost, counts.retryCost, counts.atOfficialPrices, counts.copied ?? NO_MONEY].flatMap(
      ({ priced, unpriced }) => [priced, unpriced],
    ),
  );
  const parts = [
    ['failed', counts.failedTasks, 'tasks'],
    ['retried', counts.retriedTasks, 'tasks'],
    ['with a fallback', counts.fallbacks, 'tasks'],
    ['truncated', counts.truncated, 'tasks'],
    ['empty', counts.empty, 'tasks'],
    ['failed', counts.failedAttempts, 'attempts'],
  ] as const;
  return [
    ...(most > MAX_COUNT ? [`${path}: a count of ${most} in one window`] : []),
    // An unknown part is in any whole, and an unknown whole has any part.
    ...parts
      .filter(([, part, name]) => (part ?? 0) > (counts[name] ?? Infinity))
      .map(([what, part, name]) => `${path}: ${part} ${what} of ${counts[name]} ${name}`),
  ];
}
