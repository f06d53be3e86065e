/** What is allowed, but will not do what the team hopes for: warnings, each with the better way. */
import { gateKeyOf, type WrittenGates } from './gates.ts';
import { isPrivateHost } from './hosts.ts';
import { type Limit, limitsOf, METRICS, type MetricName } from './metrics.ts';
import { type Finding, finding, nearest, type SettingPath } from './problem.ts';
import type { Config, RolloutStage } from './schema.ts';
import { coverageGap, identifiesUsers } from './source-coverage.ts';
import { trafficAdvice } from './traffic-advice.ts';
import { type Advice, unreachable } from './unreachable-limits.ts';

/** The warnings of a configuration that is valid. */
export function adviceFor(config: Config, gates: WrittenGates): Finding[] {
  const place = (stage: RolloutStage): SettingPath => [
    'rollout',
    'gates',
    metricsKeyOf(stage, gates),
    'metrics',
  ];
  return [
    ...addressAdvice(config),
    ...permissionAdvice(config),
    ...measureAdvice(config, place),
    ...balanceAdvice(config, place),
    ...stickyAdvice(config),
    ...limitAdvice(config, place),
    ...priceAdvice(config),
    ...trafficAdvice(config),
  ];
}

/** Where the metrics of a stage's gate are written, or would be. */
type Place = (stage: RolloutStage) => SettingPath;

function metricsKeyOf(stage: RolloutStage, gates: WrittenGates): string {
  const key = gateKeyOf(stage, gates);
  return key !== null && gates[key]?.metrics !== undefined ? key : 'default';
}

function addressAdvice({ official, gateway }: Config): Finding[] {
  const open = Object.entries({ official, gateway }).flatMap(([arm, { base_url }]) => {
    const url = new URL(base_url);
    if (url.protocol !== 'http:' || isPrivateHost(url.hostname)) return [];
    return [
      finding([arm, 'base_url'], 'the key would travel over http in clear text', 'an https:// address'),
    ];
  });
  if (bare(official.base_url) !== bare(gateway.base_url)) return open;
  return [
    ...open,
    finding(['gateway', 'base_url'], 'the gateway is the official API itself', 'the address of the gateway'),
  ];
}

function permissionAdvice({ rollout }: Config): Finding[] {
  return Object.entries(rollout.permissions).flatMap(([command, role]) => {
    if (command === 'status' || command === 'help' || (role !== 'read' && role !== 'triage')) return [];
    return [
      finding(
        ['rollout', 'permissions', command],
        `with ${role}, people who may not write to the repository can ${command} the rollout`,
        'write or more',
      ),
    ];
  });
}

/** Gates that ask for numbers which nobody delivers. */
function measureAdvice(config: Config, place: Place): Finding[] {
  const { measure, rollout } = config;
  const waiting = rollout.stages.filter(
    (stage) => stage.kind === 'share' && limitsOf(stage.gate.metrics).length > 0,
  );
  if (measure === null) {
    if (waiting.length === 0) return [];
    const labels = waiting.map(({ label }) => label).join(', ');
    const message = `there is no source of measurement, so the gates of ${labels} have no data and cannot pass`;
    return [finding(['measure'], message, 'a source under measure, or manual: true in these gates')];
  }
  return perMetric(waiting, place, (name, limit) => {
    const gap = coverageGap(measure, name, limit);
    if (gap === null) return null;
    if (limit.optional) {
      return {
        message: `the default metric ${name} is left out: ${gap.why}`,
        expected: 'another source under measure where it matters',
      };
    }
    const consequence = limit.guard ? 'this guard never sees anything' : 'the gate cannot pass';
    return {
      message: `${name} cannot be measured, so ${consequence}: ${gap.why}`,
      expected: `${gap.way}, or another metric`,
    };
  });
}

