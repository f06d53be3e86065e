/** Lists and tables in Markdown, of lines and cells that are Markdown already. */

export function bulletList(lines: readonly string[]): string {
  return lines.map((line) => `- ${line}`).join('\n');
}

/** The first `textual` columns hold text; the others hold figures. */
export function table(
  head: readonly string[],
  textual: number,
  rows: readonly (readonly string[])[],
): string {
  const rule = head.map((_, column) => (column < textual ? ':--' : '--:'));
  return [head, rule, ...rows].map((cells) => `| ${cells.join(' | ')} |`).join('\n');
}
