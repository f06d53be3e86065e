/** Measurements summed up for people: by stage, and as a bounded number of points in the order of time. */
import type { ByArm } from '../config/arms.ts';
import { addArms, spanOf } from './add.ts';
import { type Histogram, type QuantileBounds, quantileBounds } from './histogram.ts';
import type { Window } from './instant.ts';
import type { ArmCounts, Measurement } from './measurement.ts';
import { meanOf } from './money.ts';

/** Times that 50, 95 and 99 % of the tasks do not exceed: each between two bounds of the histogram. */
export type Quantiles = Readonly<Record<'p50' | 'p95' | 'p99', QuantileBounds>>;

export interface ArmSummary {
  readonly counts: ArmCounts;
  /** Percent of the tasks; null without tasks, or if the source does not report it. */
  readonly successRate: number | null;
  /** Null where no time is known. */
  readonly latency: Quantiles | null;
  readonly ttft: Quantiles | null;
  /** US dollars per priced task; null without any. */
  readonly costPerTask: number | null;
}

/** null: no data for that arm. */
export type ArmSummaries = ByArm<ArmSummary | null>;

/** One or several windows of a stage. */
export interface Span {
  readonly stage: string;
  /** Percent; null where it changed or does not apply. */
  readonly share: number | null;
  /** From the first beginning to the last end, in milliseconds since 1970. */
  readonly window: Window;
  readonly windows: number;
  readonly arms: ArmSummaries;
}

export interface Overview {
  readonly window: Window;
  readonly sources: readonly string[];
  /** In the order in which they began. */
  readonly stages: readonly Span[];
  /** All stages together. */
  readonly whole: ArmSummaries;
  /** Neighbouring windows of a stage are added up if there are more than requested. */
  readonly points: readonly Span[];
}

/**
 * Sums up measurements of disjoint windows, in any order.
 * @param mostPoints how many points are wanted; a stage keeps at least one, so that many stages may give more
 * @returns null without measurements
 */
export function overviewOf(measurements: readonly Measurement[], mostPoints: number): Overview | null {
  const inOrder = measurements.toSorted((a, b) => a.window.from - b.window.from || a.window.to - b.window.to);
  const size = Math.max(1, Math.ceil(inOrder.length / Math.max(1, mostPoints)));
  // Sums of sums are exact, so each window is added only once.
  const points = runs(inOrder.map(partOf)).flatMap((run) => chunks(run, size).flatMap(sumOf));
  const names = [...new Set(points.map(({ stage }) => stage))];
  const stages = names.flatMap((name) => sumOf(points.filter(({ stage }) => stage === name)));
  const [whole] = sumOf(stages);
  if (whole === undefined) return null;
  return {
    window: whole.window,
    sources: [...new Set(inOrder.flatMap(({ source }) => source.split('+')))].sort(),
    stages: stages.map(summariseSpan),
    whole: summariseArms(whole.arms),
    points: points.map(summariseSpan),
  };
}

/** A span before its rates and quantiles are computed. */
type Part = Omit<Span, 'arms'> & { readonly arms: Measurement['arms'] };

function partOf({ stage, share, window, arms }: Measurement): Part {
  return { stage, share, window, windows: 1, arms };
}

const summariseSpan = (part: Part): Span => ({ ...part, arms: summariseArms(part.arms) });

/** The sum of all parts; none for an empty list. */
function sumOf(parts: readonly Part[]): [Part] | [] {
  const [first, ...rest] = parts;
  return first === undefined ? [] : [rest.reduce(addParts, first)];
}

function addParts(a: Part, b: Part): Part {
  return {
    stage: a.stage,
    share: a.share === b.share ? a.share : null,
    window: spanOf(a.window, b.window),
    windows: a.windows + b.windows,
    arms: addArms(a.arms, b.arms),
  };
}

function summariseArms({ official, gateway }: Measurement['arms']): ArmSummaries {
  return { official: summarise(official), gateway: summarise(gateway) };
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
    costPerTask: meanOf(cost),
  };
}

function quantilesOf(histogram: Histogram): Quantiles | null {
  const [p50, p95, p99] = [0.5, 0.95, 0.99].map((q) => quantileBounds(histogram, q));
  return p50 && p95 && p99 ? { p50, p95, p99 } : null;
}

/** Windows that follow each other in one stage; a stage that is retried has several runs. */
function runs(parts: readonly Part[]): Part[][] {
  const found: Part[][] = [];
  for (const part of parts) {
    const run = found.at(-1);
    if (run?.[0]?.stage === part.stage) run.push(part);
    else found.push([part]);
  }
  return found;
}

function chunks<Item>(items: readonly Item[], size: number): Item[][] {
  return Array.from({ length: Math.ceil(items.length / size) }, (_, at) =>
    items.slice(at * size, (at + 1) * size),
  );
}