/** Without one metric of failure and one of latency, the rollout never advances by itself. */
function balanceAdvice({ rollout, measure }: Config, place: Place): Finding[] {
  if (rollout.advance === 'manual' || measure === null) return [];
  const lacking = rollout.stages.flatMap((stage) => {
    const metrics = limitsOf(stage.gate.metrics);
    if (stage.kind !== 'share' || stage.gate.manual || metrics.length === 0) return [];
    const kept = metrics.filter(
      ([name, limit]) => !limit.optional || coverageGap(measure, name, limit) === null,
    );
    const missing = (['failure', 'latency'] as const).filter(
      (about) => !kept.some(([name]) => METRICS[name].about === about),
    );
    return missing.length === 0 ? [] : [{ stage, missing: missing.join(' and none of ') }];
  });
  // Stages that share a gate share the warning.
  const keyOf = ({ stage, missing }: (typeof lacking)[number]) => `${place(stage).join('.')} ${missing}`;
  return [...new Set(lacking.map(keyOf))].flatMap((key) => {
    const [first, ...more] = lacking.filter((one) => keyOf(one) === key);
    if (first === undefined) return [];
    const labels = [first, ...more].map(({ stage }) => stage.label).join(', ');
    const message = `there is no metric of ${first.missing} in the gate of ${labels}, so the rollout never advances from there by itself`;
    return [finding(place(first.stage), message, 'for instance error_ratio and slow_ratio, or manual: true')];
  });
}

/** Tasks of one user are alike: how much less they say is known only from records that name the user. */
function stickyAdvice({ rollout, measure }: Config): Finding[] {
  const sources = [measure?.official, measure?.gateway].flatMap((source) => source ?? []);
  if (rollout.cluster !== 'user' || sources.length === 0 || sources.some(identifiesUsers)) return [];
  const waiting = rollout.stages.filter(
    ({ kind, gate }) => kind === 'share' && limitsOf(gate.metrics).some(([, { guard }]) => !guard),
  );
  if (waiting.length === 0) return [];
  const names = [...new Set(sources.map(({ source }) => source))];
  const labels = waiting.map(({ label }) => label).join(', ');
  return [
    finding(
      ['rollout', 'cluster'],
      `the gates of ${labels} can never be met: a split that is sticky by user is judged by users, and ${names.join(' and ')} cannot tell which tasks are of one user`,
      'jsonl as source, with a hashed unit in each record',
    ),
  ];
}

/** Limits that no gateway can be shown to keep, or to break. */
function limitAdvice({ rollout, measure }: Config, place: Place): Finding[] {
  return perMetric(rollout.stages, place, (name, limit) => unreachable(name, limit, measure));
}

function priceAdvice({ measure, models }: Config): Finding[] {
  const known = models.flatMap(({ name, gateway_name }) => [name, gateway_name]);
  return Object.keys(measure?.prices ?? {}).flatMap((name) => {
    if (known.includes(name)) return [];
    const expected = 'a name from models';
    return [
      {
        ...finding(
          ['measure', 'prices', name],
          `the price of ${name} is never used: no such model is declared`,
          expected,
        ),
        at: 'key',
        suggestion: nearest(name, known),
      },
    ];
  });
}

/** One warning for each metric, however many stages share it; its place is the first gate that asks for it. */
function perMetric(
  stages: readonly RolloutStage[],
  place: Place,
  advise: (name: MetricName, limit: Limit) => Advice | null,
): Finding[] {
  const seen = new Set<string>();
  return stages.flatMap((stage) =>
    limitsOf(stage.gate.metrics).flatMap(([name, limit]) => {
      const advice = advise(name, limit);
      if (advice === null || seen.has(advice.message)) return [];
      seen.add(advice.message);
      return [finding([...place(stage), name], advice.message, advice.expected)];
    }),
  );
}

/** Addresses that differ only by a trailing slash are one. */
function bare(url: string): string {
  return new URL(url).href.replace(/\/+$/, '');
}
