/** What is allowed but won't do what the team hopes for: warnings, each with a better way. */
import { gateKeyOf, type WrittenGates } from './gates.ts';
import { plainAddress, sendsInClearText } from './hosts.ts';
import { type Limit, limitsOf, METRICS, type MetricName } from './metrics.ts';
import { type ConfigFinding, finding, nearest, type SettingPath } from './problem.ts';
import type { Config, RolloutStage } from './schema.ts';
import { coverageGap, identifiesUsers } from './source-coverage.ts';
import { trafficAdvice } from './traffic-advice.ts';
import { type Advice, unreachable } from './unreachable-limits.ts';

/** The warnings of a config that is valid. */
export function adviceFor(config: Config, gates: WrittenGates): ConfigFinding[] {
  const pathOf = (stage: RolloutStage) => ['rollout', 'gates', metricsKeyOf(stage, gates), 'metrics'];
  return [
    ...urlAdvice(config),
    ...permissionAdvice(config),
    ...measureAdvice(config, pathOf),
    ...balanceAdvice(config, pathOf),
    ...fidelityAdvice(config),
    ...stickyAdvice(config),
    ...perMetric(config.rollout.stages, pathOf, (name, limit) => unreachable(name, limit, config.measure)),
    ...priceAdvice(config),
    ...trafficAdvice(config),
  ];
}

/** Where the metrics of a stage's gate are written, or would be. */
type MetricsPath = (stage: RolloutStage) => SettingPath;

function metricsKeyOf(stage: RolloutStage, gates: WrittenGates): string {
  const key = gateKeyOf(stage, gates);
  return key !== null && gates[key]?.metrics !== undefined ? key : 'default';
}

function urlAdvice({ official, gateway }: Config): ConfigFinding[] {
  const open = Object.entries({ official, gateway }).flatMap(([arm, { base_url }]) => {
    if (!sendsInClearText(new URL(base_url))) return [];
    return [finding([arm, 'base_url'], 'http would send the key in clear text', 'an https:// URL')];
  });
  if (plainAddress(official.base_url) !== plainAddress(gateway.base_url)) return open;
  const same = 'the gateway is the official API itself';
  return [...open, finding(['gateway', 'base_url'], same, 'the URL of the gateway')];
}

function permissionAdvice({ rollout }: Config): ConfigFinding[] {
  return Object.entries(rollout.permissions).flatMap(([command, role]) => {
    if (command === 'status' || command === 'help' || (role !== 'read' && role !== 'triage')) return [];
    const message = `${role} lets people without write access ${command} the rollout`;
    return [finding(['rollout', 'permissions', command], message, 'write or more')];
  });
}

/** Gates that wait for metrics that no source delivers. */
function measureAdvice({ measure, rollout }: Config, pathOf: MetricsPath): ConfigFinding[] {
  const waiting = rollout.stages.filter(
    (stage) => stage.kind === 'share' && limitsOf(stage.gate.metrics).length > 0,
  );
  if (measure === null) {
    if (waiting.length === 0) return [];
    const message = `there is no metrics source, so the gates of ${labelsOf(waiting)} have no data and cannot pass`;
    return [finding(['measure'], message, 'a source under measure, or manual: true in these gates')];
  }
  return perMetric(waiting, pathOf, (name, limit) => {
    const gap = coverageGap(measure, name, limit);
    if (gap === null) return null;
    if (limit.optional) {
      const message = `the default metric ${name} is skipped: ${gap.reason}`;
      return { message, expected: 'another source under measure, if you need this metric' };
    }
    const consequence = limit.guard ? 'this guard has no effect' : 'the gate cannot pass';
    const message = `${name} cannot be measured, so ${consequence}: ${gap.reason}`;
    return { message, expected: `${gap.fix}, or another metric` };
  });
}

function fidelityAdvice({ measure }: Config): ConfigFinding[] {
  if (measure === null || measure.fidelity_usd_per_day === null || measure.workflow !== null) return [];
  const message = 'without measure.workflow the App measures by itself, and asks no questions';
  return [
    finding(['measure', 'fidelity_usd_per_day'], message, 'measure.workflow, with both keys for observe'),
  ];
}

/** Without a failure metric and a latency metric, the rollout never advances on its own. */
function balanceAdvice({ rollout, measure }: Config, pathOf: MetricsPath): ConfigFinding[] {
  if (rollout.advance === 'manual' || measure === null) return [];
  // Stages that share a gate share the warning.
  const lacking = new Map<string, { path: SettingPath; missing: string; stages: RolloutStage[] }>();
  for (const stage of rollout.stages) {
    const metrics = limitsOf(stage.gate.metrics);
    if (stage.kind !== 'share' || stage.gate.manual || metrics.length === 0) continue;
    const measured = metrics.filter(
      ([name, limit]) => !limit.optional || coverageGap(measure, name, limit) === null,
    );
    const missing = (['failure', 'latency'] as const)
      .filter((about) => !measured.some(([name]) => METRICS[name].about === about))
      .join(' or ');
    if (missing === '') continue;
    const path = pathOf(stage);
    const key = `${path.join('.')} ${missing}`;
    lacking.set(key, { path, missing, stages: [...(lacking.get(key)?.stages ?? []), stage] });
  }
  return [...lacking.values()].map(({ path, missing, stages }) => {
    const message = `the gate of ${labelsOf(stages)} has no ${missing} metric, so the rollout never advances from there on its own`;
    return finding(path, message, 'metrics such as error_ratio and slow_ratio, or manual: true');
  });
}

/** Tasks of one user are alike, so they prove less. Only records that name the user show how much less. */
function stickyAdvice({ rollout, measure }: Config): ConfigFinding[] {
  const sources = [measure?.official, measure?.gateway].flatMap((source) => source ?? []);
  if (rollout.cluster !== 'user' || sources.length === 0 || sources.some(identifiesUsers)) return [];
  const waiting = rollout.stages.filter(
    ({ kind, gate }) => kind === 'share' && limitsOf(gate.metrics).some(([, { guard }]) => !guard),
  );
  if (waiting.length === 0) return [];
  const names = [...new Set(sources.map(({ source }) => source))].join(' and ');
  const message = `the gates of ${labelsOf(waiting)} can never be met: cluster: user needs to know which tasks belong to one user, which ${names} cannot show`;
  return [finding(['rollout', 'cluster'], message, 'jsonl as the source, with a hashed unit in each record')];
}

function priceAdvice({ measure, models }: Config): ConfigFinding[] {
  const known = models.flatMap(({ name, gateway_name }) => [name, gateway_name]);
  return Object.keys(measure?.prices ?? {}).flatMap((name) => {
    if (known.includes(name)) return [];
    const message = `the price of ${name} is never used: no such model is declared`;
    const more = { at: 'key', suggestion: nearest(name, known) } as const;
    return [finding(['measure', 'prices', name], message, 'a name from models', more)];
  });
}

/** One warning per metric, however many stages share it. It points at the first gate that has the metric. */
function perMetric(
  stages: readonly RolloutStage[],
  pathOf: MetricsPath,
  advise: (name: MetricName, limit: Limit) => Advice | null,
): ConfigFinding[] {
  const seen = new Set<string>();
  return stages.flatMap((stage) =>
    limitsOf(stage.gate.metrics).flatMap(([name, limit]) => {
      const advice = advise(name, limit);
      if (advice === null || seen.has(advice.message)) return [];
      seen.add(advice.message);
      return [finding([...pathOf(stage), name], advice.message, advice.expected)];
    }),
  );
}

const labelsOf = (stages: readonly RolloutStage[]) => stages.map(({ label }) => label).join(', ');
