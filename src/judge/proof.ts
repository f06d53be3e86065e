/** When the evidence of a stage proves that one of its claims is violated, or kept. */
import { SLOW_SHARE } from './baseline.ts';
import type { Claim } from './claims.ts';
import type { DesignEffect } from './design-effect.ts';
import { claimSums, findRestart, firstHour, type StageEvidence, type StagePlan } from './evidence.ts';
import type { Level, Sums } from './method.ts';
import type { MetricDefinition } from './metrics.ts';

/** What proves a claim violated. */
export interface FailureProof {
  readonly sums: Sums;
  /** The evidence from this hour of the stage on proves it; null: the whole evidence does. */
  readonly sinceHour: number | null;
}

/** The level of a pass; its design effect depends on the kind of event. */
export function levelOf({ level }: StagePlan, definition: MetricDefinition, clusters: DesignEffect): Level {
  return { ...level, designEffect: effectOn(definition, clusters) };
}

function effectOn(definition: MetricDefinition, { failures, slower, other }: DesignEffect): number {
  if (definition.about === 'failure') return failures;
  if (definition.kind === 'slow') return slower(SLOW_SHARE);
  return definition.kind === 'quantile' && definition.which === 'latency' ? slower(1 - definition.q) : other;
}

/**
 * The proof that a claim is violated, at the plan's level of a failure; null without one.
 *
 * The quick alarm: thirteen good days would dilute a failure that begins on the fourteenth. So evidence is also tested
 * as if it had begun at each of the last hours: hour j of the stage at `α_fail / (2 j (j + 1))`. These add up to half
 * of `α_fail`; the whole stage has the other half.
 * @param index of the claim in the plan
 * @param level only its design effect is used
 */
export function proofOfFailure(
  { claims, alphaOfFail: alpha }: StagePlan,
  evidence: StageEvidence,
  index: number,
  level: Level,
): FailureProof | null {
  const claim = claims[index];
  if (claim === undefined) return null;
  const { method, restarts } = claim;
  const sums = claimSums(evidence, index);
  if (method.isViolated(sums.whole, { ...level, alpha: restarts ? alpha / 2 : alpha }))
    return { sums: sums.whole, sinceHour: null };
  if (!restarts) return null;
  const found = findRestart(sums, firstHour(evidence), (recent, restart) =>
    method.isViolated(recent, { ...level, alpha: alpha / (2 * restart * (restart + 1)) }),
  );
  return found === null ? null : { sums: found.sums, sinceHour: found.restart };
}

/** Whether a claim is proven kept at the given level. */
export function isKept({ method }: Claim, evidence: StageEvidence, index: number, level: Level): boolean {
  return method.isWithin(claimSums(evidence, index).whole, level);
}
