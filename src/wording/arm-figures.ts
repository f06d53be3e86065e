/** The counts of both arms side by side, and who spent what. Figures may hold error names from outside: escape them. */
import type { ArmCounts, Measurement, SpenderSlice } from '../measure/measurement.ts';
import { known, money, percent, UNKNOWN, usd, whole } from './amounts.ts';

/** One line of the table with both arms. */
export interface Figure {
  readonly label: string;
  readonly official: string;
  readonly gateway: string;
}

/** The label of a line, and the figure that it shows for an arm. */
export type FigureLine<Counts> = readonly [label: string, figureOf: (counts: Counts) => string];

export const TASK_LINES: readonly FigureLine<ArmCounts>[] = [
  ['Tasks', ({ tasks }) => known(tasks)],
  ['Failed tasks', ({ failedTasks }) => known(failedTasks)],
  ['Success rate', successRate],
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
  ['… cached', cached],
  ['Output tokens', ({ tokens }) => known(tokens?.output)],
  ['Cost', ({ cost }) => money(cost)],
  ['… same tokens at official prices', ({ atOfficialPrices }) => money(atOfficialPrices)],
  ['Cost of retries', ({ retryCost }) => money(retryCost)],
  ['Cost per task', costPerTask],
];

/** The lines that have a figure for at least one arm. */
export function sideBySide<Counts>(
  lines: readonly FigureLine<Counts>[],
  { official, gateway }: { readonly official: Counts | null; readonly gateway: Counts | null },
): Figure[] {
  return lines
    .map(([label, figureOf]) => {
      const [left, right] = bothArms({ official, gateway }, figureOf);
      return { label, official: left, gateway: right };
    })
    .filter((line) => line.official !== UNKNOWN || line.gateway !== UNKNOWN);
}

/** One figure of each arm. */
export function bothArms<Counts>(
  { official, gateway }: { readonly official: Counts | null; readonly gateway: Counts | null },
  figureOf: (counts: Counts) => string,
): readonly [official: string, gateway: string] {
  return [official === null ? UNKNOWN : figureOf(official), gateway === null ? UNKNOWN : figureOf(gateway)];
}

export function successRate({ tasks, failedTasks }: Pick<ArmCounts, 'tasks' | 'failedTasks'>): string {
  return tasks === null || tasks === 0 || failedTasks === null
    ? UNKNOWN
    : percent(100 * (1 - failedTasks / tasks));
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

export function costPerTask({ cost: { usd: sum, priced } }: ArmCounts): string {
  return priced === 0 ? UNKNOWN : usd(sum / priced);
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
