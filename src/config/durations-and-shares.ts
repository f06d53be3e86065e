/** Durations and shares as the file writes them, and the numbers that the program counts with. */

/** The result of a parser: a value, or what it expected and the nearest text that it would accept. */
export type Parsed<T> =
  | { readonly ok: true; readonly value: T }
  | { readonly ok: false; readonly expected: string; readonly suggestion: string | null };

export const DURATION_EXPECTED = 'a duration such as 30s, 15m, 24h, 7d';
export const SHARE_EXPECTED = 'a share such as 5% or 99.5%';

const MILLISECONDS = { ms: 1, s: 1_000, m: 60_000, h: 3_600_000, d: 86_400_000, w: 604_800_000 } as const;
type DurationUnit = keyof typeof MILLISECONDS;

/** In milliseconds, as all times of the program are. */
export const MINUTE = MILLISECONDS.m;
export const HOUR = MILLISECONDS.h;
export const DAY = MILLISECONDS.d;

/** Units that the file may use, largest first; weeks only lead to a suggestion. */
const WRITTEN_UNITS: readonly DurationUnit[] = ['d', 'h', 'm', 's', 'ms'];

export const DURATION_PATTERN = /^(\d{1,16})(ms|s|m|h|d)$/;
// Six decimals print without an exponent.
export const SHARE_PATTERN = /^(\d{1,6}(?:\.\d{1,6})?)%$/;

/** The result of a parser that rejects its text. */
export function notParsed(expected: string, suggestion: string | null = null): Parsed<never> {
  return { ok: false, expected, suggestion };
}

/**
 * Reads a duration: a whole number and its unit (`ms`, `s`, `m`, `h`, `d`).
 * @returns milliseconds
 */
export function parseDuration(text: string): Parsed<number> {
  const [, digits, unit] = DURATION_PATTERN.exec(text) ?? [];
  const value = isDurationUnit(unit) ? Number(digits) * MILLISECONDS[unit] : NaN;
  return Number.isSafeInteger(value)
    ? { ok: true, value }
    : notParsed(DURATION_EXPECTED, nearestDuration(text));
}

/** Prints milliseconds (a whole number) in the largest unit that loses nothing: `86400000` → `1d`. */
export function formatDuration(milliseconds: number): string {
  if (milliseconds === 0) return '0s';
  const unit = WRITTEN_UNITS.find((name) => milliseconds % MILLISECONDS[name] === 0) ?? 'ms';
  return `${milliseconds / MILLISECONDS[unit]}${unit}`;
}

/**
 * Reads a share: a number and `%`.
 * @returns percent, so `99.5%` is 99.5
 */
export function parseShare(text: string): Parsed<number> {
  const digits = SHARE_PATTERN.exec(text)?.[1];
  return digits === undefined
    ? notParsed(SHARE_EXPECTED, nearestShare(text))
    : { ok: true, value: Number(digits) };
}

/** Prints percent: `99.5` → `99.5%`. */
export function formatShare(percent: number): string {
  return `${percent}%`;
}

function isDurationUnit(text: string | undefined): text is DurationUnit {
  return text !== undefined && text in MILLISECONDS;
}

/** `15 minutes` → `15m`, `1.5h` → `90m`. A bare number has no nearest duration: any unit would be a guess. */
function nearestDuration(text: string): string | null {
  const match = /^(\d{1,6}(?:\.\d{1,3})?)\s*(ms|millis|s|m|h|d|w)[a-z]*$/i.exec(text.trim());
  const unit = match?.[2]?.toLowerCase().replace('millis', 'ms');
  if (match === null || !isDurationUnit(unit)) return null;
  const milliseconds = Number(match[1]) * MILLISECONDS[unit];
  return Number.isInteger(milliseconds) ? formatDuration(milliseconds) : null;
}

/** `5 %`, `%5`, `5` → `5%`. A bare number below 1 has none: it could be a fraction or a percentage. */
function nearestShare(text: string): string | null {
  const digits = /^%?\s*(\d{1,3}(?:[.,]\d{1,6})?)\s*(?:%|percent|pct)?$/i.exec(text.trim())?.[1];
  if (digits === undefined) return null;
  const percent = Number(digits.replace(',', '.'));
  return percent >= 1 || text.includes('%') ? formatShare(percent) : null;
}
