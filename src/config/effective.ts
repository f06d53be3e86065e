/** The effective config in the file's own notation: reading it again gives the same one. */
import { stringify } from 'yaml';
import { formatDuration, formatShare } from './durations-and-shares.ts';
import type { Gate } from './gates.ts';
import { type Limit, limitsOf, METRICS, type MetricName } from './metrics.ts';
import type { SourceConfig } from './schema/measure.ts';
import type { Target, TrafficValue } from './schema/traffic.ts';
import type { Config } from './schema.ts';
import { SHADOW } from './stages.ts';

type Written = Readonly<Record<string, unknown>>;

/** @returns plain values as the file writes them, with every default filled in and without what is null */
export function effectiveConfig(config: Config): Written {
  const { name, models, client, measure, rollout, traffic, ...rest } = config;
  return {
    ...given({ name }),
    official: rest.official,
    gateway: rest.gateway,
    models: writtenModels(models),
    workloads: rest.workloads,
    client: { ...client, timeout: formatDuration(client.timeout) },
    check: rest.check,
    policy: rest.policy,
    ...given({ quality: rest.quality }),
    rollout: writtenRollout(rollout),
    ...given({ measure: measure && writtenMeasure(measure) }),
    traffic: traffic.map(writtenTarget),
  };
}

export function formatEffective(config: Config): string {
  return formatYaml(effectiveConfig(config));
}

export function formatYaml(settings: Written): string {
  return stringify(settings, { lineWidth: 0, aliasDuplicateObjects: false });
}

function writtenModels(models: Config['models']): unknown {
  return models.every(({ name, gateway_name }) => name === gateway_name)
    ? models.map(({ name }) => name)
    : Object.fromEntries(models.map(({ name, gateway_name }) => [name, gateway_name]));
}

function writtenRollout(rollout: Config['rollout']): Written {
  const { stages, advance, on_failure, advance_window: window, ...rest } = rollout;
  const { holdback, max_duration, watch, confidence, shadow, ...plain } = rest;
  return {
    stages: stages.map(({ label }) => label),
    advance,
    on_failure,
    gates: Object.fromEntries(
      stages.map(({ label, kind, gate }) => [label, writtenGate(gate, kind === 'share')]),
    ),
    holdback: formatShare(holdback),
    max_duration: formatDuration(max_duration),
    watch: formatDuration(watch),
    confidence: formatShare(confidence),
    ...plain,
    ...(shadow.max_cost_usd === null ? {} : { shadow }),
    ...given({ advance_window: window && { ...window, hours: `${window.hours.from}-${window.hours.to}` } }),
  };
}

/** A production gate without `manual` would inherit what it leaves out, so it states everything. */
function writtenGate(gate: Gate, production: boolean): Written {
  const { manual, workflows, checks, metrics, min_duration, min_tasks, approvals } = gate;
  const explicit = production && !manual;
  const limits = limitsOf(metrics).map(([name, limit]) => [name, writtenLimit(name, limit)]);
  return {
    ...(manual || !production ? { manual } : {}),
    ...(workflows.length > 0 ? { workflows } : {}),
    ...(checks.length > 0 ? { checks } : {}),
    ...(explicit || min_duration > 0 ? { min_duration: formatDuration(min_duration) } : {}),
    ...(explicit || min_tasks !== 0 ? { min_tasks } : {}),
    ...(explicit || limits.length > 0 ? { metrics: Object.fromEntries(limits) } : {}),
    ...(approvals > 0 ? { approvals } : {}),
  };
}

function writtenLimit(name: MetricName, limit: Limit): Written {
  const { min, max, max_drop, max_increase, guard, optional } = limit;
  const { unit } = METRICS[name];
  const absolute = (value: number | undefined) => {
    if (value === undefined) return null;
    if (unit === 'duration') return formatDuration(value);
    return unit === 'share' ? formatShare(value) : value;
  };
  const relative = (value: number | undefined) => (value === undefined ? null : formatShare(value));
  const [drop, increase] = [relative(max_drop), relative(max_increase)];
  return {
    ...given({ min: absolute(min), max: absolute(max), max_drop: drop, max_increase: increase }),
    ...(guard ? { guard } : {}),
    ...(optional ? { optional } : {}),
  };
}

function writtenMeasure(measure: NonNullable<Config['measure']>): Written {
  const { official, gateway, interval, workflow, baseline, prices } = measure;
  const shared = official !== null && JSON.stringify(official) === JSON.stringify(gateway);
  const sources = shared
    ? writtenSource(official)
    : given({ official: official && writtenSource(official), gateway: gateway && writtenSource(gateway) });
  return {
    ...sources,
    interval: formatDuration(interval),
    ...given({ workflow }),
    baseline: formatDuration(baseline),
    prices: Object.fromEntries(Object.entries(prices).map(([model, price]) => [model, given(price)])),
  };
}

function writtenSource({ source, labels, series, label_names, ...settings }: SourceConfig): Written {
  const names = source === 'prometheus' ? { labels, series, label_names } : {};
  return { source, ...given(settings), ...names };
}

function writtenTarget(target: Target): Written {
  const { kind, ...settings } = target;
  switch (target.kind) {
    case 'file': {
      const { path, branch, deployed_by } = target;
      const set = target.set.map(({ pointer, ...value }) => [pointer, writtenValue(value)]);
      return { file: { path, ...given({ branch }), deployed_by, set: Object.fromEntries(set) } };
    }
    case 'variable':
      return { variable: given({ ...settings, value: writtenValue(target.value) }) };
    case 'deployment':
    case 'workflow':
      return { [kind]: { ...settings, timeout: formatDuration(target.timeout) } };
    case 'dispatch':
      return { [kind]: settings };
  }
}

function writtenValue({ value, slice }: TrafficValue): string {
  if (slice === SHADOW && value === 'share') return SHADOW;
  return slice === null ? value : `${value}(${slice})`;
}

/** Without the keys that are null. */
function given(settings: Written): Written {
  return Object.fromEntries(Object.entries(settings).filter(([, value]) => value !== null));
}
