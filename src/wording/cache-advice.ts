/** What a split per request does to cached input: the next turn of a conversation may go to the other arm. */
import { ARMS } from '../config/arms.ts';
import type { Config } from '../config/schema.ts';
import type { Measurement } from '../measure/measurement.ts';
import { percent } from './amounts.ts';
import { cachedPercent } from './arm-figures.ts';

/** In percent of the input. Where less is cached, losing it costs little. */
const MUCH = 30;

const ADVICE =
  "A split per request loses caches on both arms. Make it sticky by conversation, and set rollout.cluster: user, with the conversation's hash as unit.";

/** @returns null where little is cached, or the split is sticky */
export function cacheAdvice({ rollout }: Config, arms: Measurement['arms']): string | null {
  if (!isPerRequest(rollout)) return null;
  const parts = ARMS.flatMap((name) => {
    const part = arms[name] && cachedPercent(arms[name]);
    return part !== null && part > MUCH ? [`${percent(part)} on the ${name} arm`] : [];
  });
  return parts.length === 0 ? null : `Cached input: ${parts.join(', ')}. ${ADVICE}`;
}

/** Before anything is measured, for a config that prices cached input, or limits its loss. */
export function cacheCaution({ rollout, measure }: Config): string | null {
  const prices = Object.values(measure?.prices ?? {});
  const isPriced = prices.some(({ input, cached_input: cached }) => (cached ?? input) < input);
  const isLimited = rollout.stages.some(({ gate }) => gate.metrics.cache_ratio?.optional === false);
  if (!isPerRequest(rollout) || !(isPriced || isLimited)) return null;
  return `If more than ${MUCH} % of the input is cached: ${ADVICE}`;
}

function isPerRequest({ cluster, stages }: Config['rollout']): boolean {
  return cluster === 'task' && stages.some((stage) => stage.kind === 'share' && stage.share < 100);
}
