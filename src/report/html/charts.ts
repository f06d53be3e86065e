/** The charts of a page, and the same numbers as tables. */
import type { ArmSummaries, ArmSummary, Overview, Span } from '../../measure/overview.ts';
import { type MetricUnit, minute } from '../../wording/amounts.ts';
import { costPerTask, successRate } from '../../wording/arm-figures.ts';
import { isReadable, quantile } from '../measurement-tables.ts';

type Drawn = number | null;

/** One line of a chart; values in the chart's unit, null where there is a gap. */
export interface ChartLine {
  readonly label: string;
  readonly of: keyof ArmSummaries;
  readonly kind: 'main' | 'thin';
  readonly values: readonly Drawn[];
}

export interface Chart {
  /** Unique on the page. */
  readonly id: string;
  readonly title: string;
  readonly caption: string;
  readonly unit: MetricUnit;
  readonly fromZero: boolean;
  /** Seconds since 1970. */
  readonly times: readonly number[];
  readonly lines: readonly ChartLine[];
  readonly table: { readonly head: readonly string[]; readonly rows: readonly (readonly string[])[] };
}

const ARM_ORDER = ['official', 'gateway'] as const;

/** Success rate, time and cost of both arms over time. */
export function timeCharts({ points }: Overview): Chart[] {
  const second = 1000;
  const charts = [
    timeChart(points, {
      id: 'success',
      title: 'Success rate',
      caption: 'Percent of tasks that succeeded, per window.',
      unit: 'share',
      fromZero: false,
      columns: [
        { name: '', numberOf: (arm) => arm.successRate, textOf: ({ counts }) => successRate(counts) },
      ],
    }),
    timeChart(points, {
      id: 'latency',
      title: 'Task latency',
      caption: 'Half of the tasks took at most p50, and 95 % at most p95. Failed tasks count as infinite.',
      unit: 'duration',
      fromZero: true,
      columns: (['p50', 'p95'] as const).map((name) => ({
        name,
        numberOf: (arm: ArmSummary) =>
          arm.latency === null || !isReadable(arm, 'latency', name)
            ? null
            : arm.latency[name].atMost * second,
        textOf: (arm: ArmSummary) => quantile(arm, 'latency', name),
      })),
    }),
    timeChart(points, {
      id: 'cost',
      title: 'Cost per task',
      caption: 'US dollars per task with a known price, retries included.',
      unit: 'usd',
      fromZero: true,
      columns: [
        { name: '', numberOf: (arm) => arm.costPerTask, textOf: ({ counts }) => costPerTask(counts) },
      ],
    }),
  ];
  return charts.filter(({ lines }) => lines.length > 0);
}

interface Column {
  /** Distinguishes several lines of an arm; `''` for a single one. */
  readonly name: string;
  readonly numberOf: (arm: ArmSummary) => Drawn;
  readonly textOf: (arm: ArmSummary) => string;
}

function timeChart(
  points: readonly Span[],
  { columns, ...about }: Omit<Chart, 'times' | 'lines' | 'table'> & { readonly columns: readonly Column[] },
): Chart {
  const lines = ARM_ORDER.flatMap((arm) =>
    columns.map(({ name, numberOf }, index): ChartLine => {
      const values = points.map(({ arms }) => finite(arms[arm] && numberOf(arms[arm])));
      const kind = index === columns.length - 1 ? 'main' : 'thin';
      return { label: named(arm, name), of: arm, kind, values };
    }),
  );
  return {
    ...about,
    times: points.map(({ window }) => window.to / 1000),
    lines: lines.filter(({ values }) => values.some((value) => value !== null)),
    table: {
      head: ['Until (UTC)', 'Stage', ...lines.map(({ label }) => label)],
      rows: points.map(({ window, stage, arms }) => [
        minute(window.to),
        stage,
        ...ARM_ORDER.flatMap((arm) =>
          columns.map(({ textOf }) => (arms[arm] === null ? '–' : textOf(arms[arm]))),
        ),
      ]),
    },
  };
}

const named = (arm: string, name: string): string => (name === '' ? arm : `${arm} ${name}`);

function finite(value: Drawn): Drawn {
  return value === null || !Number.isFinite(value) ? null : value;
}
