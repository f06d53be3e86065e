/** Tables of the counts that the state keeps for both arms. */
import type { ArmCounts } from '../../measure/measurement.ts';
import { isOver } from '../../rollout/state.ts';
import type { Arms } from '../../rollout/stored-counts.ts';
import { whole } from '../../wording/amounts.ts';
import {
  COST_LINES,
  copiesRow,
  type FigureLine,
  REQUEST_LINES,
  SPENDER_COLUMNS,
  sideBySide,
  spendersOf,
  TASK_LINES,
} from '../../wording/arm-figures.ts';
import { cacheAdvice } from '../../wording/cache-advice.ts';
import { markdownCode, markdownText } from '../../wording/foreign-text.ts';
import { joined, markdownTable } from '../../wording/markdown.ts';
import type { RolloutView } from '../view.ts';

const LINES: readonly FigureLine<ArmCounts>[] = [...TASK_LINES, ...REQUEST_LINES, ...COST_LINES];

/** What the rollout has cost so far, by key and member; empty where nothing was measured. */
export function costSection({ config, state, namesShown }: RolloutView, mostRows: number): string {
  const tables = joined(spenderTables(state.spent, namesShown, mostRows));
  const hidden = namesShown || tables === '' ? '' : HIDDEN;
  const advice = isOver(state) ? null : cacheAdvice(config, state.spent);
  const body = joined([armTable(state.spent), advice, tables, hidden]);
  return body === '' ? '' : `#### Cost so far\n\n${body}`;
}

const HIDDEN = 'Names are hidden in a public repository. Set `publish_names: true` to show them.';

/** Both arms side by side; empty where nothing is known of either. */
export function armTable(arms: Arms): string {
  const rows = sideBySide(LINES, arms).map(({ label, official, gateway }) => [
    label,
    markdownText(official),
    markdownText(gateway),
  ]);
  return rows.length === 0 ? '' : markdownTable(['', 'Official', 'Gateway'], 1, rows);
}

/** By key and by member. */
export function spenderTables(arms: Arms, names: boolean, mostRows: number): readonly [string, string] {
  return [spenderTable(arms, 'byKey', names, mostRows), spenderTable(arms, 'byMember', names, mostRows)];
}

/**
 * Cost by key or member, the most expensive first; empty where the source does not report them.
 * @param names false: numbers instead of names
 */
function spenderTable(arms: Arms, by: 'byKey' | 'byMember', names: boolean, mostRows: number): string {
  const all = spendersOf(arms, by);
  if (all.length === 0) return '';
  const noun = by === 'byKey' ? 'Key' : 'Member';
  const rows = all
    .slice(0, mostRows)
    .map(({ name, figures }, index) => [names ? markdownCode(name, 60) : `${noun} ${index + 1}`, ...figures]);
  const more = all.length > rows.length ? `\n\n… and ${whole(all.length - rows.length)} more.` : '';
  return `${markdownTable([noun, ...SPENDER_COLUMNS], 1, [...rows, ...copiesRow(arms)])}${more}`;
}
