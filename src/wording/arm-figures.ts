/** The counts of both arms side by side, and who spent what. Figures may hold error names from outside: escape them. */
import { type ByArm, byArm } from '../config/arms.ts';
import type { ArmCounts, Measurement, SpenderSlice } from '../measure/measurement.ts';
import { count, figure, known, listed, money, percent, UNKNOWN, usd, whole } from './amounts.ts';
import { formText } from './difference.ts';

/** One line of the table with both arms. */
export interface Figure {
  readonly label: string;
  readonly official: string;
  readonly gateway: string;
  /** By how much the gateway differs. */
  readonly change: string;
}

/** The label of a line, the figure that it shows for an arm, and the number to compare both arms by. */
export type FigureLine<Counts> = readonly [
  label: string,
  figureOf: (counts: Counts) => string,
  form?: 'points' | 'percent',
  numberOf?: (counts: Counts) => number | null | undefined,
];

/** How many tasks a percentile is read from at least: of fewer it would be the slowest task. */
export const LEAST_FOR = { p50: 1, p90: 10, p95: 20, p99: 100 } as const;

export const TASK_LINES: readonly FigureLine<ArmCounts>[] = [
  ['Tasks', ({ tasks }) => known(tasks)],
  ['Failed tasks', ({ failedTasks }) => known(failedTasks)],
  ['Success rate', successRate, 'points', successPercent],
  ['Errors', errors],
];

export const REQUEST_LINES: readonly FigureLine<ArmCounts>[] = [
  ['Requests', ({ attempts }) => known(attempts)],
  ['Failed requests', ({ failedAttempts }) => known(failedAttempts)],
  ['Fallbacks', ({ fallbacks }) => known(fallbacks)],
  ['Truncated', ({ truncated }) => known(truncated)],
  ['Empty answers', ({ empty }) => known(empty)],
];

export const COST_LINES: readonly FigureLine<ArmCounts>[] = [
  ['Input tokens', ({ tokens }) => known(tokens?.input)],
  ['… cached', cached, 'points', cachedPercent],
  ['Output tokens', ({ tokens }) => known(tokens?.output)],
  ['Cost', ({ cost }) => money(cost)],
  ['… same tokens at official prices', ({ atOfficialPrices }) => money(atOfficialPrices)],
  ['Cost of retries', ({ retryCost }) => money(retryCost)],
  ['Cost of copies', ({ copied }) => (copied ? money(copied) : UNKNOWN)],
  ['Cost with copies', costWithCopies],
  ['Cost per task', costPerTask, 'percent', meanCost],
];

/** The lines that have a figure other than zero for at least one arm. */
export function sideBySide<Counts>(
  lines: readonly FigureLine<Counts>[],
  { official, gateway }: { readonly official: Counts | null; readonly gateway: Counts | null },
): Figure[] {
  return lines
    .map(([label, figureOf, form = 'percent', numberOf = () => null]) => {
      const [left, right] = bothArms({ official, gateway }, figureOf);
      const change = changeText(form, official && numberOf(official), gateway && numberOf(gateway));
      return { label, official: left, gateway: right, change };
    })
    .filter(({ official, gateway }) => [official, gateway].some((text) => text !== UNKNOWN && text !== '0'));
}

/** One figure of each arm. */
export function bothArms<Counts>(
  { official, gateway }: { readonly official: Counts | null; readonly gateway: Counts | null },
  figureOf: (counts: Counts) => string,
): readonly [official: string, gateway: string] {
  return [official === null ? UNKNOWN : figureOf(official), gateway === null ? UNKNOWN : figureOf(gateway)];
}

/** By how much the gateway's figure is above the official one; null where that is unknown. */
function changeOf(
  form: 'points' | 'percent',
  official: number | null | undefined,
  gateway: number | null | undefined,
): number | null {
  if (typeof official !== 'number' || typeof gateway !== 'number') return null;
  const change = form === 'points' ? gateway - official : 100 * (gateway / official - 1);
  return Number.isFinite(change) ? change : null;
}

/** `−0.2 points`, `+12 %`; empty where the change is unknown. */
export function changeText(...[form, official, gateway]: Parameters<typeof changeOf>): string {
  const change = changeOf(form, official, gateway);
  return change === null ? '' : formText(change, { form, unit: 'share' });
}

/** What a sentence compares; null where it is unknown. */
export interface Compared {
  readonly counts: Pick<ArmCounts, 'tasks' | 'failedTasks'>;
  /** The time of a task that half of them do not exceed, in any unit. */
  readonly median: number | null;
  readonly costPerTask: number | null;
}

/** Percent: smaller changes of a median may come from its buckets. */
const SAME_TIME = 15;
const SAME_COST = 1;
const FEW_TASKS = 100;

