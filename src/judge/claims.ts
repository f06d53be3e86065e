/** Turns the limits of a gate into claims to be proven, one for each limit. */
import type { Gate } from '../config/gates.ts';
import { type Limit, limitsOf, type MetricName } from '../config/metrics.ts';
import type { FollowedRate } from './baseline.ts';
import { absolute, againstHistory, eventRatio, quantileRatio, rateDifference } from './comparisons.ts';
import { meanGauge, quantileGauge, rateGauge } from './gauges.ts';
import type { Baseline } from './kept.ts';
import { inUnits, isRelative, kindsOf, type LimitKind, raiseBy } from './limit-units.ts';
import { absoluteMean, meanAtUsualMix, meanComparison } from './mean-comparison.ts';
import { type DataGap, type Gauge, type Level, type Method, type Sums, totalOf } from './method.ts';
import { METRIC_DEFINITIONS, type MetricDefinition, slowerThan } from './metrics.ts';
import { againstPastRate } from './past-rate.ts';
import { atUsualMix } from './spending.ts';
import type { EventsOf, ModelFilter } from './strata.ts';
import { type UserLimit, userLimit } from './users.ts';

/** What a stage requires, as the judge needs it. */
export interface StageSetting {
  readonly gate: Pick<Gate, 'metrics' | 'min_tasks'>;
  /** How many stages move traffic of the same slice: together they have one α. */
  readonly productionStages: number;
  /** How many limits these stages have: they share α in equal parts. */
  readonly limitsOfRoad: number;
  /** Percent. */
  readonly confidence: number;
  /** `user`: the split is sticky. */
  readonly cluster: 'task' | 'user';
  readonly models: ModelFilter;
  /** `history`: nothing stays on the official arm during the stage. */
  readonly official: 'concurrent' | 'history';
  /** Percent of the stage's slice on the gateway; left out where it does not matter. */
  readonly share?: number;
}

/** One limit of one metric, and how it is judged. */
export interface Claim {
  /** The same limit has the same name in all stages. */
  readonly name: string;
  /** Sums of the same form add up over stages. */
  readonly form: string;
  readonly metric: MetricName;
  readonly definition: MetricDefinition;
  /** `frozen`: set by the judge where no official arm is left; it can fail, but is not required to pass. */
  readonly kind: LimitKind | 'frozen';
  /** As the config writes it: percent, ratio, milliseconds, US dollars or tokens. */
  readonly limit: number;
  /** It compares with the official arm of the same hours: worthless if the traffic split or a source is wrong. */
  readonly relative: boolean;
  /** It compares with the official arm's past. */
  readonly historical: boolean;
  /** `pause` for costs, whose proof is only asymptotic, and for history, which assumes that nothing else changed. */
  readonly onFailure: 'rollback' | 'pause';
  /** Whether evidence that restarts at each hour can add anything. */
  readonly restarts: boolean;
  /** It can pass, but not fail: the caches of a small arm are cold, whatever the gateway does. */
  readonly informs: boolean;
  /** Why it cannot be judged, whatever the gateway does: the history has a gap. */
  readonly gap: DataGap | null;
  readonly method: Method;
  /** How users prove it kept; null where they cannot. */
  readonly users: UserLimit | null;
}

/** A metric with its gauge. */
export interface GaugedMetric {
  readonly metric: MetricName;
  readonly limit: Limit;
  readonly definition: MetricDefinition;
  readonly gauge: Gauge;
}

/** The metrics of a gate in the order of the config; then those that are always watched where no official arm is left. */
export function gaugedMetrics({ gate, official }: StageSetting, baseline: Baseline): readonly GaugedMetric[] {
  const configured = limitsOf(gate.metrics);
  const watched = FROZEN_METRICS.filter(
    (name) => official === 'history' && gate.metrics[name] === undefined,
  ).map((name) => [name, WATCHED] as const);
  return [...configured, ...watched].map(([metric, limit]) => {
    const definition = METRIC_DEFINITIONS[metric];
    return { metric, limit, definition, gauge: gaugeOf(definition, baseline) };
  });
}

const WATCHED: Limit = { guard: true, optional: true };

