/** The figures of measurements with their times, for all places where they are shown. */
import type { ArmCounts, Measurement } from '../measure/measurement.ts';
import type { ArmSummaries, ArmSummary, Quantiles, Span } from '../measure/overview.ts';
import { known, milliseconds, UNKNOWN } from '../wording/amounts.ts';
import {
  bothArms,
  COST_LINES,
  costPerTask,
  type Figure,
  type Line,
  REQUEST_LINES,
  sideBySide,
  successRate,
  TASK_LINES,
} from '../wording/arm-figures.ts';

const TIME_LINES: readonly Line<ArmSummary>[] = [
  ['Time of a task, p50', ({ latency }) => quantile(latency, 'p50')],
  ['Time of a task, p95', ({ latency }) => quantile(latency, 'p95')],
  ['Time of a task, p99', ({ latency }) => quantile(latency, 'p99')],
  ['First token, p50', ({ ttft }) => quantile(ttft, 'p50')],
  ['First token, p95', ({ ttft }) => quantile(ttft, 'p95')],
];

const LINES = [...ofCounts(TASK_LINES), ...TIME_LINES, ...ofCounts(REQUEST_LINES), ...ofCounts(COST_LINES)];

/** The figures that stand side by side; those that no arm knows are left out. */
export function armFigures(arms: ArmSummaries): Figure[] {
  return sideBySide(LINES, arms);
}

function ofCounts(lines: readonly Line<ArmCounts>[]): Line<ArmSummary>[] {
  return lines.map(([label, figureOf]) => [label, ({ counts }) => figureOf(counts)]);
}

/** The counts that the summaries are of. */
export function countsOf({ official, gateway }: ArmSummaries): Measurement['arms'] {
  return { official: official?.counts ?? null, gateway: gateway?.counts ?? null };
}

/** `≤ 1.26 s`: counts in buckets know no more. */
export function quantile(quantiles: Quantiles | null, which: keyof Quantiles): string {
  if (quantiles === null) return UNKNOWN;
  const seconds = quantiles[which];
  return seconds === Infinity ? 'off the scale' : `≤ ${milliseconds(1000 * seconds)}`;
}

/** One line for each stage: tasks, success rate, p95 and cost per task of both arms. */
export const STAGE_COLUMNS = [
  'Official tasks',
  'Gateway tasks',
  'Official success',
  'Gateway success',
  'Official p95',
  'Gateway p95',
  'Official cost per task',
  'Gateway cost per task',
] as const;

export function stageFigures({ arms }: Span): string[] {
  return [
    ...bothArms(arms, ({ counts }) => known(counts.tasks)),
    ...bothArms(arms, ({ counts }) => successRate(counts)),
    ...bothArms(arms, ({ latency }) => quantile(latency, 'p95')),
    ...bothArms(arms, ({ counts }) => costPerTask(counts)),
  ];
}
