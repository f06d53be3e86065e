/** How long a healthy gateway will need in each stage, as lines of a comment below the configuration. */
import type { StageForecast } from '../judge/forecast.ts';
import { percent, whole } from '../wording/amounts.ts';

/** One assumption about traffic and what it leads to. */
export interface ForecastColumn {
  readonly tasksPerDay: number;
  readonly stages: readonly StageForecast[];
}

const DAY = 86_400_000;

/**
 * A table of stages by tasks a day.
 * @param errorRate assumed of the official arm, 0 to 1
 * @param maxDuration milliseconds; what takes longer is marked
 * @returns lines without line breaks; none where no stage can be forecast
 */
export function forecastLines(
  columns: readonly ForecastColumn[],
  errorRate: number,
  maxDuration: number,
): readonly string[] {
  const labels = columns[0]?.stages.map(({ stage }) => stage) ?? [];
  if (labels.length === 0) return [];
  const most = maxDuration / DAY;
  const width = Math.max('tasks a day'.length, ...labels.map((label) => label.length));
  const row = (first: string, cells: readonly string[]) =>
    `  ${first.padEnd(width)}  ${cells.map((cell) => cell.padStart(12)).join('')}`;
  const cellOf = (stage: string) =>
    columns.map(({ stages }) => daysText(stages.find((each) => each.stage === stage)?.days ?? null, most));
  const tooLong = columns.some(({ stages }) => stages.some(({ days }) => days === null || days > most));
  return [
    `Days until a gateway as good as the official API passes, at ${percent(100 * errorRate)} errors:`,
    row(
      'tasks a day',
      columns.map(({ tasksPerDay }) => whole(tasksPerDay)),
    ),
    ...labels.map((label) => row(label, cellOf(label))),
    ...(tooLong
      ? [
          `! longer than max_duration, ${roundDays(most)} days: the rollout would pause undecided${culprits(columns, most)}`,
        ]
      : []),
  ];
}

/** The metrics that take too long, which a person may turn into guards or loosen. */
function culprits(columns: readonly ForecastColumn[], most: number): string {
  const metrics = columns
    .flatMap(({ stages }) => stages.flatMap((stage) => stage.metrics))
    .filter(({ guard, days }) => !guard && (days === null || days > most))
    .map(({ metric }) => metric);
  const names = [...new Set(metrics)];
  return names.length === 0
    ? ''
    : `; for ${names.join(', ')} take a wider limit, guard: true, or a larger share`;
}

function daysText(value: number | null, most: number): string {
  if (value === null) return 'never !';
  return `${roundDays(value)}${value > most ? ' !' : ''}`;
}

/** Two or three digits: more would promise too much. */
function roundDays(value: number): string {
  return value.toLocaleString('en-US', { maximumSignificantDigits: value < 10 ? 2 : 3 });
}
