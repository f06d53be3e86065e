/** Both arms side by side, and who spent what. */
import type { ArmCounts } from '../../measure/measurement.ts';
import type { Money } from '../../measure/money.ts';
import { markdownCode } from '../escape.ts';
import type { Arms } from '../stored-counts.ts';
import { percent, usd, whole } from './amounts.ts';
import { table } from './layout.ts';

/** What is not known of an arm. */
const UNKNOWN = '–';

const LINES: readonly (readonly [label: string, figureOf: (arm: ArmCounts) => string])[] = [
  ['Tasks', ({ tasks }) => known(tasks)],
  ['Failed tasks', ({ failedTasks }) => known(failedTasks)],
  ['Success rate', successRate],
  ['Requests', ({ attempts }) => known(attempts)],
  ['Failed requests', ({ failedAttempts }) => known(failedAttempts)],
  ['Input tokens', ({ tokens }) => known(tokens?.input)],
  ['… of them cached', ({ tokens }) => known(tokens?.cachedInput)],
  ['Output tokens', ({ tokens }) => known(tokens?.output)],
  ['Cost', ({ cost }) => money(cost)],
  ['… at official prices', ({ atOfficialPrices }) => money(atOfficialPrices)],
  ['Cost of retries', ({ retryCost }) => money(retryCost)],
  ['Cost per task', costPerTask],
];

/** A table of what is known of either arm; empty where nothing is. */
export function armTable({ official, gateway }: Arms): string {
  const rows = LINES.map(([label, figureOf]) => [
    label,
    official === null ? UNKNOWN : figureOf(official),
    gateway === null ? UNKNOWN : figureOf(gateway),
  ]).filter(([, ...figures]) => figures.some((figure) => figure !== UNKNOWN));
  return rows.length === 0 ? '' : table(['', 'Official', 'Gateway'], 1, rows);
}

export function successRate({ tasks, failedTasks }: ArmCounts): string {
  return tasks === null || tasks === 0 || failedTasks === null
    ? UNKNOWN
    : percent(100 * (1 - failedTasks / tasks));
}

export function costPerTask({ cost: { usd: sum, priced } }: ArmCounts): string {
  return priced === 0 ? UNKNOWN : usd(sum / priced);
}

/** `12.40 USD`, and how many tasks are not in it. */
export function money({ usd: sum, priced, unpriced }: Money): string {
  if (priced === 0) return unpriced === 0 ? UNKNOWN : `unknown (${whole(unpriced)} tasks unpriced)`;
  return unpriced === 0 ? usd(sum) : `${usd(sum)} (${whole(unpriced)} tasks unpriced)`;
}

/** One figure of both arms, for a table with a row for each stage. */
export function bothArms(
  { official, gateway }: Arms,
  figureOf: (arm: ArmCounts) => string,
): readonly [string, string] {
  return [official === null ? UNKNOWN : figureOf(official), gateway === null ? UNKNOWN : figureOf(gateway)];
}

export function known(value: number | null | undefined): string {
  return value === null || value === undefined ? UNKNOWN : whole(value);
}

const COLUMNS = ['Official tasks', 'Official cost', 'Gateway tasks', 'Gateway cost', 'At official prices'];

/**
 * Cost by key or member, the dearest first; empty where the source tells none apart.
 * @param names false: numbers stand for the names
 */
export function spenderTable(arms: Arms, by: 'byKey' | 'byMember', names: boolean, mostRows: number): string {
  const [official, gateway] = [slicesOf(arms.official, by), slicesOf(arms.gateway, by)];
  const costOf = (name: string) => (official.get(name)?.cost.usd ?? 0) + (gateway.get(name)?.cost.usd ?? 0);
  const all = [...new Set([...official.keys(), ...gateway.keys()])].sort(
    (a, b) => costOf(b) - costOf(a) || (a < b ? -1 : 1),
  );
  if (all.length === 0) return '';
  const noun = by === 'byKey' ? 'Key' : 'Member';
  const rows = all.slice(0, mostRows).map((name, index) => {
    const [left, right] = [official.get(name), gateway.get(name)];
    return [
      names ? markdownCode(name, 60) : `${noun} ${index + 1}`,
      known(left?.tasks),
      left ? money(left.cost) : UNKNOWN,
      known(right?.tasks),
      right ? money(right.cost) : UNKNOWN,
      right ? money(right.atOfficialPrices) : UNKNOWN,
    ];
  });
  const more = all.length > rows.length ? `\n\n… and ${whole(all.length - rows.length)} more.` : '';
  return `${table([noun, ...COLUMNS], 1, rows)}${more}`;
}

function slicesOf(arm: ArmCounts | null, by: 'byKey' | 'byMember') {
  return new Map((arm?.[by] ?? []).map((slice) => [slice.name, slice]));
}
