/** When the evidence proves that a claim is violated, or kept. */
import type { Claim } from './claims.ts';
import type { DesignEffect } from './design-effect.ts';
import type { Judged, StagePlan } from './evidence.ts';
import type { Level, Method, Sums } from './method.ts';
import { findRestart, roadClaim } from './road.ts';
import { logSumExp } from './special.ts';
import { isKeptByUsers } from './users.ts';

/** What proves a claim violated. */
export interface FailureProof {
  readonly sums: Sums;
  /** The evidence from this hour of the road on proves it; null: the whole evidence does. */
  readonly sinceHour: number | null;
  /** The level that the proof reached. */
  readonly alpha: number;
}

/** What the quick alarm may spend of the level of a failure. */
const QUICK_SHARE = 0.1;

/** The level at which the whole evidence proves a claim violated. */
export function wholeAlpha({ alphaOfFail }: StagePlan, { restarts }: Claim): number {
  return alphaOfFail * (restarts ? 1 - QUICK_SHARE : 1);
}

/**
 * The proof that a claim is violated, at the plan's level of a failure; null without one: by the whole evidence, or by
 * the quick alarm, since thirteen good days would dilute a failure that begins on the fourteenth. Evidence that begins
 * at hour j of the road has a tenth of `α_fail / (j (j + 1))`: these add up to a tenth of `α_fail`; the whole has the rest.
 * @param effect by how much less its tasks count than independent ones
 * @param label of the stage
 * @param lnStage of {@link stageEvidence}
 */
export function proofOfFailure(
  judged: Judged,
  claim: Claim,
  effect: number,
  label: string,
  lnStage = stageEvidence(judged, claim, effect),
): FailureProof | null {
  const { plan, evidence, road } = judged;
  const { method, restarts } = claim;
  const sums = evidence.sinceWritten.claims[claim.index];
  if (sums === undefined) return null;
  const alpha = wholeAlpha(plan, claim);
  const lnWhole = lnEvidenceOfWhole(judged, claim, label, lnStage, effect);
  if (lnWhole >= -Math.log(alpha)) return { sums, sinceHour: null, alpha };
  if (!restarts) return null;
  const quick = (restart: number) => (QUICK_SHARE * plan.alphaOfFail) / (restart * (restart + 1));
  const found = findRestart(roadClaim(road, claim), road.from ?? 0, (recent, restart) =>
    method.isViolated(recent, { ...plan.level, alpha: quick(restart) }, effect),
  );
  return found && { sums: found.sums, sinceHour: found.restart, alpha: quick(found.restart) };
}

/**
 * `½ E_road + 1/(2K) · Σ E_stage` over the K stages: the mean of e-processes. A stage's own process is not diluted by the
 * stages before it, the road's is not split by them.
 */
function lnEvidenceOfWhole(
  { plan, road }: Judged,
  claim: Claim,
  label: string,
  lnStage: number,
  effect: number,
): number {
  const { whole, before, stages } = roadClaim(road, claim);
  const count = Math.max(1, plan.setting.productionStages);
  const others = stages.flatMap(([each, lnEvidence]) => (each === label ? [] : [lnEvidence]));
  const begun = [...others, lnStage].slice(-count);
  // Each stage that has not begun counts 1.
  const lnStages = [...begun, ...new Array<number>(count - begun.length).fill(0)];
  const lnRoad = before + lnViolation(claim.method, whole, failLevel(plan), effect);
  return logSumExp([lnRoad, ...lnStages.map((each) => each - Math.log(count))]) - Math.LN2;
}

/** `ln E` of the stage's own evidence against a claim. */
export function stageEvidence({ plan, evidence }: Judged, claim: Claim, effect: number): number {
  const sums = evidence.sinceWritten.claims[claim.index] ?? [];
  return lnViolation(claim.method, sums, failLevel(plan), effect);
}

function failLevel({ level, alphaOfFail }: StagePlan): Level {
  return { ...level, alpha: alphaOfFail };
}

const BISECTIONS = 20;
/** E-values beyond e^700 do not fit into a double. */
const MOST = 700;

/**
 * `ln E` against a limit. A method that only answers at a level has rejected at level α where the mean of two e-processes
 * is at least 1/α; so 1 over the smallest such level is at most that mean, and as good as an e-process. Below 1/α that
 * is not worth knowing.
 */
function lnViolation(method: Method, sums: Sums, level: Level, effect: number): number {
  if (sums.length === 0) return 0;
  if (method.lnViolation !== undefined) return method.lnViolation(sums, level, effect);
  const isViolated = (ln: number) => method.isViolated(sums, { ...level, alpha: Math.exp(-ln) }, effect);
  let proven = -Math.log(level.alpha);
  if (!isViolated(proven)) return Number.NEGATIVE_INFINITY;
  let open = MOST;
  for (let round = 0; round < BISECTIONS; round += 1) {
    const middle = (proven + open) / 2;
    if (isViolated(middle)) proven = middle;
    else open = middle;
  }
  return proven;
}

/**
 * Whether a claim is proven kept: by the users of a sticky split where they can prove it, otherwise by its tasks.
 * @param effect by how much tasks of the same user count less
 */
export function isKept({ plan, evidence }: Judged, claim: Claim, effect: DesignEffect): boolean {
  const { index } = claim;
  const { claims, dates } = evidence.sinceVerified;
  if (plan.setting.cluster === 'user' && claim.users !== null)
    return isKeptByUsers(dates?.[index] ?? [], plan.level.alpha * claim.users.alphaShare);
  return claim.method.isWithin(claims[index] ?? [], plan.level, effect(claim.definition));
}
