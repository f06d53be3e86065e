/**
 * How long the gates of a config take, and whether they can pass at all, in words: below the config, and on the issue
 * before the start.
 */
import { limitsOf, type MetricName } from '../config/metrics.ts';
import type { Config, RolloutStage } from '../config/schema.ts';
import { boundsOf, coverageGap, type Sources } from '../config/source-coverage.ts';
import { isShadow } from '../config/stages.ts';
import { EXPECTED_SECONDS, forecastRollout, type StageForecast } from '../judge/forecast.ts';
import { hasWatch } from '../judge/stage-setting.ts';
import { BOUNDS } from '../measure/histogram.ts';
import { listed, milliseconds, percent, whole } from '../wording/amounts.ts';
import { cacheCaution } from '../wording/cache-advice.ts';

/** What is shown: the days of each stage, and a sentence for each thing that people should know. */
export interface ForecastText {
  readonly title: string;
  /** Tasks a day, one for each column. */
  readonly sizes: readonly string[];
  readonly rows: readonly { readonly stage: string; readonly days: readonly string[] }[];
  readonly notes: readonly string[];
  /** Days of all stages together, one for each column. */
  readonly totals: readonly number[];
}

/** When the config is checked, the traffic is unknown: some sizes are assumed. */
const TASKS_PER_DAY = [500, 2_000, 20_000, 200_000];
const ERROR_RATE = 0.005;
const DAY = 86_400_000;

/**
 * How long a healthy gateway needs in each production stage; null where nothing is measured, or no stage can be
 * forecast. What takes longer than `max_duration` is marked.
 * @param sizes tasks a day, both arms together
 */
export function forecastOf(config: Config, sizes: readonly number[] = TASKS_PER_DAY): ForecastText | null {
  const { measure, rollout } = config;
  if (measure === null) return null;
  // The coarser buckets of the two decide a limit; unknown bounds are assumed to be our own.
  const bounds = [measure.gateway, measure.official]
    .map((source) => (source && boundsOf(source, 'latency')) ?? BOUNDS)
    .reduce((a, b) => (b.length < a.length ? b : a));
  const stages = rollout.stages.map((stage) => measurable(stage, measure));
  const measured = withoutHoldback({ ...config, rollout: { ...rollout, stages } });
  const columns = sizes.map((tasksPerDay) =>
    forecastRollout(measured, { tasksPerDay, errorRate: ERROR_RATE, bounds }),
  );
  const rows = (columns[0] ?? []).map(({ stage }, index) => ({
    stage,
    ...rowOf(columns.flatMap((column) => column[index] ?? [])),
  }));
  if (rows.length === 0) return null;
  const most = rollout.max_duration / DAY;
  const daysText = (days: number) =>
    `${Number.isFinite(days) ? roundDays(days) : 'never'}${days > most ? ' !' : ''}`;
  const caution = cacheCaution(config);
  const { median, p95 } = EXPECTED_SECONDS;
  const assumed = `${percent(100 * ERROR_RATE)} errors, a median task time of ${time(median)} and a 95th percentile of ${time(p95)}`;
  return {
    title: `Days that a gateway as good as the official API needs to pass each stage, assuming ${assumed}:`,
    sizes: sizes.map(whole),
    rows: rows.map(({ stage, days }) => ({ stage, days: days.map(daysText) })),
    notes: [
      ...tooLongNote(rows, columns.flat(), most),
      ...neverProvenNotes(rows),
      ...unmeasuredNote(rollout.stages, measure),
      ...(rollout.cluster === 'user' ? usersNote(stages) : []),
      ...(caution === null ? [] : [caution]),
      ...(hasWatch(config)
        ? [`After the last stage: ${roundDays(rollout.watch / DAY)} days of watching (rollout.watch).`]
        : []),
    ],
    totals: sizes.map((_, size) => rows.reduce((sum, { days }) => sum + (days[size] ?? 0), 0)),
  };
}

/** With the shares that are moved: what is held back stays official. */
export function withoutHoldback({ rollout, ...config }: Config): Config {
  const most = 100 - rollout.holdback;
  const stages = rollout.stages.map((stage) =>
    stage.kind === 'share' && !isShadow(stage) ? { ...stage, share: Math.min(stage.share, most) } : stage,
  );
  return { ...config, rollout: { ...rollout, stages } };
}

/** The stage without the metrics that its sources do not provide. */
function measurable(stage: RolloutStage, sources: Sources): RolloutStage {
  const known = limitsOf(stage.gate.metrics).filter(
    ([name, limit]) => coverageGap(sources, name, limit) === null,
  );
  return { ...stage, gate: { ...stage.gate, metrics: Object.fromEntries(known) } };
}

