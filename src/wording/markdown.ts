/** Paragraphs, lists and tables in Markdown. Lines and cells are inserted as they are: escape text from outside first. */

/** The parts that are not empty: paragraphs, or with another separator. */
export function joined(parts: readonly (string | null)[], separator = '\n\n'): string {
  return parts.filter(Boolean).join(separator);
}

export function bulletList(lines: readonly string[]): string {
  return lines.map((line) => `- ${line}`).join('\n');
}

/** @param textual how many columns at the left hold text; the others hold figures, which are right-aligned */
export function markdownTable(
  head: readonly string[],
  textual: number,
  rows: readonly (readonly string[])[],
): string {
  const rule = head.map((_, column) => (column < textual ? ':--' : '--:'));
  return [head, rule, ...rows].map((cells) => `| ${cells.join(' | ')} |`).join('\n');
}
