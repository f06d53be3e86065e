/** Measurements put together for people: sums by stage, and a bounded number of points in the order of time. */
import { addArms } from './add.ts';
import { type Histogram, quantileBounds } from './histogram.ts';
import type { Window } from './instant.ts';
import type { ArmCounts, Measurement } from './measurement.ts';

/** Seconds that so many percent of the tasks do not exceed, rounded up to a bound of the histogram. */
export interface Quantiles {
  /** Infinity: above every bound. */
  readonly p50: number;
  readonly p95: number;
  readonly p99: number;
}

export interface ArmSummary {
  readonly counts: ArmCounts;
  /** Percent of the tasks; null without tasks, or where the source does not tell. */
  readonly successRate: number | null;
  /** Null where no time is known. */
  readonly latency: Quantiles | null;
  readonly ttft: Quantiles | null;
  /** US dollars per priced task; null without any. */
  readonly costPerTask: number | null;
}

/** null: no data of that arm. */
export interface Arms {
  readonly official: ArmSummary | null;
  readonly gateway: ArmSummary | null;
}

/** What one or several windows of a stage came to. */
export interface Span {
  readonly stage: string;
  /** Percent; null where it changed or does not apply. */
  readonly share: number | null;
  /** From the first beginning to the last end, in milliseconds since 1970. */
  readonly window: Window;
  readonly windows: number;
  readonly arms: Arms;
}

export interface Overview {
  readonly window: Window;
  readonly sources: readonly string[];
  /** In the order in which they began. */
  readonly stages: readonly Span[];
  /** All stages together. */
  readonly whole: Arms;
  /** Neighbouring windows of a stage are added up where there are more than asked for. */
  readonly points: readonly Span[];
}

/**
 * Sums up measurements of disjoint windows, in any order.
 * @param mostPoints how many points are wanted; a stage keeps at least one, so that many stages may give more
 * @returns null without measurements
 */
export function overviewOf(measurements: readonly Measurement[], mostPoints: number): Overview | null {
  const inOrder = measurements.toSorted((a, b) => a.window.from - b.window.from || a.window.to - b.window.to);
  const [first] = inOrder;
  if (first === undefined) return null;
  const stages = [...new Set(inOrder.map(({ stage }) => stage))];
  const size = Math.max(1, Math.ceil(inOrder.length / Math.max(1, mostPoints)));
  return {
    window: hull(inOrder),
    sources: [...new Set(inOrder.flatMap(({ source }) => source.split('+')))].sort(),
    stages: stages.flatMap((name) => spanOf(inOrder.filter(({ stage }) => stage === name))),
    whole: sumOf(inOrder),
    points: runs(inOrder).flatMap((run) => chunks(run, size).flatMap(spanOf)),
  };
}

function spanOf(measurements: readonly Measurement[]): Span[] {
  const [first] = measurements;
  if (first === undefined) return [];
  const { stage, share } = first;
  return [
    {
      stage,
      share: measurements.every((each) => each.share === share) ? share : null,
      window: hull(measurements),
      windows: measurements.length,
      arms: sumOf(measurements),
    },
  ];
}

function sumOf(measurements: readonly Measurement[]): Arms {
  const sum = (arm: keyof Arms) =>
    summarise(measurements.map(({ arms }) => arms[arm]).reduce<ArmCounts | null>(addArms, null));
  return { official: sum('official'), gateway: sum('gateway') };
}

function summarise(counts: ArmCounts | null): ArmSummary | null {
  if (counts === null) return null;
  const { tasks, failedTasks, cost } = counts;
  return {
    counts,
    successRate:
      tasks === null || tasks === 0 || failedTasks === null ? null : 100 * (1 - failedTasks / tasks),
    latency: quantilesOf(counts.latency),
    ttft: quantilesOf(counts.ttft),
    costPerTask: cost.priced === 0 ? null : cost.usd / cost.priced,
  };
}

function quantilesOf(histogram: Histogram): Quantiles | null {
  const [p50, p95, p99] = [0.5, 0.95, 0.99].map((q) => quantileBounds(histogram, q)?.atMost);
  return p50 === undefined || p95 === undefined || p99 === undefined ? null : { p50, p95, p99 };
}

function hull(measurements: readonly Measurement[]): Window {
  const windows = measurements.map(({ window }) => window);
  return {
    from: windows.reduce((least, { from }) => Math.min(least, from), Infinity),
    to: windows.reduce((most, { to }) => Math.max(most, to), -Infinity),
  };
}

/** Windows that follow each other in one stage; a stage that is retried has several runs. */
function runs(measurements: readonly Measurement[]): Measurement[][] {
  const found: Measurement[][] = [];
  for (const measurement of measurements) {
    const run = found.at(-1);
    if (run?.[0]?.stage === measurement.stage) run.push(measurement);
    else found.push([measurement]);
  }
  return found;
}

function chunks<Item>(items: readonly Item[], size: number): Item[][] {
  return Array.from({ length: Math.ceil(items.length / size) }, (_, at) =>
    items.slice(at * size, (at + 1) * size),
  );
}
