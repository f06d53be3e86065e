/** Tables as aligned text. Cells are not escaped: make text from outside plain first. */

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
 * A table with labels and one column for each arm; if the terminal is too narrow, one table for each arm.
 * @param rows the label comes first; the first row is the head
 */
export function armTables(rows: readonly (readonly string[])[], columns: number): string[][] {
  const whole = textTable(rows);
  const arms = (rows[0] ?? []).length - 1;
  if (arms < 2 || whole.every((line) => line.length <= columns)) return [whole];
  return Array.from({ length: arms }, (_, arm) =>
    textTable(rows.map((row) => [row[0] ?? '', row[arm + 1] ?? ''])),
  );
}
