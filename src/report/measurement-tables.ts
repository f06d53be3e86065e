/** The figures of measurements as tables, for every place where they are shown. */
import type { Histogram, QuantileBounds } from '../measure/histogram.ts';
import type { ArmCounts } from '../measure/measurement.ts';
import type { ArmSummary, Overview, Quantiles, Span } from '../measure/overview.ts';
import { count, known, milliseconds, minute, UNKNOWN } from '../wording/amounts.ts';
import {
  bothArms,
  COST_LINES,
  copiesRow,
  costPerTask,
  type FigureLine,
  LEAST_FOR,
  REQUEST_LINES,
  SPENDER_COLUMNS,
  SPENDERS,
  spendersOf,
  successRate,
  TASK_LINES,
} from '../wording/arm-figures.ts';
import { plainLine } from '../wording/foreign-text.ts';
import { armsFigures, type FigureTable } from './figure-table.ts';

const TIME_LINES = [
  ...timeLines('Task latency', 'task', ['p50', 'p95', 'p99'], 'latency'),
  ...timeLines('Time to first token', 'response', ['p50', 'p95'], 'ttft'),
];

function timeLines(
  label: string,
  noun: string,
  names: readonly (keyof Quantiles)[],
  of: 'latency' | 'ttft',
): FigureLine<ArmSummary>[] {
  return [
    ...names.map(
      (name): FigureLine<ArmSummary> => [
        `${label}, ${name}`,
        (arm) => quantile(arm, of, name),
        'percent',
        (arm) => (isReadable(arm, of, name) ? arm[of]?.[name].atMost : null),
      ],
    ),
    [
      `${label}, slowest`,
      (arm) =>
        isReadable(arm, of, 'p95') || arm[of] === null
          ? UNKNOWN
          : `${atMost(arm[of].p99)} (of ${count(timedTasks(arm.counts[of]), noun)})`,
    ],
  ];
}

const LINES = [...ofCounts(TASK_LINES), ...TIME_LINES, ...ofCounts(REQUEST_LINES), ...ofCounts(COST_LINES)];

function ofCounts(lines: readonly FigureLine<ArmCounts>[]): FigureLine<ArmSummary>[] {
  return lines.map(([label, figureOf, form = 'percent', numberOf]) => [
    label,
    ({ counts }) => figureOf(counts),
    form,
    ({ counts }) => numberOf?.(counts),
  ]);
}

const timedTasks = (histogram: Histogram): number => histogram.at(-1)?.count ?? 0;

/** Whether there are enough tasks to read the percentile from. */
export function isReadable({ counts }: ArmSummary, of: 'latency' | 'ttft', name: keyof Quantiles): boolean {
  return timedTasks(counts[of]) >= LEAST_FOR[name];
}

/** `≤ 1.26 s`, or `≥ 20 s` above all buckets: bucket counts are no more precise. A dash for too few tasks. */
export function quantile(arm: ArmSummary, of: 'latency' | 'ttft', name: keyof Quantiles): string {
  const found = arm[of];
  return found === null || !isReadable(arm, of, name) ? UNKNOWN : atMost(found[name]);
}

const atMost = (bounds: QuantileBounds): string =>
  bounds.atMost === Infinity
    ? `≥ ${milliseconds(1000 * bounds.above)}`
    : `≤ ${milliseconds(1000 * bounds.atMost)}`;

/** Both arms side by side; no rows where the source has no data. */
export function armsTable({ stage, arms }: Pick<Span, 'stage' | 'arms'>): FigureTable {
  return armsFigures(`Both arms in stage ${stage}`, LINES, arms, (arm) => ({
    ...arm,
    median: arm.latency?.p50.atMost ?? null,
  }));
}

/** One row for each stage, if there are several: tasks, success rate, p95 and cost per task of both arms. */
export function stagesTable({ stages }: Overview): FigureTable | null {
  if (stages.length < 2) return null;
  const rows = stages.map(({ stage, arms }) => [
    stage,
    ...bothArms(arms, ({ counts }) => known(counts.tasks)),
    ...bothArms(arms, ({ counts }) => successRate(counts)),
    ...bothArms(arms, (arm) => quantile(arm, 'latency', 'p95')),
    ...bothArms(arms, ({ counts }) => costPerTask(counts)),
  ]);
  const columns = ['tasks', 'success', 'p95', 'cost per task'];
  const head = ['Stage', ...columns.flatMap((column) => [`Official ${column}`, `Gateway ${column}`])];
  return { title: 'Stages', head, rows };
}

/** Cost by model, key and member, the most expensive first. @param most rows of a table */
export function spenderTables({ whole: { official, gateway } }: Overview, most: number): FigureTable[] {
  const counts = { official: official?.counts ?? null, gateway: gateway?.counts ?? null };
  return SPENDERS.flatMap(({ by, noun }) => {
    const all = spendersOf(counts, by);
    if (all.length === 0) return [];
    const shown = all.slice(0, most);
    const rows = [...shown.map(({ name, figures }) => [name, ...figures]), ...copiesRow(counts)];
    return [
      { title: `Cost by ${noun}`, head: ['', ...SPENDER_COLUMNS], rows, more: all.length - shown.length },
    ];
  });
}

/** `12 windows from 2026-11-22 09:00 to 2026-11-22 12:00 UTC, measured by prometheus.` */
export function windowsSentence({ window, sources, points }: Overview): string {
  const windows = points.reduce((sum, point) => sum + point.windows, 0);
  return `${count(windows, 'window')} from ${minute(window.from)} to ${minute(window.to)} UTC, measured by ${plainLine(sources.join(', '), 200)}.`;
}
