/**
 * The judge: evidence and limits in, verdicts out. It is anytime-valid: at any number of looks, at most α of the
 * rollouts get a false `fail`, and at most α a false `pass`.
 */
import { type ByArm, byArm } from '../config/arms.ts';
import type { Claim, GaugedMetric } from './claims.ts';
import {
  atLeast,
  type DesignEffect,
  designEffect,
  INDEPENDENT,
  keptEffect,
  type Unseen,
  unitSums,
} from './design-effect.ts';
import type { Judged } from './evidence.ts';
import type { HealthProblem } from './health.ts';
import type { Road } from './kept.ts';
import type { DataGap, Reading } from './method.ts';
import type { MetricDefinition } from './metrics.ts';
import { factorToPass } from './outlook.ts';
import { isKept, proofOfFailure, stageEvidence, wholeAlpha } from './proof.ts';
import { noticeOf } from './regression.ts';
import { withStageEvidence } from './road.ts';
import { betsOf, NO_USERS, nextDate } from './users.ts';
import type {
  Estimate,
  LimitVerdict,
  MetricVerdict,
  Notice,
  VerdictKind,
  VerdictReason,
  Verdicts,
} from './verdict.ts';

/** What a look at a stage comes to. */
export interface Judgement {
  readonly verdicts: Verdicts;
  readonly notice: Notice | null;
  /** The road, which now knows how far the evidence of this stage has come. */
  readonly road: Road;
}

interface JudgeInput extends Judged {
  /** The stage's label. */
  readonly label: string;
  readonly problems: readonly HealthProblem[];
  /** Null: the split is sticky, but no unit is known. */
  readonly effect: DesignEffect | null;
  /** For the evidence of the road, most of which may be from before the stage. */
  readonly roadEffect: DesignEffect;
  /** For a pass that users cannot prove. */
  readonly passEffect: DesignEffect | null;
  /** `ln E` of the stage's own evidence against each claim. */
  readonly lnStages: readonly number[];
}

/**
 * One look at the evidence of a stage: a verdict for each metric of its gate.
 * @param label of the stage
 * @param problems what is wrong with the measurements: relative passes are then `error`; failures and absolute limits
 *   remain
 */
export function judge(judged: Judged, label: string, problems: readonly HealthProblem[]): Judgement {
  const { plan, evidence, road } = judged;
  const users = evidence.sinceVerified.users ?? NO_USERS;
  const units = [unitSums(users.gateway), unitSums(users.official)];
  const effectOf = (unseen: Unseen) => (isSticky(judged) ? designEffect(units, unseen) : INDEPENDENT);
  const [effect, passEffect] = [effectOf('once'), effectOf('throughout')];
  const lnStages = plan.claims.map((claim) =>
    stageEvidence(judged, claim, (effect ?? INDEPENDENT)(claim.definition)),
  );
  const roadEffect = atLeast(effect ?? INDEPENDENT, plan.baseline.clusters);
  const input: JudgeInput = { ...judged, label, problems, effect, roadEffect, passEffect, lnStages };
  const verdicts = Object.fromEntries(
    plan.metrics.map((metric, index) => [metric.metric, metricVerdict(input, metric, index)]),
  );
  const theirs = isSticky(judged) ? designEffect(units.slice(1)) : null;
  return {
    verdicts,
    notice: noticeOf(road.regression, plan.level.alpha, roadEffect),
    road: {
      ...withStageEvidence(road, plan.claims, label, lnStages),
      ...(theirs && { clusters: keptEffect(theirs) }),
    },
  };
}

const isSticky = ({ plan }: Judged) => plan.setting.cluster === 'user';

function metricVerdict(input: JudgeInput, gauged: GaugedMetric, index: number): MetricVerdict {
  const { metric, limit, definition, gauge } = gauged;
  const effect = (input.effect ?? INDEPENDENT)(definition);
  const sums = input.evidence.sinceVerified.gauges[index] ?? { gateway: [], official: [] };
  const readings = byArm((arm) => gauge.read(sums[arm], input.plan.level, effect));
  const gaps = byArm((arm) => gapOf(readings[arm], definition, input));
  const claims = input.plan.claims.filter((claim) => claim.metric === metric);
  const limits = claims.map((claim) => limitVerdict(input, claim, gaps));
  const verdict = worstOf(limits);
  const cold = verdict === 'inconclusive' && claims.every(({ informs }) => informs);
  const reasonCode = cold ? 'cold_cache' : reasonOf(verdict, input, gaps, limits);
  return {
    verdict,
    reasonCode,
    guard: limit.guard,
    needed: !limit.guard && !(limit.optional && reasonCode === 'not_measured'),
    about: definition.about,
    unit: definition.unit,
    ...byArm((arm) => estimateOf(definition, readings[arm])),
    limit: Object.fromEntries(limits.map((each) => [each.kind, each.limit])),
    limits,
    stillNeeded: verdict === 'inconclusive' ? stillNeeded(input, claims, limits) : null,
  };
}

type Gaps = ByArm<DataGap | null>;

/** The windows that teach the slow bound count no slow tasks; the times of pairs need no bound. */
function gapOf({ gap }: Reading, { kind }: MetricDefinition, { plan, evidence }: JudgeInput): DataGap | null {
  const calibrating = kind === 'slow' && evidence.sinceVerified.tasks.gateway > 0;
  if (gap !== 'no_tasks' || !calibrating) return gap;
  return plan.setting.copies === true ? null : 'calibrating';
}