/** `Compared with official, the gateway took 1.9 times as long (median task), …`; empty where an arm is missing. */
export function comparisonSentence<Counts>(
  arms: ByArm<Counts | null>,
  comparedOf: (counts: Counts) => Compared,
): string {
  const { official, gateway } = byArm((arm) => (arms[arm] === null ? null : comparedOf(arms[arm])));
  if (official === null || gateway === null) return '';
  const time = changeOf('percent', official.median, gateway.median);
  const cost = changeOf('percent', official.costPerTask, gateway.costPerTask);
  const failed = ({ counts: { tasks, failedTasks } }: Compared) => `${known(failedTasks)} of ${known(tasks)}`;
  const parts = [
    ...(time === null ? [] : [`took ${relative(time, SAME_TIME, 'long', ' time')} (median task)`]),
    ...(cost === null ? [] : [`cost ${relative(cost, SAME_COST, 'much', '')} per task`]),
    `failed ${failed(gateway)} tasks (official: ${failed(official)})`,
  ];
  const isLittle = Math.min(official.counts.tasks ?? 0, gateway.counts.tasks ?? 0) < FEW_TASKS;
  const caution = isLittle ? ' With so few tasks, differences may be chance.' : '';
  return `Compared with official, the gateway ${listed(parts)}.${caution}`;
}

/** `1.9 times as long`, `33 % less time`. @param change in percent */
function relative(change: number, same: number, measure: string, noun: string): string {
  if (Math.abs(change) < same) return `about as ${measure}`;
  return change > 0
    ? `${figure(Number((1 + change / 100).toPrecision(2)))} times as ${measure}`
    : `${Math.round(-change)} % less${noun}`;
}

type Served = Pick<ArmCounts, 'tasks' | 'failedTasks'>;

/** Of the tasks; null without any, or where the source does not report it. */
export function successPercent({ tasks, failedTasks }: Served): number | null {
  return tasks === null || tasks === 0 || failedTasks === null ? null : 100 * (1 - failedTasks / tasks);
}

export function successRate(counts: Served): string {
  const rate = successPercent(counts);
  return rate === null ? UNKNOWN : percent(rate);
}

type Cached = Pick<ArmCounts, 'tokens' | 'cacheUnknown'>;

/** Of the input whose answers say how much of it was cached; null without any. */
export function cachedPercent({ tokens, cacheUnknown = 0 }: Cached): number | null {
  const told = (tokens?.input ?? 0) - cacheUnknown;
  return told > 0 ? (100 * (tokens?.cachedInput ?? 0)) / told : null;
}

export function cached(counts: Cached): string {
  const part = cachedPercent(counts);
  return part === null ? UNKNOWN : percent(part);
}

export function costPerTask(counts: ArmCounts): string {
  const mean = meanCost(counts);
  return mean === null ? UNKNOWN : usd(mean);
}

function costWithCopies({ cost, copied }: ArmCounts): string {
  if (copied === undefined) return UNKNOWN;
  const [priced, unpriced] = [cost.priced + copied.priced, cost.unpriced + copied.unpriced];
  return money({ usd: cost.usd + copied.usd, priced, unpriced });
}

function meanCost({ cost: { usd: sum, priced } }: ArmCounts): number | null {
  return priced === 0 ? null : sum / priced;
}

const MOST_ERRORS = 4;

function errors({ errorsByClass }: ArmCounts): string {
  const classes = Object.entries(errorsByClass).sort(([a, n], [b, m]) => m - n || (a < b ? -1 : 1));
  if (classes.length === 0) return UNKNOWN;
  const shown = classes.slice(0, MOST_ERRORS).map(([name, count]) => `${name} ${whole(count)}`);
  const more = classes.length - shown.length;
  return [...shown, ...(more > 0 ? [`${more} more`] : [])].join(', ');
}

/** A model, a key or a member, on both arms. */
export interface Spender {
  readonly name: string;
  /** One for each of {@link SPENDER_COLUMNS}. */
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

/** The row of the copies, which no spender of the table has; none without copies. */
export function copiesRow({ gateway }: Measurement['arms']): string[][] {
  const { copied } = gateway ?? {};
  if (copied === undefined) return [];
  const label = `Copies: ${count(copied.priced + copied.unpriced, 'request')}`;
  return [[label, UNKNOWN, UNKNOWN, UNKNOWN, money(copied), UNKNOWN]];
}

type Slice = Pick<SpenderSlice, 'name' | 'tasks' | 'cost' | 'atOfficialPrices'>;

/** The most expensive first; equal ones by name. Empty where the source does not report them. */
export function spendersOf(
  { official, gateway }: Measurement['arms'],
  by: (typeof SPENDERS)[number]['by'],
): Spender[] {
  const slices = (arm: ArmCounts | null): ReadonlyMap<string, Slice> =>
    new Map((arm?.[by] ?? []).map((slice: Slice) => [slice.name, slice]));
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
