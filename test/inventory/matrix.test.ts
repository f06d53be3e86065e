import { describe, expect, it } from 'vitest';
import { COLUMNS, isFound, variantsOf } from './matrix/index.ts';
import { type Cell, ROWS, type Row } from './matrix/rows.ts';

const cells = Object.entries(COLUMNS).flatMap(([column, entry]) =>
  (Object.entries(entry.cells) as [Row, Cell][]).map(([row, cell]) => ({ column, row, cell })),
);
const examples = cells.flatMap(({ column, row, cell }) =>
  typeof cell === 'string' ? [] : [{ column, row, hit: cell[0], trap: cell[1] }],
);

describe('the matrix of kinds and languages', () => {
  it('has no empty cell', () => {
    const known = new Set(cells.map(({ column, row, cell }) => (cell.length > 0 ? `${column}, ${row}` : '')));
    const missing = Object.keys(COLUMNS).flatMap((column) =>
      Object.keys(ROWS)
        .map((row) => `${column}, ${row}`)
        .filter((name) => !known.has(name)),
    );
    expect(missing).toEqual([]);
  });

  describe.each(examples)('$column, $row', ({ column, row, hit, trap }) => {
    it('is found', () => {
      expect(variantsOf(column, hit).filter((code) => !isFound(column, row, code))).toEqual([]);
    });

    it('is not found in similar code', () => {
      expect(variantsOf(column, trap).filter((code) => isFound(column, row, code))).toEqual([]);
    });
  });
});
