/** Times: ISO 8601 with an offset in files, milliseconds since 1970 in memory. */
import { z } from 'zod';

export const INSTANT_EXPECTED = 'a time with its offset, such as 2026-11-22T17:31:33.123Z';

/** Half-open: what ends at `from` belongs to it, what ends at `to` to the next. Milliseconds since 1970, UTC. */
export interface Window {
  readonly from: number;
  readonly to: number;
}

export function isWithin({ from, to }: Window, instant: number): boolean {
  return instant >= from && instant < to;
}

const INSTANT = z.regexes.datetime({ offset: true });

/** `2026-11-22T17:31:33.123Z` → milliseconds since 1970; smaller parts of a second are cut off. Null for other texts. */
export function parseInstant(text: string): number | null {
  return INSTANT.test(text) ? Date.parse(text) : null;
}

export const instantSchema = z.iso
  .datetime({ offset: true, error: INSTANT_EXPECTED })
  .transform((text) => Date.parse(text));

export function formatInstant(milliseconds: number): string {
  return new Date(milliseconds).toISOString();
}
