/** Keeps a text below a length by shortening its least important parts first. */
import { joined } from '../../wording/markdown.ts';

/** Characters of an issue or a comment: GitHub allows 65,536. */
export const LONGEST_TEXT = 60_000;

export interface Section {
  /** The smallest are shortened first. */
  readonly importance: number;
  /** From the longest to the shortest; an empty text leaves the section out. */
  readonly variants: readonly [string, ...string[]];
}

/** The sections in their order, as long as there is room for them. */
export function fitted(sections: readonly Section[], room: number): string {
  const shown = sections.map(() => 0);
  const text = () => joined(sections.map(({ variants }, at) => variants[shown[at] ?? 0] ?? ''));
  const leastFirst = [...sections.entries()].sort(([, a], [, b]) => a.importance - b.importance);
  for (const [at, { variants }] of leastFirst) {
    for (let next = 1; next < variants.length && text().length > room; next += 1) shown[at] = next;
  }
  return text();
}