/** The metrics of which a limit compares rates with the official arm: what it expects of that arm is learned. */
export function followedRates({ gate, official }: StageSetting, baseline: Baseline): readonly FollowedRate[] {
  if (official === 'history') return [];
  return limitsOf(gate.metrics).flatMap(([metric, limit]) => {
    const definition = METRIC_DEFINITIONS[metric];
    const isCompared = kindsOf(limit).some(([kind]) => isRelative(metric, kind, definition));
    if (!isCompared) return [];
    if (definition.kind === 'slow') return [{ metric, eventsOf: slowEvents(baseline) }];
    return definition.kind === 'rate' ? [{ metric, eventsOf: definition.eventsOf }] : [];
  });
}

/** Every claim of a stage: each limit of its gate, and the frozen limits where no official arm is left. */
export function claimsOf(
  setting: StageSetting,
  metrics: readonly GaugedMetric[],
  baseline: Baseline,
  level: Level,
): readonly Claim[] {
  const claims = metrics.flatMap((metric) =>
    kindsOf(metric.limit).map(([kind, limit]) => claimOf(setting, metric, kind, limit, baseline, level)),
  );
  return setting.official === 'history' ? [...claims, ...frozenClaims(baseline, level)] : claims;
}

function claimOf(
  setting: StageSetting,
  { metric, definition, gauge }: GaugedMetric,
  kind: LimitKind,
  limit: number,
  baseline: Baseline,
  level: Level,
): Claim {
  const relative = isRelative(metric, kind, definition);
  const historical = relative && setting.official === 'history';
  const bounded = inUnits(definition, kind, limit, relative);
  const raise = raiseBy(definition, kind, bounded);
  const method = historical
    ? pastMethod(definition)(gauge, baseline.history[metric] ?? [], raise)
    : relative
      ? relativeMethod(metric, definition, kind, bounded, baseline)
      : absoluteMethod(metric, definition, gauge, bounded, baseline);
  const past = historical
    ? allowedByPast(gauge, baseline.history[metric] ?? [], pastLevel(level, definition, baseline), raise)
    : null;
  const informs = relative && ON_CACHES.includes(metric) && (setting.share ?? 100) < WARM_FROM;
  return {
    name: nameOf(metric, kind, limit),
    form: historical ? 'history' : formOf(definition, baseline),
    metric,
    definition,
    kind,
    limit,
    relative: relative && !historical,
    historical,
    onFailure: historical || definition.kind === 'mean' ? 'pause' : 'rollback',
    restarts: !historical || definition.kind !== 'mean',
    informs,
    gap: historical ? gauge.read(baseline.history[metric] ?? [], level).gap : null,
    users: userLimit(definition, bounded, kind, relative, past),
    method: informs ? { ...method, violationLength: 0, isViolated: () => false } : method,
  };
}

function pastMethod({ kind }: MetricDefinition): typeof againstHistory {
  return kind === 'rate' || kind === 'slow' ? againstPastRate : againstHistory;
}

/** The level of a statement about the past. */
function pastLevel(level: Level, { kind }: MetricDefinition, { clusters }: Baseline): Level {
  return { ...level, designEffect: (kind === 'slow' ? clusters?.slow : clusters?.failures) ?? 1 };
}

/** The largest value that a limit on the past allows; half of α is spent on the interval of the past. */
function allowedByPast(
  gauge: Gauge,
  history: Sums,
  level: Level,
  raise: (official: number) => number,
): number {
  return raise(gauge.read(history, { ...level, alpha: level.alpha / 2 }).interval?.low ?? 0);
}

/** Percent of the traffic from which on prompt caches are as warm on the gateway as on the official arm. */
const WARM_FROM = 25;
const ON_CACHES: readonly MetricName[] = ['cost_per_task', 'cache_ratio'];

function nameOf(metric: MetricName, kind: Claim['kind'], limit: number): string {
  return `${metric} ${kind} ${limit}`;
}

/** Counts at other bounds do not add up. */
function formOf(definition: MetricDefinition, baseline: Baseline): string {
  if (definition.kind !== 'quantile') return '';
  const { gateway, official } = baseline[definition.which];
  return [gateway, official]
    .map((bounds) => `${bounds.length} ${totalOf(bounds, (bound) => bound)}`)
    .join(' ');
}

