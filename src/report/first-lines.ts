/** The first lines of a list, and how many more there are: `… and 3 more`. */
export function firstLines(lines: readonly string[], most: number): string[] {
  const more = lines.length - most;
  return more <= 0 ? [...lines] : [...lines.slice(0, most), `… and ${more} more`];
}
