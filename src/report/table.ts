/** Tables as aligned text. Cells are not escaped: make text from outside plain first. */
import type { Printer } from './printer.ts';

/** Columns between two columns of a table. */
const GAP = 2;

/** Lines without trailing spaces; every column is as wide as its widest cell. */
export function textTable(rows: readonly (readonly string[])[]): string[] {
  const widths = (rows[0] ?? []).map((_, column) =>
    Math.max(...rows.map((row) => (row[column] ?? '').length)),
  );
  return rows.map((row) =>
    row
      .map((cell, column) => cell.padEnd((widths[column] ?? 0) + GAP))
      .join('')
      .trimEnd(),
  );
}

/**
 * One table with labels and a column for each arm, whatever the terminal's width. Rows that are too wide for it, such as
 * addresses, come before it as text.
 * @param rows the label comes first; the first row is the head
 */
export function printArms(print: Printer, rows: readonly (readonly string[])[]): void {
  const [head = [], ...kept] = rows;
  const wide: (readonly string[])[] = [];
  while (kept.length > 1 && textTable([head, ...kept]).some((line) => line.length > print.width)) {
    const widths = kept.map((row) => Math.max(...row.map((cell) => cell.length)));
    wide.push(...kept.splice(widths.indexOf(Math.max(...widths)), 1));
  }
  if (wide.length > 0) print.gap();
  for (const [label = '', ...cells] of rows.filter((row) => wide.includes(row))) {
    const told = cells.map((cell, at) => (cell === '' ? '' : `${head[at + 1] ?? ''} ${cell}`));
    print.wrapped(`${label}: ${told.filter((cell) => cell !== '').join('; ')}`, { hang: 2 });
  }
  print.block(textTable([head, ...kept]));
}
