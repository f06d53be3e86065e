/** What every source of measurements gives, however it comes by it. */
import type { SourceName } from '../config/schema/measure.ts';
import type { Window } from './instant.ts';
import type { ArmCounts } from './measurement.ts';
import type { Arm } from './record.ts';

/** What is asked of a source: one window, already over for so long that nothing of it is still to come. */
export interface SourceQuery {
  /** Half-open, in milliseconds since 1970. */
  readonly window: Window;
  /** Now, in milliseconds since 1970: numbers from later show a wrong clock. */
  readonly now: number;
  /** The model or workload that the stage moves; null for everything. */
  readonly slice: string | null;
  /** Models and workloads that already stand above the stage's share: left out. */
  readonly without: readonly string[];
  readonly signal?: AbortSignal | undefined;
}

/** Something wrong with what was read that did not make it useless. One sentence, no secrets. */
export interface SourceNote {
  /** Stable, such as `half_written_line`. */
  readonly reasonCode: string;
  readonly message: string;
  /** The arm of which there is no data for this reason. */
  readonly noDataOf?: Arm;
}

/** The counts of each arm that the source sees; null: no data of that arm (no such series, no record). */
export interface Measured {
  readonly kind: 'measured';
  readonly arms: { readonly [Name in Arm]?: ArmCounts | null };
  readonly notes: readonly SourceNote[];
}

/** The source could not be read, or what it said cannot be believed. Never an empty measurement. */
export interface SourceError {
  readonly kind: 'error';
  /** Stable, such as `unauthorized`, `unreadable_records`, `clock_skew`. */
  readonly reasonCode: string;
  /** What happened, what was expected, what to do next; no secrets. */
  readonly reason: string;
  /** How long the source asked to be left alone. */
  readonly retryAfterMs?: number | undefined;
}

/** The source answered, and has nothing of this window on any arm. */
export interface NoData {
  readonly kind: 'no-data';
  readonly reason: string;
}

export type SourceAnswer = Measured | SourceError | NoData;

/** A place where numbers come from. It never throws for what the outside world does. */
export interface Source {
  readonly name: SourceName;
  /** The arms that it is asked about. */
  readonly arms: readonly Arm[];
  measure(query: SourceQuery): Promise<SourceAnswer>;
}
