/** One line of a benchmark. */
export interface Row {
  readonly what: string;
  readonly value: number;
  /** Printed right behind the value: ` ms`, ` MB`, `` for ratios and counts. */
  readonly unit: string;
  /** The value must not exceed it; null: only told. */
  readonly limit: number | null;
}

export function median(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b);
  const middle = sorted.length / 2;
  const upper = sorted[Math.floor(middle)] ?? Number.NaN;
  return Number.isInteger(middle) ? (upper + (sorted[middle - 1] ?? Number.NaN)) / 2 : upper;
}
