/** What every source of measurements provides. */

import type { Arm } from '../config/arms.ts';
import type { SourceName } from '../config/schema/measure.ts';
import type { Window } from './instant.ts';
import type { ArmCounts, Measurement } from './measurement.ts';

/** What a source measures: one window that ended so long ago that its data is complete. */
export interface SourceQuery {
  /** Half-open, in milliseconds since 1970. */
  readonly window: Window;
  /** Now, in milliseconds since 1970: later times in the data mean that a clock is wrong. */
  readonly now: number;
  /** The model or workload that the stage moves; null for everything. */
  readonly slice: string | null;
  /** Models and workloads that already have more than the stage's share: left out. */
  readonly without: readonly string[];
  /** Whether the stage copies requests to the gateway: then their pairs are counted as well. */
  readonly copies?: boolean;
  readonly signal?: AbortSignal | undefined;
}

/** A problem that did not make the data useless. One sentence, no secrets. */
export interface SourceNote {
  /** Stable, such as `half_written_line`. */
  readonly reasonCode: string;
  readonly message: string;
  /** The arm that has no data for this reason. */
  readonly noDataOf?: Arm;
}

/** The counts of each arm that the source measures; null: no data for that arm (no such series, no record). */
export interface Measured {
  readonly kind: 'measured';
  readonly arms: { readonly [Name in Arm]?: ArmCounts | null };
  /** Only of a source that measures both arms. */
  readonly pairs?: Measurement['pairs'];
  readonly notes: readonly SourceNote[];
}

/** The source could not be read, or its data cannot be trusted. Never an empty measurement. */
export interface SourceError {
  readonly kind: 'error';
  /** Stable, such as `unauthorized`, `unreadable_records`, `clock_skew`. */
  readonly reasonCode: string;
  /** What happened, what was expected, what to do next; no secrets. */
  readonly reason: string;
  /** The source's own `retry-after`. */
  readonly retryAfterMs?: number | undefined;
  /** Windows from here on can be measured, in milliseconds since 1970. */
  readonly usableFrom?: number | undefined;
}

/** A value that was read, or why it could not be. */
export type Read<T> = { readonly kind: 'read'; readonly value: T } | SourceError;

export function sourceError(reasonCode: string, reason: string): SourceError {
  return { kind: 'error', reasonCode, reason };
}

export function mapRead<From, To>(read: Read<From>, to: (value: From) => To): Read<To> {
  return read.kind === 'error' ? read : { kind: 'read', value: to(read.value) };
}

/** What is read for each of these, one after another, in one list; the first error ends it. */
export async function readEach<One, Item>(
  all: Iterable<One>,
  read: (one: One) => Promise<Read<readonly Item[]>>,
): Promise<Read<Item[]>> {
  const items: Item[] = [];
  for (const one of all) {
    const found = await read(one);
    if (found.kind === 'error') return found;
    items.push(...found.value);
  }
  return { kind: 'read', value: items };
}

/** The source works, but has no data for this window on any arm. */
export interface NoData {
  readonly kind: 'no-data';
  readonly reason: string;
}

export type SourceResult = Measured | SourceError | NoData;

/** Where measurements come from. It never throws for anything that happens outside. */
export interface Source {
  readonly name: SourceName;
  readonly arms: readonly Arm[];
  measure(query: SourceQuery): Promise<SourceResult>;
}
