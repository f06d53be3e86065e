/** How long a healthy gateway will need in each stage, in words: below the config, and on the issue before the start. */
import type { StageForecast } from '../judge/forecast.ts';
import { listed, milliseconds, percent, whole } from '../wording/amounts.ts';

export interface Forecast {
  /** One for each assumption about traffic. */
  readonly columns: readonly ForecastColumn[];
  /** Assumed for the official arm, 0 to 1. */
  readonly errorRate: number;
  /** Assumed for the tasks of both arms. */
  readonly seconds: { readonly median: number; readonly p95: number };
  /** Milliseconds; what takes longer is marked. */
  readonly maxDuration: number;
  /** Metrics that gates require but no source provides; they are in no column. */
  readonly unmeasured: readonly string[];
  /** Milliseconds of the watch after the last stage. */
  readonly watch: number;
  /** Shares, in percent, of the stages that a split per user has to prove; empty for other splits. */
  readonly proofsByUser: readonly number[];
  /** A sentence about something else that people should know. */
  readonly caution: string | null;
}

/** What is shown: the days of each stage, and a sentence for each thing that people should know. */
export interface ForecastText {
  readonly title: string;
  /** Tasks a day, one for each column. */
  readonly sizes: readonly string[];
  readonly rows: readonly { readonly stage: string; readonly days: readonly string[] }[];
  readonly notes: readonly string[];
}

/** One assumption about traffic, and what it leads to. */
interface ForecastColumn {
  readonly tasksPerDay: number;
  readonly stages: readonly StageForecast[];
}

const DAY = 86_400_000;

/** A table of stages by tasks a day; null if no stage can be forecast. */
export function forecastText(forecast: Forecast): ForecastText | null {
  const { columns, errorRate, seconds, maxDuration, unmeasured, watch, proofsByUser, caution } = forecast;
  const labels = columns[0]?.stages.map(({ stage }) => stage) ?? [];
  if (labels.length === 0) return null;
  const most = maxDuration / DAY;
  const neverProven = findNeverProven(columns, labels);
  const rows = labels.map((label) => ({
    label,
    days: columns.map(({ stages }) => daysWithout(neverProven, label, stages)),
  }));
  const isTooLong = (days: number | null) => days === null || days > most;
  const daysText = (days: number | null) =>
    `${days === null ? 'never' : roundDays(days)}${isTooLong(days) ? ' !' : ''}`;
  const notes = [
    ...(rows.some(({ days }) => days.some(isTooLong)) ? [tooLongNote(columns, neverProven, most)] : []),
    ...neverProvenNotes(neverProven, labels),
    ...(unmeasured.length === 0 ? [] : [unmeasuredNote(unmeasured)]),
    ...(proofsByUser.length === 0 ? [] : [usersNote(proofsByUser)]),
    ...(caution === null ? [] : [caution]),
    ...(watch === 0
      ? []
      : [`After the last stage: ${roundDays(watch / DAY)} days of watching (rollout.watch).`]),
  ];
  const assumed = `${percent(100 * errorRate)} errors, a median task time of ${time(seconds.median)} and a 95th percentile of ${time(seconds.p95)}`;
  return {
    title: `Days that a gateway as good as the official API needs to pass each stage, assuming ${assumed}:`,
    sizes: columns.map(({ tasksPerDay }) => whole(tasksPerDay)),
    rows: rows.map(({ label, days }) => ({ stage: label, days: days.map(daysText) })),
    notes,
  };
}

/** Metrics, and the stages in which each is never proven, however much traffic there is. */
type NeverProven = ReadonlyMap<string, readonly string[]>;

function findNeverProven(columns: readonly ForecastColumn[], labels: readonly string[]): NeverProven {
  const found = new Map<string, string[]>();
  for (const label of labels) {
    const [first = [], ...others] = columns.map(({ stages }) => requiredMetrics(label, stages));
    for (const { metric } of first) {
      const isNever = [first, ...others].every(
        (each) => each.find((one) => one.metric === metric)?.days === null,
      );
      if (isNever) found.set(metric, [...(found.get(metric) ?? []), label]);
    }
  }
  return found;
}

function requiredMetrics(label: string, stages: readonly StageForecast[]): StageForecast['metrics'] {
  return stages.find(({ stage }) => stage === label)?.metrics.filter(({ guard }) => !guard) ?? [];
}

/** Days without the metrics that are never proven; null: never, with so few tasks. */
function daysWithout(
  neverProven: NeverProven,
  label: string,
  stages: readonly StageForecast[],
): number | null {
  const needed = requiredMetrics(label, stages)
    .filter(({ metric }) => !neverProven.get(metric)?.includes(label))
    .map(({ days }) => days ?? Number.POSITIVE_INFINITY);
  const leastDays = stages.find(({ stage }) => stage === label)?.leastDays ?? Number.POSITIVE_INFINITY;
  const days = Math.max(leastDays, ...needed);
  return Number.isFinite(days) ? days : null;
}

/** Names the metrics that take too long, so that people can loosen them or turn them into guards. */
function tooLongNote(columns: readonly ForecastColumn[], neverProven: NeverProven, most: number): string {
  const metrics = columns
    .flatMap(({ stages }) => stages.flatMap((stage) => stage.metrics))
    .filter(({ guard, days, metric }) => !guard && !neverProven.has(metric) && (days === null || days > most))
    .map(({ metric }) => metric);
  const names = [...new Set(metrics)];
  const fix = names.length === 0 ? '' : ` For ${listed(names)}, use a wider limit or guard: true.`;
  return `! means longer than max_duration (${roundDays(most)} days): the rollout would pause undecided.${fix} Or take a road that fits the traffic: a larger first share, stages by workload, or gates that people decide (manual: true).`;
}

function neverProvenNotes(neverProven: NeverProven, labels: readonly string[]): string[] {
  return [...neverProven].map(([metric, stages]) => {
    const where = stages.length === labels.length ? 'in any stage' : `in ${listed(stages)}`;
    return `Not in the table: ${metric} cannot be proven ${where} under these assumptions, so the rollout would pause undecided, whatever the other metrics show. Use a wider limit or guard: true.`;
  });
}

/** A pass is proven by users, however many tasks each of them has. */
const USERS_NEEDED = 400;

function usersNote(shares: readonly number[]): string {
  const users = [...new Set(shares)].map((share) => `${whole(USERS_NEEDED / (share / 100))} at ${share} %`);
  return `The split is sticky per user (cluster: user), so a pass takes about ${USERS_NEEDED} active users on the gateway within nine days, whatever they ask: of all users ${listed(users)}. With fewer, take a larger share, a split by task, or gates that people decide (manual: true).`;
}

function unmeasuredNote(unmeasured: readonly string[]): string {
  return `Not in the table: ${listed(unmeasured)} cannot be measured, so no gate that requires this can pass, whatever the other metrics show. The warnings name sources that measure it.`;
}

const time = (seconds: number): string => milliseconds(Number((1_000 * seconds).toPrecision(2)));

/** Two or three digits: more would promise too much. */
function roundDays(value: number): string {
  return value.toLocaleString('en-US', { maximumSignificantDigits: value < 10 ? 2 : 3 });
}
