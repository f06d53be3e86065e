/** How long a healthy gateway will need in each stage, as lines of a comment below the configuration. */
import type { StageForecast } from '../judge/forecast.ts';
import { listed, milliseconds, percent, whole } from '../wording/amounts.ts';
import { wrap } from './printer.ts';

/** What is told of all stages. */
export interface Forecast {
  /** One for each assumption about traffic. */
  readonly columns: readonly ForecastColumn[];
  /** Assumed of the official arm, 0 to 1. */
  readonly errorRate: number;
  /** Assumed of both arms' tasks. */
  readonly seconds: { readonly median: number; readonly p95: number };
  /** Milliseconds; what takes longer is marked. */
  readonly maxDuration: number;
  /** Metrics that gates wait for and that no source tells; they are in no column. */
  readonly unmeasured: readonly string[];
}

/** One assumption about traffic and what it leads to. */
export interface ForecastColumn {
  readonly tasksPerDay: number;
  readonly stages: readonly StageForecast[];
}

const DAY = 86_400_000;
const COLUMNS = 98;

/** A table of stages by tasks a day. @returns lines without line breaks; none where no stage can be forecast */
export function forecastLines(forecast: Forecast): readonly string[] {
  const { columns, errorRate, seconds, maxDuration } = forecast;
  const labels = columns[0]?.stages.map(({ stage }) => stage) ?? [];
  if (labels.length === 0) return [];
  const most = maxDuration / DAY;
  const hopeless = hopelessMetrics(columns);
  const rows = labels.map((label) => ({
    label,
    days: columns.map(({ stages }) => daysWithout(hopeless, label, stages)),
  }));
  const width = Math.max('tasks a day'.length, ...labels.map((label) => label.length));
  const row = (first: string, cells: readonly string[]) =>
    `  ${first.padEnd(width)}  ${cells.map((cell) => cell.padStart(12)).join('')}`;
  const isTooLong = (days: number | null) => days === null || days > most;
  const notes = [
    ...(rows.some(({ days }) => days.some(isTooLong)) ? [tooLongNote(columns, hopeless, most)] : []),
    ...hopelessNotes(hopeless, labels),
    ...unmeasuredNotes(forecast),
  ];
  return [
    `Days until a gateway as good as the official API passes, at ${percent(100 * errorRate)} errors, half of the`,
    `tasks within ${time(seconds.median)} and 95 % of them within ${time(seconds.p95)}:`,
    row(
      'tasks a day',
      columns.map(({ tasksPerDay }) => whole(tasksPerDay)),
    ),
    ...rows.map(({ label, days }) =>
      row(
        label,
        days.map((each) => daysText(each, most)),
      ),
    ),
    ...notes.flatMap((note) => wrap(note, COLUMNS).map((line, at) => (at === 0 ? line : `  ${line}`))),
  ];
}

/** Stages by the metrics that are never proven in them, however much traffic there is. */
type Hopeless = ReadonlyMap<string, readonly string[]>;

function hopelessMetrics(columns: readonly ForecastColumn[]): Hopeless {
  const [first, ...others] = columns;
  const found = new Map<string, string[]>();
  for (const { stage, metrics } of first?.stages ?? []) {
    for (const { metric } of metrics.filter(({ guard }) => !guard)) {
      const everywhere = [metrics, ...others.map(({ stages }) => metricsIn(stage, stages))];
      const isNever = everywhere.every((each) => each.find((one) => one.metric === metric)?.days === null);
      if (isNever) found.set(metric, [...(found.get(metric) ?? []), stage]);
    }
  }
  return found;
}

const metricsIn = (label: string, stages: readonly StageForecast[]): StageForecast['metrics'] =>
  stages.find(({ stage }) => stage === label)?.metrics ?? [];

/** What the other metrics take; null: never, with so few tasks. */
function daysWithout(hopeless: Hopeless, label: string, stages: readonly StageForecast[]): number | null {
  const stage = stages.find((each) => each.stage === label);
  if (stage === undefined) return null;
  const needed = stage.metrics
    .filter(({ metric, guard }) => !guard && !hopeless.get(metric)?.includes(label))
    .map(({ days }) => days ?? Number.POSITIVE_INFINITY);
  const days = Math.max(stage.leastDays, ...needed);
  return Number.isFinite(days) ? days : null;
}

/** Names the metrics that take too long, which a person may turn into guards or loosen. */
function tooLongNote(columns: readonly ForecastColumn[], hopeless: Hopeless, most: number): string {
  const metrics = columns
    .flatMap(({ stages }) => stages.flatMap((stage) => stage.metrics))
    .filter(({ guard, days, metric }) => !guard && !hopeless.has(metric) && (days === null || days > most))
    .map(({ metric }) => metric);
  const names = [...new Set(metrics)];
  const way =
    names.length === 0 ? '' : `; for ${listed(names)} take a wider limit, guard: true, or a larger share`;
  return `! longer than max_duration, ${roundDays(most)} days: the rollout would pause undecided${way}`;
}

function hopelessNotes(hopeless: Hopeless, labels: readonly string[]): string[] {
  return [...hopeless].map(([metric, stages]) => {
    const where = stages.length === labels.length ? 'in any stage' : `in ${listed(stages)}`;
    return `Not in the table: ${metric} is never proven ${where} under these assumptions, so the rollout would pause there undecided, whatever the other metrics take. Give it a wider limit, or guard: true.`;
  });
}

function unmeasuredNotes({ unmeasured }: Forecast): string[] {
  if (unmeasured.length === 0) return [];
  const names = listed(unmeasured);
  return [
    `Not in the table: ${names} cannot be measured, so no gate that asks for it passes, whatever the other metrics take. The warnings name what could measure it.`,
  ];
}

function daysText(value: number | null, most: number): string {
  if (value === null) return 'never !';
  return `${roundDays(value)}${value > most ? ' !' : ''}`;
}

const time = (seconds: number): string => milliseconds(Number((1_000 * seconds).toPrecision(2)));

/** Two or three digits: more would promise too much. */
function roundDays(value: number): string {
  return value.toLocaleString('en-US', { maximumSignificantDigits: value < 10 ? 2 : 3 });
}
