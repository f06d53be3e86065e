/** The figures of measurements as tables, for every place where they are shown. */
import type { ArmCounts } from '../measure/measurement.ts';
import type { ArmSummary, Overview, Quantiles, Span } from '../measure/overview.ts';
import { count, known, milliseconds, minute, UNKNOWN } from '../wording/amounts.ts';
import {
  bothArms,
  COST_LINES,
  costPerTask,
  type FigureLine,
  REQUEST_LINES,
  SPENDER_COLUMNS,
  SPENDERS,
  sideBySide,
  spendersOf,
  successRate,
  TASK_LINES,
} from '../wording/arm-figures.ts';
import { plainLine } from '../wording/foreign-text.ts';
import type { FigureTable } from './figure-table.ts';

const TIME_LINES: readonly FigureLine<ArmSummary>[] = [
  ['Task latency, p50', ({ latency }) => quantile(latency, 'p50')],
  ['Task latency, p95', ({ latency }) => quantile(latency, 'p95')],
  ['Task latency, p99', ({ latency }) => quantile(latency, 'p99')],
  ['Time to first token, p50', ({ ttft }) => quantile(ttft, 'p50')],
  ['Time to first token, p95', ({ ttft }) => quantile(ttft, 'p95')],
];

const LINES = [...ofCounts(TASK_LINES), ...TIME_LINES, ...ofCounts(REQUEST_LINES), ...ofCounts(COST_LINES)];

function ofCounts(lines: readonly FigureLine<ArmCounts>[]): FigureLine<ArmSummary>[] {
  return lines.map(([label, figureOf]) => [label, ({ counts }) => figureOf(counts)]);
}

/** `≤ 1.26 s`, or `≥ 20 s` above all buckets: bucket counts are no more precise. */
export function quantile(quantiles: Quantiles | null, which: keyof Quantiles): string {
  if (quantiles === null) return UNKNOWN;
  const { above, atMost } = quantiles[which];
  return atMost === Infinity ? `≥ ${milliseconds(1000 * above)}` : `≤ ${milliseconds(1000 * atMost)}`;
}

/** Both arms side by side; no rows where the source has no data. */
export function armsTable({ stage, arms }: Pick<Span, 'stage' | 'arms'>): FigureTable {
  const rows = sideBySide(LINES, arms).map(({ label, official, gateway }) => [label, official, gateway]);
  return { title: `Both arms in stage ${stage}`, head: ['', 'Official', 'Gateway'], rows, more: 0 };
}

/** One row for each stage, if there are several: tasks, success rate, p95 and cost per task of both arms. */
export function stagesTable({ stages }: Overview): FigureTable | null {
  if (stages.length < 2) return null;
  const rows = stages.map(({ stage, arms }) => [
    stage,
    ...bothArms(arms, ({ counts }) => known(counts.tasks)),
    ...bothArms(arms, ({ counts }) => successRate(counts)),
    ...bothArms(arms, ({ latency }) => quantile(latency, 'p95')),
    ...bothArms(arms, ({ counts }) => costPerTask(counts)),
  ]);
  const columns = ['tasks', 'success', 'p95', 'cost per task'];
  const head = ['Stage', ...columns.flatMap((column) => [`Official ${column}`, `Gateway ${column}`])];
  return { title: 'Stages', head, rows, more: 0 };
}

/** Cost by model, key and member, the most expensive first. @param most rows of a table */
export function spenderTables({ whole: { official, gateway } }: Overview, most: number): FigureTable[] {
  const counts = { official: official?.counts ?? null, gateway: gateway?.counts ?? null };
  return SPENDERS.flatMap(({ by, noun }) => {
    const all = spendersOf(counts, by);
    if (all.length === 0) return [];
    const rows = all.slice(0, most).map(({ name, figures }) => [name, ...figures]);
    return [
      { title: `Cost by ${noun}`, head: ['', ...SPENDER_COLUMNS], rows, more: all.length - rows.length },
    ];
  });
}

/** `12 windows from 2026-11-22 09:00 to 2026-11-22 12:00 UTC, measured by prometheus.` */
export function windowsSentence({ window, sources, points }: Overview): string {
  const windows = points.reduce((sum, point) => sum + point.windows, 0);
  return `${count(windows, 'window')} from ${minute(window.from)} to ${minute(window.to)} UTC, measured by ${plainLine(sources.join(', '), 200)}.`;
}
