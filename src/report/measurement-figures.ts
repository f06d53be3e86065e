/** The figures of measurements, for all places where they are shown: both arms side by side, and who spent what. */
import type { ArmCounts, SpenderSlice } from '../measure/measurement.ts';
import type { ArmSummary, Arms, Quantiles, Span } from '../measure/overview.ts';
import { milliseconds, money, percent, UNKNOWN, usd, whole } from './amounts.ts';

/** One line of the table with both arms. */
export interface Figure {
  readonly label: string;
  readonly official: string;
  readonly gateway: string;
}

/** The figures that stand side by side; those that no arm knows are left out. */
export function armFigures({ official, gateway }: Arms): Figure[] {
  return LINES.map(([label, figureOf]) => ({
    label,
    official: official === null ? UNKNOWN : figureOf(official),
    gateway: gateway === null ? UNKNOWN : figureOf(gateway),
  })).filter((line) => line.official !== UNKNOWN || line.gateway !== UNKNOWN);
}

const LINES: readonly (readonly [label: string, figureOf: (arm: ArmSummary) => string])[] = [
  ['Tasks', ({ counts }) => known(counts.tasks)],
  ['Failed tasks', ({ counts }) => known(counts.failedTasks)],
  ['Success rate', successRate],
  ['Errors', ({ counts }) => errors(counts)],
  ['Time of a task, p50', ({ latency }) => quantile(latency, 'p50')],
  ['Time of a task, p95', ({ latency }) => quantile(latency, 'p95')],
  ['Time of a task, p99', ({ latency }) => quantile(latency, 'p99')],
  ['First token, p50', ({ ttft }) => quantile(ttft, 'p50')],
  ['First token, p95', ({ ttft }) => quantile(ttft, 'p95')],
  ['Requests', ({ counts }) => known(counts.attempts)],
  ['Failed requests', ({ counts }) => known(counts.failedAttempts)],
  ['Tried on the other arm', ({ counts }) => known(counts.fallbacks)],
  ['Cut off by the token limit', ({ counts }) => known(counts.truncated)],
  ['Empty results', ({ counts }) => known(counts.empty)],
  ['Input tokens', ({ counts: { tokens } }) => known(tokens?.input)],
  ['… of them cached', ({ counts: { tokens } }) => known(tokens?.cachedInput)],
  ['Output tokens', ({ counts: { tokens } }) => known(tokens?.output)],
  ['Cost', ({ counts }) => money(counts.cost)],
  ['… at official prices', ({ counts }) => money(counts.atOfficialPrices)],
  ['Cost of retries', ({ counts }) => money(counts.retryCost)],
  ['Cost per task', costPerTask],
];

/** Percent, or what stands for not knowing it. */
export function successRate({ successRate: value }: ArmSummary): string {
  return value === null ? UNKNOWN : percent(value);
}

export function costPerTask({ costPerTask: value }: ArmSummary): string {
  return value === null ? UNKNOWN : usd(value);
}

/** `≤ 1.26 s`: counts in buckets know no more. */
export function quantile(quantiles: Quantiles | null, which: keyof Quantiles): string {
  if (quantiles === null) return UNKNOWN;
  const seconds = quantiles[which];
  return seconds === Infinity ? 'above every bound' : `≤ ${milliseconds(1000 * seconds)}`;
}

const MOST_ERRORS = 4;

function errors({ errorsByClass }: ArmCounts): string {
  const classes = Object.entries(errorsByClass).sort(([a, n], [b, m]) => m - n || (a < b ? -1 : 1));
  if (classes.length === 0) return UNKNOWN;
  const shown = classes.slice(0, MOST_ERRORS).map(([name, count]) => `${name} ${whole(count)}`);
  const more = classes.length - shown.length;
  return [...shown, ...(more > 0 ? [`${more} more`] : [])].join(', ');
}

function known(value: number | null | undefined): string {
  return value === null || value === undefined ? UNKNOWN : whole(value);
}

/** A model, a key or a member, on both arms. */
export interface Spender {
  readonly name: string;
  /** Tasks and cost of each arm, then what the gateway's tokens would cost at official prices. */
  readonly figures: readonly string[];
}

export const SPENDER_COLUMNS = [
  'Official tasks',
  'Official cost',
  'Gateway tasks',
  'Gateway cost',
  'Gateway at official prices',
] as const;

export const SPENDERS = [
  { by: 'byModel', noun: 'model' },
  { by: 'byKey', noun: 'key' },
  { by: 'byMember', noun: 'member' },
] as const;

type Slice = Pick<SpenderSlice, 'name' | 'tasks' | 'cost' | 'atOfficialPrices'>;

/** The dearest first; equal ones by name. Empty where the source tells none apart. */
export function spendersOf({ official, gateway }: Arms, by: (typeof SPENDERS)[number]['by']): Spender[] {
  const slices = (arm: ArmSummary | null): ReadonlyMap<string, Slice> =>
    new Map((arm?.counts[by] ?? []).map((slice: Slice) => [slice.name, slice]));
  const [atOfficial, atGateway] = [slices(official), slices(gateway)];
  const costOf = (name: string) =>
    (atOfficial.get(name)?.cost.usd ?? 0) + (atGateway.get(name)?.cost.usd ?? 0);
  return [...new Set([...atOfficial.keys(), ...atGateway.keys()])]
    .sort((a, b) => costOf(b) - costOf(a) || (a < b ? -1 : 1))
    .map((name) => {
      const [left, right] = [atOfficial.get(name), atGateway.get(name)];
      const figures = [
        known(left?.tasks),
        left ? money(left.cost) : UNKNOWN,
        known(right?.tasks),
        right ? money(right.cost) : UNKNOWN,
        right ? money(right.atOfficialPrices) : UNKNOWN,
      ];
      return { name, figures };
    });
}

/** One line for each stage: tasks, success rate, p95 and cost per task of both arms. */
export const STAGE_COLUMNS = [
  'Official tasks',
  'Gateway tasks',
  'Official success',
  'Gateway success',
  'Official p95',
  'Gateway p95',
  'Official cost per task',
  'Gateway cost per task',
] as const;

export function stageFigures({ arms }: Span): string[] {
  const both = (figureOf: (arm: ArmSummary) => string) =>
    [arms.official, arms.gateway].map((arm) => (arm === null ? UNKNOWN : figureOf(arm)));
  return [
    ...both(({ counts }) => known(counts.tasks)),
    ...both(successRate),
    ...both(({ latency }) => quantile(latency, 'p95')),
    ...both(costPerTask),
  ];
}
