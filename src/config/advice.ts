/** What is allowed, but will not do what the team hopes for: warnings, each with the better way. */
import { gateKeyOf, type WrittenGates } from './gates.ts';
import { isPrivateHost } from './hosts.ts';
import { type Limit, limitsOf, METRICS, type MetricName, needsOfficial } from './metrics.ts';
import { type Finding, nearest, type Path } from './problem.ts';
import { valuesOf } from './schema/traffic.ts';
import type { Config, RolloutStage } from './schema.ts';

/** The warnings of a configuration that is valid. */
export function adviceFor(config: Config, gates: WrittenGates): Finding[] {
  const place = (stage: RolloutStage): Path => ['rollout', 'gates', metricsKeyOf(stage, gates), 'metrics'];
  return [
    ...addressAdvice(config),
    ...permissionAdvice(config),
    ...measureAdvice(config, place),
    ...balanceAdvice(config, place),
    ...limitAdvice(config, place),
    ...priceAdvice(config),
    ...trafficAdvice(config),
  ];
}

/** Where the metrics of a stage's gate are written, or would be. */
type Place = (stage: RolloutStage) => Path;

function metricsKeyOf(stage: RolloutStage, gates: WrittenGates): string {
  const key = gateKeyOf(stage, gates);
  return key !== null && gates[key]?.metrics !== undefined ? key : 'default';
}

function addressAdvice({ official, gateway }: Config): Finding[] {
  const open = Object.entries({ official, gateway }).flatMap(([arm, { base_url }]) => {
    const url = new URL(base_url);
    if (url.protocol !== 'http:' || isPrivateHost(url.hostname)) return [];
    return [
      warning([arm, 'base_url'], 'the key would travel over http in clear text', 'an https:// address'),
    ];
  });
  if (bare(official.base_url) !== bare(gateway.base_url)) return open;
  return [
    ...open,
    warning(['gateway', 'base_url'], 'the gateway is the official API itself', 'the address of the gateway'),
  ];
}

function permissionAdvice({ rollout }: Config): Finding[] {
  return Object.entries(rollout.permissions).flatMap(([command, role]) => {
    if (command === 'status' || command === 'help' || (role !== 'read' && role !== 'triage')) return [];
    return [
      warning(
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
    return [warning(['measure'], message, 'a source under measure, or manual: true in these gates')];
  }
  return perMetric(waiting, place, (name, limit) => {
    const gap = gapOf(config, name, limit);
    if (gap === null) return null;
    return limit.optional
      ? {
          message: `the default metric ${name} is left out: ${gap}`,
          expected: 'another source under measure where it matters',
        }
      : {
          message: `${name} cannot be measured, so the gate cannot pass: ${gap}`,
          expected: 'prometheus or jsonl as source, or another metric',
        };
  });
}

/** Why the named sources cannot give a metric, or null. A platform's own log knows cost, and nothing of its failures. */
function gapOf({ measure }: Config, name: MetricName, limit: Limit): string | null {
  if (measure === null) return null;
  if (measure.gateway === null) return 'measure names no source for the gateway';
  const { source } = measure.gateway;
  if (source === 'openrouter') return 'openrouter gives a report of past days, and no evidence for a gate';
  if (METRICS[name].about !== 'cost' && source !== 'prometheus' && source !== 'jsonl') {
    return `${source} tells the gateway's own side alone, which never sees its timeouts and cuts`;
  }
  if (!needsOfficial(name, limit)) return null;
  if (measure.official === null)
    return 'it compares with the official arm, and measure names no source for that';
  return METRICS[name].about !== 'cost' && measure.official.source === 'openai'
    ? "openai tells the official arm's tokens and cost, and nothing of its failures and times"
    : null;
}

/** Without one metric of failure and one of latency, the rollout never advances by itself. */
function balanceAdvice({ rollout, measure }: Config, place: Place): Finding[] {
  if (rollout.advance === 'manual' || measure === null) return [];
  const lacking = rollout.stages.flatMap((stage) => {
    const metrics = limitsOf(stage.gate.metrics);
    if (stage.kind !== 'share' || stage.gate.manual || metrics.length === 0) return [];
    const missing = (['failure', 'latency'] as const).filter(
      (about) => !metrics.some(([name]) => METRICS[name].about === about),
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
    return [warning(place(first.stage), message, 'for instance error_ratio and slow_ratio, or manual: true')];
  });
}

/** Limits that not even an identical gateway can be shown to keep. */
function limitAdvice({ rollout, measure }: Config, place: Place): Finding[] {
  const doubling = [measure?.official, measure?.gateway].some((source) => source?.preset === 'otel-genai');
  return perMetric(rollout.stages, place, (name, limit) => {
    const { unit } = METRICS[name];
    if (unit === 'duration' && doubling && limit.max_increase !== undefined && limit.max_increase <= 100) {
      return {
        message: `${name}.max_increase can never be judged: the default histogram buckets of otel-genai double from one to the next`,
        expected: 'slow_ratio, which needs no finer buckets',
      };
    }
    if (limit.guard) return null;
    if (limit.max_increase === 0 && (unit === 'usd' || unit === 'tokens')) {
      return {
        message: `${name}.max_increase of 0% can never be proven at equal price`,
        expected: 'cost_ratio, or an increase above 0%',
      };
    }
    if (unit === 'ratio' && name !== 'cost_ratio' && limit.max !== undefined && limit.max <= 1) {
      return {
        message: `${name}.max of ${limit.max} can never be proven of a gateway that is as good as the official API`,
        expected: 'a ratio above 1, or guard: true',
      };
    }
    if (limit.max_drop === 0 || limit.min === 100) {
      const which = limit.max_drop === 0 ? 'max_drop of 0%' : 'min of 100%';
      return {
        message: `${name}.${which} can never be proven from a sample`,
        expected: 'a limit with room, such as max_drop: 1%, or guard: true',
      };
    }
    return null;
  });
}

function priceAdvice({ measure, models }: Config): Finding[] {
  const known = models.flatMap(({ name, gateway_name }) => [name, gateway_name]);
  return Object.keys(measure?.prices ?? {}).flatMap((name) => {
    if (known.includes(name)) return [];
    const expected = 'a name from models';
    return [
      {
        ...warning(
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

/** A slice moves only where its own share is written. */
function trafficAdvice({ rollout, traffic }: Config): Finding[] {
  if (traffic.length === 0 || traffic.some(({ kind }) => kind === 'deployment' || kind === 'dispatch'))
    return [];
  const written = traffic.flatMap(valuesOf).map(({ slice }) => slice);
  const slices = new Set(rollout.stages.flatMap((stage) => (stage.kind === 'share' ? [stage.slice] : [])));
  return [...slices]
    .filter((slice) => !written.includes(slice))
    .map((slice) => {
      const value = slice === null ? 'share' : `share(${slice})`;
      return warning(
        ['traffic'],
        `no target writes ${value}, though stages move ${slice ?? 'everything'}`,
        `a target that writes ${value}`,
      );
    });
}

type Advice = { readonly message: string; readonly expected: string };

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
      return [warning([...place(stage), name], advice.message, advice.expected)];
    }),
  );
}

/** Addresses that differ only by a trailing slash are one. */
function bare(url: string): string {
  return new URL(url).href.replace(/\/+$/, '');
}

function warning(path: Path, message: string, expected: string): Finding {
  return { path, at: 'value', message, expected, suggestion: null };
}