function limitVerdict(input: JudgeInput, claim: Claim, gaps: Gaps): LimitVerdict {
  const { kind, limit, historical, onFailure, method, definition } = claim;
  const { plan, problems, effect, roadEffect, passEffect, label, lnStages } = input;
  const failure = proofOfFailure(input, claim, roadEffect(definition), label, lnStages[claim.index]);
  const verdict = (): VerdictKind => {
    // What is proven is proven: a comparison is given the tasks of both arms, whatever share was configured.
    if (failure !== null) return 'fail';
    if (problems.length > 0 && (claim.relative || historical)) return 'error';
    const gap = gaps.gateway ?? claim.gap ?? (claim.relative ? gaps.official : null);
    if (gap !== null) return 'no-data';
    return passEffect !== null && isKept(input, claim, passEffect) ? 'pass' : 'inconclusive';
  };
  const officialToo =
    failure !== null &&
    method.isViolatedByOfficial?.(failure.sums, plan.level, (effect ?? INDEPENDENT)(definition));
  return {
    kind,
    limit,
    historical,
    onFailure,
    alphaOfFail: failure?.alpha ?? wholeAlpha(plan, claim),
    verdict: verdict(),
    officialToo: officialToo ?? false,
    sinceHour: failure?.sinceHour ?? null,
  };
}

const WORST_FIRST = [
  'fail',
  'error',
  'no-data',
  'inconclusive',
  'pass',
] as const satisfies readonly VerdictKind[];

/** The worst limit of a metric counts; a frozen limit counts only if it fails or is the only one. */
function worstOf(limits: readonly LimitVerdict[]): VerdictKind {
  const configured = limits.filter(({ kind, verdict }) => kind !== 'frozen' || verdict === 'fail');
  const counted = configured.length > 0 ? configured : limits;
  return WORST_FIRST.find((kind) => counted.some(({ verdict }) => verdict === kind)) ?? 'no-data';
}

function reasonOf(
  verdict: VerdictKind,
  { problems, effect }: JudgeInput,
  gaps: Gaps,
  limits: readonly LimitVerdict[],
): VerdictReason | null {
  if (limits.length === 0) return gaps.gateway ?? gaps.official ?? 'not_measured';
  switch (verdict) {
    case 'error':
      return problems[0] ?? null;
    case 'no-data':
      return gaps.gateway ?? gaps.official ?? 'no_tasks';
    case 'inconclusive':
      return effect === null ? 'no_units' : 'undecided';
    default:
      return null;
  }
}

/** A pass that needs more than this many times the evidence is not announced. */
const FARTHEST = 10_000;

/** What a pass of every limit still needs, at the current rates. */
function stillNeeded(
  input: JudgeInput,
  claims: readonly Claim[],
  limits: readonly LimitVerdict[],
): MetricVerdict['stillNeeded'] {
  const { effect, plan } = input;
  const { period, tasks, claims: sums } = input.evidence.sinceVerified;
  if (effect === null || period === null) return null;
  const undecided = claims.filter(
    ({ kind }, index) => limits[index]?.verdict === 'inconclusive' && kind !== 'frozen',
  );
  if (isSticky(input) && undecided.some(({ users }) => users !== null)) return usersNeeded(input, undecided);
  const factors = undecided.map(({ method, index, definition }) =>
    factorToPass(method, sums[index] ?? [], plan.level, effect(definition), FARTHEST),
  );
  const known = factors.flatMap((factor) => factor ?? []);
  if (known.length < factors.length || known.length === 0) return null;
  const more = Math.max(...known) - 1;
  const needed = {
    tasks: Math.ceil(tasks.gateway * more),
    time: Math.ceil((period.to - period.from) * more),
  };
  return plan.setting.copies ? { ...needed, copies: true } : needed;
}

/** What a pass by users still needs: how many more of them at the next date, and when that is. */
function usersNeeded(
  { plan, evidence: { baseline, sinceVerified } }: JudgeInput,
  claims: readonly Claim[],
): MetricVerdict['stillNeeded'] {
  const { period, users = NO_USERS, dates } = sinceVerified;
  const needs = claims.flatMap(({ users: limit, index }) => {
    if (limit === null) return [];
    const bets = betsOf(users, limit, baseline.slowBound);
    return [nextDate(dates?.[index] ?? [], bets, plan.level.alpha * limit.alphaShare, period?.from ?? 0)];
  });
  const known = needs.flatMap((need) => need ?? []);
  if (known.length < needs.length) return null;
  const more = Math.max(...known.map(({ growth }) => growth)) - 1;
  const time = Math.max(...known.map(({ at }) => at)) - (period?.to ?? 0);
  return { tasks: 0, time, users: Math.ceil(users.gateway.length * more) };
}

/** In the unit of the metric. */
function estimateOf(definition: MetricDefinition, { value, interval }: Reading): Estimate | null {
  if (value === null) return null;
  const scale = definition.unit === 'share' ? 100 : definition.unit === 'duration' ? 1000 : 1;
  const turned = 'complement' in definition && definition.complement === true;
  const shown = (number: number | undefined) =>
    number === undefined || !Number.isFinite(number) ? null : scale * (turned ? 1 - number : number);
  const [low, high] = [shown(interval?.low), shown(interval?.high)];
  return { value: shown(value), low: turned ? high : low, high: turned ? low : high };
}
