/** Where the share is written, and what cannot be written there: warnings, each with the better way. */
import { type Finding, finding, type SettingPath } from './problem.ts';
import { type TrafficValue, valuesOf } from './schema/traffic.ts';
import type { Config } from './schema.ts';
import { formatShare } from './units.ts';

export function trafficAdvice(config: Config): Finding[] {
  return [...unwrittenSlices(config), ...fractionsOfWholes(config)];
}

/** A slice moves only where its own share is written. */
function unwrittenSlices(config: Config): Finding[] {
  const { rollout, traffic } = config;
  if (traffic.length === 0 || traffic.some(({ kind }) => kind === 'deployment' || kind === 'dispatch'))
    return [];
  const written = traffic.flatMap(valuesOf).map(({ slice }) => slice);
  const slices = new Set(rollout.stages.flatMap((stage) => (stage.kind === 'share' ? [stage.slice] : [])));
  return [...slices]
    .filter((slice) => !written.includes(slice) && !(slice === null && isWrittenInParts(config, written)))
    .map((slice) => {
      const value = slice === null ? 'share' : `share(${slice})`;
      return finding(
        ['traffic'],
        `no target writes ${value}, though stages move ${slice ?? 'everything'}`,
        `a target that writes ${value}`,
      );
    });
}

/** Everything moves, too, where each model or each workload has a share of its own: it follows everything's. */
function isWrittenInParts({ models, workloads }: Config, written: readonly (string | null)[]): boolean {
  return [models.map(({ name }) => name), workloads].some(
    (parts) => parts.length > 0 && parts.every((part) => written.includes(part)),
  );
}

/**
 * Places that hold whole numbers alone, by their names: the weights of flagd's `fractional`, and those of an
 * `HTTPRoute`. Other manifests of Kubernetes are known by their contents, when they are written.
 */
const WHOLE = /(?:^|[./])(?:fractional(?=[./[])|backendRefs[./[].*weight$)/;

/** Stages whose share would be refused by the place that it is written to. */
function fractionsOfWholes(config: Config): Finding[] {
  return config.traffic.flatMap((target, index) =>
    target.kind !== 'file'
      ? []
      : valuesOf(target).flatMap(({ place, ...value }) => {
          const pointer = place.at(-1) ?? '';
          const refused = WHOLE.test(pointer) ? brokenShares(config, value) : [];
          const path: SettingPath = ['traffic', index, ...place];
          return refused.length === 0 ? [] : [refusal(path, value, refused)];
        }),
  );
}

function refusal(path: SettingPath, { value }: TrafficValue, refused: readonly string[]): Finding {
  const message = `${refused.join(', ')} cannot be written here, because weights are whole numbers`;
  return finding(
    path,
    message,
    value === 'fraction' ? 'share or rest' : 'shares of whole percents, or another target',
  );
}

/** What is no whole number when it is written: shares of the stages that move the value, and what is held back. */
function brokenShares({ rollout }: Config, { value, slice }: TrafficValue): string[] {
  const stages = rollout.stages.flatMap((stage) =>
    stage.kind === 'share' && (stage.slice === null || stage.slice === slice) ? [stage] : [],
  );
  const divisor = value === 'fraction' ? 100 : 1;
  const isBroken = (share: number) => !Number.isInteger(share / divisor);
  const labels = stages.filter(({ share }) => isBroken(share)).map(({ label }) => `the stage ${label}`);
  const { holdback } = rollout;
  return isBroken(holdback) ? [...labels, `the holdback of ${formatShare(holdback)}`] : labels;
}
