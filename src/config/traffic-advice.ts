/** Shares that no target writes, and shares that a target cannot hold: warnings, each with a better way. */

import { formatShare } from './durations-and-shares.ts';
import { type ConfigFinding, finding } from './problem.ts';
import { carriesEveryShare, type TrafficValue, valuesOf } from './schema/traffic.ts';
import type { Config } from './schema.ts';
import { SHADOW } from './stages.ts';

export function trafficAdvice(config: Config): ConfigFinding[] {
  return [...unwrittenSlices(config), ...fractionalWeights(config)];
}

/** A slice moves only where its own share is written. */
function unwrittenSlices(config: Config): ConfigFinding[] {
  const { rollout, traffic } = config;
  if (traffic.length === 0 || traffic.some(carriesEveryShare)) return [];
  const written = traffic.flatMap(valuesOf).map(({ slice }) => slice);
  const slices = new Set(rollout.stages.flatMap((stage) => (stage.kind === 'share' ? [stage.slice] : [])));
  slices.delete(SHADOW);
  return [...slices]
    .filter((slice) => !written.includes(slice) && !(slice === null && isWrittenInParts(config, written)))
    .map((slice) => {
      const value = slice === null ? 'share' : `share(${slice})`;
      const message = `stages move ${slice ?? 'everything'}, but no target writes ${value}`;
      return finding(['traffic'], message, `a target that writes ${value}`);
    });
}

/** Whether every model, or every workload, has a value of its own: together they write the share of everything. */
function isWrittenInParts({ models, workloads }: Config, written: readonly (string | null)[]): boolean {
  return [models.map(({ name }) => name), workloads].some(
    (parts) => parts.length > 0 && parts.every((part) => written.includes(part)),
  );
}

/**
 * Pointers whose name shows that they hold whole numbers only: the weights of flagd's `fractional`, and those of an
 * `HTTPRoute`. Other Kubernetes manifests are recognised by their content when they are written.
 */
const WHOLE = /(?:^|[./])(?:fractional(?=[./[])|backendRefs[./[].*weight$)/;

/** Stages whose share cannot be written as a whole number, though it has to be. */
function fractionalWeights(config: Config): ConfigFinding[] {
  return config.traffic.flatMap((target, index) =>
    (target.kind === 'file' ? valuesOf(target) : []).flatMap(({ path, ...value }) => {
      const fractional = WHOLE.test(path.at(-1) ?? '') ? fractionalShares(config, value) : [];
      if (fractional.length === 0) return [];
      const message = `${fractional.join(', ')} cannot be written here, because weights are whole numbers`;
      const isFraction = value.value === 'fraction';
      const expected = isFraction ? 'share or rest' : 'shares of whole percents, or another target';
      return [finding(['traffic', index, ...path], message, expected)];
    }),
  );
}

/** What would be written with a fraction: shares of the stages that move the slice, and the holdback. */
function fractionalShares({ rollout }: Config, { value, slice }: TrafficValue): string[] {
  const divisor = value === 'fraction' ? 100 : 1;
  const isFractional = (share: number) => !Number.isInteger(share / divisor);
  const labels = rollout.stages.flatMap((stage) => {
    const moves = stage.kind === 'share' && (stage.slice === null || stage.slice === slice);
    return moves && isFractional(stage.share) ? [`the stage ${stage.label}`] : [];
  });
  const { holdback } = rollout;
  return isFractional(holdback) ? [...labels, `the holdback of ${formatShare(holdback)}`] : labels;
}