/** How many different limits the stages of a road have, the frozen ones of a stage without an official arm included. */
export function countLimits(stages: readonly Pick<StageSetting, 'gate' | 'official'>[]): number {
  const names = stages.flatMap(({ gate }) =>
    limitsOf(gate.metrics).flatMap(([metric, limit]) =>
      kindsOf(limit).map(([kind, value]) => nameOf(metric, kind, value)),
    ),
  );
  return (
    new Set(names).size + (stages.some(({ official }) => official === 'history') ? FROZEN_METRICS.length : 0)
  );
}

const FROZEN_METRICS = ['success_rate', 'slow_ratio'] as const;

/** The largest drop of the success rate below the official arm's proven rate, in percentage points. */
const FROZEN_DROP = 2;
/** The largest share of slow tasks, as a multiple of the official arm's proven share. */
const FROZEN_SLOW_FACTOR = 2;

/** Absolute limits from the official arm's past, so that a rollback is possible without an official arm. */
function frozenClaims(baseline: Baseline, level: Level): Claim[] {
  const frozen = (
    metric: 'success_rate' | 'slow_ratio',
    eventsOf: EventsOf,
    raise: (high: number) => number,
  ): Claim[] => {
    const gauge = rateGauge(eventsOf);
    const past = pastLevel(level, METRIC_DEFINITIONS[metric], baseline);
    const official = gauge.read(baseline.history[metric] ?? [], past).interval;
    if (official === null) return [];
    const most = raise(official.high);
    return [
      {
        name: nameOf(metric, 'frozen', 0),
        form: String(most),
        metric,
        definition: METRIC_DEFINITIONS[metric],
        kind: 'frozen',
        limit: metric === 'success_rate' ? 100 * (1 - most) : 100 * most,
        relative: false,
        historical: false,
        onFailure: 'rollback',
        restarts: true,
        informs: false,
        gap: null,
        method: absolute(gauge, Math.min(1, most)),
        users: null,
      },
    ];
  };
  const { eventsOf: failed } = METRIC_DEFINITIONS.success_rate;
  const { slowBound } = baseline;
  return [
    ...frozen('success_rate', failed, (high) => high + FROZEN_DROP / 100),
    ...(slowBound === null
      ? []
      : frozen('slow_ratio', slowerThan(slowBound), (high) => high * FROZEN_SLOW_FACTOR)),
  ];
}

function gaugeOf(definition: MetricDefinition, baseline: Baseline): Gauge {
  switch (definition.kind) {
    case 'rate':
      return rateGauge(definition.eventsOf);
    case 'slow':
      return rateGauge(slowEvents(baseline));
    case 'quantile': {
      const { gateway, official } = baseline[definition.which];
      // One gauge reads both arms. If their sources have different bounds, it uses those that both have.
      const common = official.length === 0 ? gateway : gateway.filter((bound) => official.includes(bound));
      return quantileGauge(definition.q, definition.timesOf, gateway.length === 0 ? official : common);
    }
    case 'mean':
      return meanGauge(definition.partsOf, definition.scale, definition.least);
  }
}

function relativeMethod(
  metric: MetricName,
  definition: MetricDefinition,
  kind: LimitKind,
  limit: number,
  baseline: Baseline,
): Method {
  const rates = baseline.rates[metric] ?? [];
  switch (definition.kind) {
    case 'rate':
      return kind === 'max'
        ? eventRatio(definition.eventsOf, limit, rates)
        : rateDifference(definition.eventsOf, limit, rates);
    case 'slow':
      return eventRatio(slowEvents(baseline), limit, rates);
    case 'quantile':
      return quantileRatio(definition.q, definition.timesOf, baseline[definition.which], limit);
    case 'mean':
      return meanComparison(definition.partsOf, definition.scale, limit, definition.least);
  }
}

function absoluteMethod(
  metric: MetricName,
  definition: MetricDefinition,
  gauge: Gauge,
  limit: number,
  { spending = {} }: Baseline,
): Method {
  if (definition.kind !== 'mean') return absolute(gauge, limit);
  const { partsOf } = definition;
  return metric === 'cost_ratio'
    ? meanAtUsualMix(gauge, limit, (strata) => atUsualMix(spending, partsOf, strata))
    : absoluteMean(gauge, limit);
}

/** Until the bound is known, no task counts. */
function slowEvents({ slowBound }: Baseline): EventsOf {
  return slowBound === null
    ? ({ latency, tasks }) => (latency.length > 0 || tasks === 0 ? { events: 0, tasks: 0 } : null)
    : slowerThan(slowBound);
}
