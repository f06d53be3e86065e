/** Markdown of the App as lines of a terminal: what a reader of the issue sees, without what only GitHub draws. */

/** The part that changes with each stage: where the rollout stands, its checklist and its gate. */
export function standingOf(body: string): string[] {
  const [standing = ''] = body.split(/^#### (?:Cost so far|Last events)/m);
  return readable(standing);
}

/** Markdown as plain lines: no markers, no charts, no folded parts, no escapes. */
export function readable(markdown: string): string[] {
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
  return aligned(text.split('\n')).filter((line, at, lines) => line !== '' || (lines[at - 1] ?? '') !== '');
}

/** Tables in columns; all else as it is. */
function aligned(lines: readonly string[]): string[] {
  const tables: string[][][] = [];
  return lines
    .map((line) => {
      const cells = cellsOf(line);
      const before = tables.at(-1);
      if (cells === null) {
        if (before?.length !== 0) tables.push([]);
        return () => line.trimEnd();
      }
      const table = before ?? [];
      if (before === undefined) tables.push(table);
      table.push(cells);
      return () => row(cells, table);
    })
    .map((write) => write());
}

function cellsOf(line: string): string[] | null {
  if (!line.startsWith('|')) return null;
  const cells = line.slice(1, line.lastIndexOf('|')).split('|');
  return cells.map((cell) => cell.trim());
}

function row(cells: readonly string[], table: readonly (readonly string[])[]): string {
  const widths = cells.map((_, at) => Math.max(...table.filter(isText).map((each) => each[at]?.length ?? 0)));
  if (!isText(cells)) return widths.map((width) => '─'.repeat(width)).join('  ');
  return cells
    .map((cell, at) => cell.padEnd(widths[at] ?? 0))
    .join('  ')
    .trimEnd();
}

const isText = (cells: readonly string[]): boolean => !cells.every((cell) => /^:?-+:?$/.test(cell));
