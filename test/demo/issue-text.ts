/** The App's Markdown as lines for a terminal, without what only GitHub can draw. */

/** The part that changes with each stage: the status, the checklist and the gate. */
export function progressOf(body: string, columns: number): string[] {
  const [progress = ''] = body.split(/^#### (?:Cost so far|Last events)/m);
  return readable(progress, columns);
}

/**
 * Markdown as plain lines, without markers, charts, folded parts and escapes. A table is aligned in columns, or becomes
 * one line per row where it is wider than `columns`. Other lines keep their length.
 */
export function readable(markdown: string, columns: number): string[] {
  const text = markdown
    .replace(/<!--[\s\S]*?-->/g, '')
    .replace(/^```mermaid$[\s\S]*?^```$/gm, '')
    .replace(/<details>[\s\S]*?<\/details>/g, '')
    .replace(/<\/?[a-z]+>/g, '')
    .replace(/\[([^\]]*)\]\([^)]*\)/g, '$1')
    .replace(/^#+ /gm, '')
    .replace(/\*\*|`/g, '')
    .replace(/&#(\d+);/g, (_, code: string) => String.fromCodePoint(Number(code)))
    .replaceAll('\u200b', '')
    .replace(/- \[([ x])\] +/g, '- [$1] ');
  const lines = aligned(text.trim().split('\n'), columns);
  return lines.filter((line, at) => line !== '' || lines[at - 1] !== '');
}

function aligned(lines: readonly string[], columns: number): string[] {
  const tables: string[][][] = [];
  return lines
    .map((line) => {
      const cells = cellsOf(line);
      const before = tables.at(-1);
      if (cells === null) {
        if (before?.length !== 0) tables.push([]);
        return () => [line.trimEnd()];
      }
      const table = before ?? [];
      if (before === undefined) tables.push(table);
      table.push(cells);
      return () => (widthOf(table) > columns ? spelledOut(cells, table) : [row(cells, table)]);
    })
    .flatMap((write) => write());
}

function cellsOf(line: string): string[] | null {
  if (!line.startsWith('|')) return null;
  const cells = line.slice(1, line.lastIndexOf('|')).split('|');
  return cells.map((cell) => cell.trim());
}

function row(cells: readonly string[], table: readonly (readonly string[])[]): string {
  const widths = widthsOf(table);
  if (!isText(cells)) return widths.map((width) => '─'.repeat(width)).join(GAP);
  return cells
    .map((cell, at) => cell.padEnd(widths[at] ?? 0))
    .join(GAP)
    .trimEnd();
}

/** `success_rate: Official 100 %; Gateway 99 %`. Nothing for the head and the rule; empty cells are left out. */
function spelledOut(cells: readonly string[], table: readonly (readonly string[])[]): string[] {
  const [head] = table;
  if (head === cells || !isText(cells)) return [];
  const named = cells.flatMap((cell, at) => (at === 0 || cell === '–' ? [] : [`${head?.[at]} ${cell}`]));
  return [`- ${cells[0]}: ${named.join('; ') || '–'}`];
}

const GAP = '  ';

const widthsOf = (table: readonly (readonly string[])[]): number[] =>
  (table[0] ?? []).map((_, at) => Math.max(...table.filter(isText).map((cells) => cells[at]?.length ?? 0)));

const widthOf = (table: readonly (readonly string[])[]): number =>
  widthsOf(table).reduce((sum, width) => sum + width + GAP.length, -GAP.length);

const isText = (cells: readonly string[]): boolean => !cells.every((cell) => /^:?-+:?$/.test(cell));
