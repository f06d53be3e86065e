/** The charts of a page, and the same numbers as tables. */
import type { MetricVerdict } from '../../judge/verdict.ts';
import type { ArmSummaries, ArmSummary, Overview, Span } from '../../measure/overview.ts';
import type { ReplayedLook } from '../../rollout/replay.ts';
import { amount, type MetricUnit, minute } from '../../wording/amounts.ts';
import { costPerTask, successRate } from '../../wording/arm-figures.ts';
import { estimateText } from '../../wording/verdicts.ts';
import { quantile } from '../measurement-tables.ts';
import { limitPosition } from '../verdict-sentences.ts';

type Drawn = number | null;

/** One line of a chart; values in the chart's unit, null where there is a gap. */
export interface ChartLine {
  readonly label: string;
  readonly of: keyof ArmSummaries | 'limit';
  /** `edge`: the border of an interval. */
  readonly kind: 'main' | 'thin' | 'edge';
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
  /** Lines between which an interval lies: upper, lower. */
  readonly bands: readonly (readonly [upper: number, lower: number])[];
  readonly table: { readonly head: readonly string[]; readonly rows: readonly (readonly string[])[] };
}

/** A chart shows at most so many looks; longer histories are thinned. */
const MOST_LOOKS = 240;
const ARM_ORDER = ['official', 'gateway'] as const;
/** A line needs two points. */
const LEAST_LOOKS = 2;

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
        numberOf: ({ latency }: ArmSummary) => (latency === null ? null : latency[name].atMost * second),
        textOf: ({ latency }: ArmSummary) => quantile(latency, name),
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
  {
    columns,
    ...about
  }: Omit<Chart, 'times' | 'lines' | 'bands' | 'table'> & { readonly columns: readonly Column[] },
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
    bands: [],
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

/** How the confidence interval of each metric narrowed in the last stage, with its limits. */
export function intervalCharts(looks: readonly ReplayedLook[]): Chart[] {
  const last = looks.at(-1);
  const inStage = looks.filter(({ stage }) => stage === last?.stage);
  if (last === undefined || inStage.length < LEAST_LOOKS) return [];
  const shown = thinned(inStage);
  return Object.keys(last.verdicts).flatMap((metric) => {
    const chart = intervalChart(metric, last, shown);
    return chart.bands.length === 0 ? [] : [chart];
  });
}

function intervalChart(metric: string, last: ReplayedLook, looks: readonly ReplayedLook[]): Chart {
  const of = (look: ReplayedLook) => verdictOf(look, metric);
  const unit = of(last)?.unit ?? 'ratio';
  const lines: ChartLine[] = [];
  const bands: (readonly [number, number])[] = [];
  for (const arm of ARM_ORDER) {
    const valuesOf = (end: 'value' | 'low' | 'high') =>
      looks.map((look) => finite(of(look)?.[arm]?.[end] ?? null));
    const [low, high] = [valuesOf('low'), valuesOf('high')];
    if (low.some((value, at) => value !== null && (high[at] ?? null) !== null && high[at] !== value)) {
      bands.push([lines.length, lines.length + 1]);
      lines.push({ label: `${arm}, at most`, of: arm, kind: 'edge', values: high });
      lines.push({ label: `${arm}, at least`, of: arm, kind: 'edge', values: low });
    }
    lines.push({ label: arm, of: arm, kind: 'main', values: valuesOf('value') });
  }
  for (const [index, { kind }] of (of(last)?.limits ?? []).entries()) {
    const values = looks.map((look) => limitOf(look, metric, index));
    lines.push({ label: `limit (${kind})`, of: 'limit', kind: 'thin', values });
  }
  return {
    id: `interval-${metric}`,
    title: metric,
    caption: `${unit === 'share' ? 'Percent. ' : ''}Shaded: the confidence interval at each look.`,
    unit,
    fromZero: false,
    times: looks.map(({ window }) => window.to / 1000),
    lines,
    bands,
    table: {
      head: ['Look until (UTC)', 'Verdict', 'official', 'gateway', 'limit'],
      rows: looks.map((look) => {
        const verdict = of(look);
        if (verdict === undefined) return [minute(look.window.to), '–', '–', '–', '–'];
        const limits = verdict.limits.map((_, index) => limitOf(look, metric, index));
        return [
          minute(look.window.to),
          verdict.verdict,
          estimateText(verdict.official, verdict.unit),
          estimateText(verdict.gateway, verdict.unit),
          limits.map((limit) => (limit === null ? '–' : amount(limit, verdict.unit))).join(', '),
        ];
      }),
    },
  };
}

function verdictOf({ verdicts }: ReplayedLook, metric: string): MetricVerdict | undefined {
  const byName: Readonly<Record<string, MetricVerdict | undefined>> = verdicts;
  return byName[metric];
}

function limitOf(look: ReplayedLook, metric: string, index: number): Drawn {
  const verdict = verdictOf(look, metric);
  const limit = verdict?.limits[index];
  return verdict === undefined || limit === undefined ? null : finite(limitPosition(limit, verdict, metric));
}

/** The last look is always one of them. */
function thinned(looks: readonly ReplayedLook[]): readonly ReplayedLook[] {
  const step = Math.ceil(looks.length / MOST_LOOKS);
  return looks.filter((_, at) => (looks.length - 1 - at) % step === 0);
}

function finite(value: Drawn): Drawn {
  return value === null || !Number.isFinite(value) ? null : value;
}