/** One stage at each size of traffic. */
interface Row {
  /** Metrics that are never proven, however much traffic there is. */
  readonly neverProven: readonly MetricName[];
  /** Without these metrics; Infinity: never, with so few tasks. */
  readonly days: readonly number[];
}

function rowOf(sizes: readonly StageForecast[]): Row {
  const required = sizes.map(({ metrics }) => metrics.filter(({ guard }) => !guard));
  const neverProven = (required[0] ?? []).flatMap(({ metric }) =>
    required.every((each) => each.find((one) => one.metric === metric)?.days === null) ? [metric] : [],
  );
  const days = sizes.map(({ leastDays }, size) => {
    const proven = required[size]?.filter(({ metric }) => !neverProven.includes(metric)) ?? [];
    return Math.max(leastDays, ...proven.map((each) => each.days ?? Number.POSITIVE_INFINITY));
  });
  return { neverProven, days };
}

/** Names the metrics that take too long, so that people can loosen them or turn them into guards. */
function tooLongNote(rows: readonly Row[], forecasts: readonly StageForecast[], most: number): string[] {
  if (!rows.some(({ days }) => Math.max(...days) > most)) return [];
  const never = rows.flatMap(({ neverProven }) => neverProven);
  const metrics = forecasts
    .flatMap((stage) => stage.metrics)
    .filter(({ guard, days, metric }) => !guard && !never.includes(metric) && (days === null || days > most))
    .map(({ metric }) => metric);
  const names = [...new Set(metrics)];
  const fix = names.length === 0 ? '' : ` For ${listed(names)}, use a wider limit or guard: true.`;
  return [
    `! means longer than max_duration (${roundDays(most)} days): the rollout would pause undecided.${fix} Or take a road that fits the traffic: copies first (shadow: 100%), a larger first share, stages by workload, or gates that people decide (manual: true).`,
  ];
}

function neverProvenNotes(rows: readonly (Row & { readonly stage: string })[]): string[] {
  const metrics = new Set(rows.flatMap(({ neverProven }) => neverProven));
  return [...metrics].map((metric) => {
    const stages = rows.flatMap(({ stage, neverProven }) => (neverProven.includes(metric) ? [stage] : []));
    const where = stages.length === rows.length ? 'in any stage' : `in ${listed(stages)}`;
    return `Not in the table: ${metric} cannot be proven ${where} under these assumptions, so the rollout would pause undecided, whatever the other metrics show. Use a wider limit or guard: true.`;
  });
}

/** The metrics that gates require but the sources do not provide; they are in no column. */
function unmeasuredNote(stages: readonly RolloutStage[], sources: Sources): string[] {
  const names = stages
    .filter(({ kind }) => kind === 'share')
    .flatMap(({ gate }) => limitsOf(gate.metrics))
    .filter(([name, limit]) => !limit.guard && !limit.optional && coverageGap(sources, name, limit) !== null)
    .map(([name]) => name);
  if (names.length === 0) return [];
  return [
    `Not in the table: ${listed([...new Set(names)])} cannot be measured, so no gate that requires this can pass, whatever the other metrics show. The warnings name sources that measure it.`,
  ];
}

/** A pass is proven by users, however many tasks each of them has. */
const USERS_NEEDED = 400;

/** For the shares of the stages whose gates have to be proven beside the official arm. */
function usersNote(stages: readonly RolloutStage[]): string[] {
  const shares = stages.flatMap((stage) => {
    const isProven = limitsOf(stage.gate.metrics).some(([, { guard }]) => !guard);
    return stage.kind === 'share' && stage.share < 100 && isProven ? [stage.share] : [];
  });
  if (shares.length === 0) return [];
  const users = [...new Set(shares)].map((share) => `${whole(USERS_NEEDED / (share / 100))} at ${share} %`);
  return [
    `The split is sticky per user (cluster: user), so a pass takes about ${USERS_NEEDED} active users on the gateway within nine days, whatever they ask: of all users ${listed(users)}. With fewer, take a larger share, a split by task, or gates that people decide (manual: true).`,
  ];
}

const time = (seconds: number): string => milliseconds(Number((1_000 * seconds).toPrecision(2)));

/** Two or three digits: more would promise too much. */
function roundDays(value: number): string {
  return value.toLocaleString('en-US', { maximumSignificantDigits: value < 10 ? 2 : 3 });
}
