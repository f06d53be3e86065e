/** Turns the limits of a gate into claims to be proven, one for each limit. */
import type { Gate } from '../config/gates.ts';
import { type Limit, limitsOf, type MetricName } from '../config/metrics.ts';
import type { Config } from '../config/schema.ts';
import type { FollowedRate } from './baseline.ts';
import { pastEffect } from './design-effect.ts';
import { eventsIn, type Judging, judging } from './judging.ts';
import type { Baseline } from './kept.ts';
import { inUnits, isRelative, kindsOf, type LimitKind, raiseBy } from './limit-units.ts';
import { type DataGap, type Level, type Method, totalOf } from './method.ts';
import { definitionOf, type MetricDefinition } from './metrics.ts';
import { pairedMethod } from './pairs/paired-limits.ts';
import type { ModelFilter } from './strata.ts';
import { type UserLimit, userLimit } from './users.ts';

/** What a stage requires, as the judge needs it. */
export interface StageSetting extends Pick<Config['rollout'], 'confidence' | 'cluster'> {
  readonly gate: Pick<Gate, 'metrics' | 'min_tasks'>;
  /** How many stages move traffic of the same slice: together they have one α. */
  readonly productionStages: number;
  /** How many limits these stages have: they share α in equal parts. */
  readonly limitsOfRoad: number;
  readonly models: ModelFilter;
  /** `history`: nothing stays on the official arm during the stage. */
  readonly official: 'concurrent' | 'history';
  /** Copies of requests are compared with their originals. */
  readonly copies?: boolean;
  /** Percent of the stage's slice on the gateway; left out where it does not matter. */
  readonly share?: number;
}

/** One limit of one metric, and how it is judged. */
export interface Claim {
  /** In the plan, and in the evidence. */
  readonly index: number;
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

/** A metric of a gate, and how it is judged. */
export interface GaugedMetric extends Judging {
  readonly metric: MetricName;
  readonly limit: Limit;
  readonly definition: MetricDefinition;
}

/** The metrics of a gate in the order of the config; then those that are always watched where no official arm is left. */
export function gaugedMetrics({ gate, official }: StageSetting, baseline: Baseline): readonly GaugedMetric[] {
  const watched = official === 'history' ? FROZEN_METRICS : [];
  const unnamed = watched.filter((name) => gate.metrics[name] === undefined);
  return [...limitsOf(gate.metrics), ...unnamed.map((name) => [name, WATCHED] as const)].map(
    ([metric, limit]) => {
      const definition = definitionOf(metric);
      return { metric, limit, definition, ...judging(metric, definition, baseline) };
    },
  );
}

const WATCHED: Limit = { guard: true, optional: true };

/** The metrics of which a limit compares rates with the official arm: what it expects of that arm is learned. */
export function followedRates({ gate, official }: StageSetting, baseline: Baseline): readonly FollowedRate[] {
  if (official === 'history') return [];
  return limitsOf(gate.metrics).flatMap(([metric, limit]) => {
    const definition = definitionOf(metric);
    const isCompared = kindsOf(limit).some(([kind]) => isRelative(metric, kind));
    const isRate = definition.kind === 'rate' || definition.kind === 'slow';
    return isCompared && isRate ? [{ metric, eventsOf: eventsIn(definition, baseline) }] : [];
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
  const frozen = setting.official === 'history' ? frozenClaims(metrics, baseline, level) : [];
  return [...claims, ...frozen].map((claim, index) => ({ ...claim, index }));
}

type Unplaced = Omit<Claim, 'index'>;

function claimOf(
  setting: StageSetting,
  { metric, definition, gauge, absolute, relative, againstPast }: GaugedMetric,
  kind: LimitKind,
  limit: number,
  baseline: Baseline,
  level: Level,
): Unplaced {
  const compares = isRelative(metric, kind);
  const historical = compares && setting.official === 'history' && definition.kind !== 'preference';
  const bounded = inUnits(definition, kind, limit, compares);
  const raise = raiseBy(definition, kind, bounded);
  const history = baseline.history[metric] ?? [];
  const paired = setting.copies ? pairedMethod(metric, definition, kind, bounded) : null;
  const compared = () => (historical ? againstPast(history, raise) : (paired ?? relative(kind, bounded)));
  const method = compares ? compared() : absolute(bounded);
  // Users prove a limit on the past with half of α; the other half is spent on the interval of the past.
  const half = { ...level, alpha: level.alpha / 2 };
  const past = () => gauge.read(history, half, pastEffect(definition, baseline)).interval?.low ?? 0;
  const informs = compares && ON_CACHES.includes(metric) && (setting.share ?? 100) < WARM_FROM;
  return {
    name: nameOf(metric, kind, limit),
    form: historical ? 'history' : formOf(definition, baseline),
    metric,
    definition,
    kind,
    limit,
    relative: compares && !historical,
    historical,
    onFailure: historical || definition.kind === 'mean' ? 'pause' : 'rollback',
    restarts: !historical || definition.kind !== 'mean',
    informs,
    gap: historical ? gauge.read(history, level, 1).gap : null,
    users: userLimit(definition, bounded, kind, compares, historical ? raise(past()) : null),
    method: informs ? { ...method, violationLength: 0, isViolated: () => false } : method,
  };
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
  const names = stages.flatMap(({ gate, official }) => [
    ...(official === 'history' ? FROZEN_METRICS : []),
    ...limitsOf(gate.metrics).flatMap(([metric, limit]) =>
      kindsOf(limit).map(([kind, value]) => nameOf(metric, kind, value)),
    ),
  ]);
  return new Set(names).size;
}

const FROZEN_METRICS = ['success_rate', 'slow_ratio'] as const;
/** The largest rate of failures, and of slow tasks, from the largest that the official arm's past allows. */
const FROZEN_LIMITS = {
  success_rate: (official: number) => official + 0.02,
  slow_ratio: (official: number) => official * 2,
} as const;

/** Absolute limits from the official arm's past, so that a rollback is possible without an official arm. */
function frozenClaims(metrics: readonly GaugedMetric[], baseline: Baseline, level: Level): Unplaced[] {
  return FROZEN_METRICS.flatMap((metric): Unplaced[] => {
    const found = metrics.find((each) => each.metric === metric);
    const effect = found === undefined ? 1 : pastEffect(found.definition, baseline);
    const official = found?.gauge.read(baseline.history[metric] ?? [], level, effect).interval ?? null;
    if (found === undefined || official === null) return [];
    const most = FROZEN_LIMITS[metric](official.high);
    return [
      {
        name: nameOf(metric, 'frozen', 0),
        form: String(most),
        metric,
        definition: found.definition,
        kind: 'frozen',
        limit: 100 * (metric === 'success_rate' ? 1 - most : most),
        relative: false,
        historical: false,
        onFailure: 'rollback',
        restarts: true,
        informs: false,
        gap: null,
        method: found.absolute(Math.min(1, most)),
        users: null,
      },
    ];
  });
}
