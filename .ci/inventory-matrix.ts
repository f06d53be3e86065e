/** The matrix of kinds and languages for the inventory's README. */
import { markdownTable } from '../src/wording/markdown.ts';
import { CODE_COLUMNS } from '../test/inventory/matrix/code.ts';
import { type Column, ROWS, type Row } from '../test/inventory/matrix/rows.ts';
import { SETTINGS_COLUMNS } from '../test/inventory/matrix/settings.ts';

/** One table for program code and one for settings: ✓ is found, a number is the reason why there is nothing to find. */
export function matrixTables(): string {
  const reasons: string[] = [];
  const tables = [CODE_COLUMNS, SETTINGS_COLUMNS].map((columns) => tableOf(columns, reasons));
  const notes = reasons.map((reason, index) => `${index + 1}. ${reason}`);
  return [...tables, notes.join('\n')].join('\n\n');
}

function tableOf(columns: Readonly<Record<string, Column>>, reasons: string[]): string {
  const names = Object.keys(columns);
  const cellOf = (row: Row, { cells }: Column): string => {
    const cell = cells[row];
    if (typeof cell !== 'string') return '✓';
    if (!reasons.includes(cell)) reasons.push(cell);
    return String(reasons.indexOf(cell) + 1);
  };
  const rows = (Object.keys(ROWS) as Row[]).map((row) => [
    row,
    ...Object.values(columns).map((column) => cellOf(row, column)),
  ]);
  return markdownTable(['', ...names], names.length + 1, rows);
}
