/** Every sentence about a look of the judge that is not a line of a log: decisions, verdicts, limits, what is missing. */
import type { Decision, DecisionReason, Missing } from '../judge/decide-look.ts';
import type { Estimate, LimitVerdict, MetricVerdict, VerdictKind, VerdictReason } from '../judge/verdict.ts';
import { amount, figure, span, UNKNOWN, whole } from './amounts.ts';

/** What the reports need of a look (judge/replay.ts). */
export interface JudgedLook {
  /** Milliseconds since 1970. */
  readonly window: { readonly from: number; readonly to: number };
  readonly stage: string;
  readonly verdicts: Readonly<Record<string, MetricVerdict>>;
  readonly decision: Decision;
}

/** As words, so that nothing depends on colour or on a symbol. */
export const VERDICT_MARKS = {
  pass: '✅',
  fail: '❌',
  inconclusive: '⏳',
  'no-data': '❔',
  error: '⚠️',
} as const satisfies Record<VerdictKind, string>;

export const DECISION_MARKS = {
  advance: '✅',
  complete: '✅',
  hold: '⏳',
  pause: '⏸️',
  rollback: '❌',
} as const satisfies Record<Decision['kind'], string>;

const DECISIONS = {
  advance: 'Advance',
  complete: 'Complete',
  hold: 'Hold',
  pause: 'Pause',
  rollback: 'Roll back',
} as const satisfies Record<Decision['kind'], string>;

const DECISION_REASONS = {
  aborted_by_person: 'a person aborted the rollout',
  rolled_back_by_person: 'a person asked for it',
  metric_failed: 'the gateway is proven to be beyond a limit',
  both_arms_failed: 'both arms are beyond a limit, so it is not the gateway',
  cost_failed: 'a cost is beyond its limit',
  historical_failed: 'the gateway is beyond a limit against what the official arm was before',
  blind: 'the numbers stayed away for too long',
  source_error: 'the source of measurements answers with an error',
  stale_window: 'the newest window ended too long ago',
  silent_arm: 'one arm shows no tasks where there should be many',
  clock_skew: 'the clocks of the source and of the judge differ',
  traffic_share: 'the tasks of the arms do not stand in the ratio that the stage says',
  no_source_data: 'the source has no data of an arm',
  paused: 'the rollout is paused',
  gate_not_met: 'the gate still lacks something',
  outside_advance_window: 'the gate is met, and the hours in which the rollout may advance are not now',
  undecided: 'the numbers do not yet prove that every limit is kept',
  undecided_too_long: 'the gate was not decided within the longest time that a stage may take',
  no_failure_metric: 'no metric tells failures, and without one the rollout does not advance by itself',
  no_latency_metric: 'no metric tells times, and without one the rollout does not advance by itself',
  person_needed: 'the gate is met, and a person must say go',
  approvals_missing: 'the gate is met, and approvals are missing',
  gate_met: 'the gate is met',
} as const satisfies Record<DecisionReason, string>;

const VERDICT_REASONS = {
  source_error: 'the source answers with an error',
  stale_window: 'the newest window is too old',
  silent_arm: 'one arm is silent',
  clock_skew: 'the clocks differ',
  traffic_share: 'the traffic is not split as the stage says',
  no_source_data: 'the source has no data of an arm',
  not_measured: 'the source does not tell it',
  no_tasks: 'no tasks yet',
  incomplete: 'too few tasks have a known price or known tokens',
  calibrating: 'what counts as slow is still being learnt from the official arm',
  undecided: 'more tasks are needed',
  no_units: 'the split is sticky, and no record names its unit',
} as const satisfies Record<VerdictReason, string>;

/** `Hold: the numbers do not yet prove that every limit is kept (slow_ratio).` */
export function decisionSentence({ kind, reasonCode, metrics }: Decision): string {
  const which = metrics.length === 0 ? '' : ` (${metrics.join(', ')})`;
  return `${DECISIONS[kind]}: ${DECISION_REASONS[reasonCode]}${which}.`;
}

/** What the gate still lacks, one sentence each; empty where nothing is missing. */
export function missingSentences({ decision, verdicts }: JudgedLook): string[] {
  // A failure is no lack: the decision names it.
  const awaited = Object.entries(verdicts).filter(
    ([, { needed, verdict }]) => needed && verdict !== 'pass' && verdict !== 'fail',
  );
  return [
    ...decision.missing.map(missingSentence),
    ...awaited.map(([name, verdict]) => `${name}: ${verdictSentence(verdict)}.`),
  ];
}

/** `120 of 500 tasks on the gateway.` */
export function missingSentence(missing: Missing): string {
  switch (missing.what) {
    case 'tasks':
      return `${whole(missing.have)} of ${whole(missing.need)} tasks on the gateway.`;
    case 'duration':
      return `${span(missing.have)} of ${span(missing.need)} in the stage.`;
    case 'approvals':
      return `${missing.have} of ${missing.need} approvals.`;
    case 'workflows':
      return 'The workflows that the gate names must be green.';
    case 'checks':
      return 'The checks that the gate names must be green.';
    case 'verification':
      return 'The traffic is not verified yet.';
  }
}

/** Why a verdict is what it is: `inconclusive, about 1,200 more tasks on the gateway or 5.5 h are needed`. */
export function verdictSentence({ verdict, reasonCode, stillNeeded, limits }: MetricVerdict): string {
  const hour = limits.find(({ sinceHour }) => sinceHour !== null)?.sinceHour ?? null;
  if (verdict === 'fail' && hour !== null)
    return `${verdict}, seen in what came after hour ${hour} of the stage`;
  if (stillNeeded !== null) {
    return `${verdict}, needs about ${whole(stillNeeded.tasks)} more tasks on the gateway, ${span(stillNeeded.time)} at the present rate`;
  }
  if (verdict === 'inconclusive' && reasonCode === 'undecided')
    return `${verdict}, and at the present rates it would never pass`;
  return reasonCode === null ? verdict : `${verdict}, ${VERDICT_REASONS[reasonCode]}`;
}

/** `99.5 % (99.1 % to 99.8 %)`; the interval holds at every look at once. */
export function estimateText(estimate: Estimate | null, unit: MetricVerdict['unit']): string {
  if (estimate === null) return UNKNOWN;
  const { value, low, high } = estimate;
  const shown = value === null ? 'above every bound' : amount(value, unit);
  if (low === null && high === null) return shown;
  if (high === null) return `${shown} (at least ${amount(low ?? 0, unit)})`;
  if (low === null) return `${shown} (at most ${amount(high, unit)})`;
  const [from, to] = [amount(low, unit), amount(high, unit)];
  return from === to ? shown : `${shown} (${from} to ${to})`;
}

/** `at most 2 × official`. */
export function limitText(
  { kind, limit, historical }: LimitVerdict,
  { unit }: MetricVerdict,
  metric: string,
): string {
  const base = historical ? 'what official was' : 'official';
  switch (kind) {
    case 'min':
      return `at least ${amount(limit, unit)}`;
    case 'max':
      return isTimesOfficial(metric)
        ? `at most ${figure(limit)} × ${base}`
        : `at most ${amount(limit, unit)}`;
    case 'max_drop':
      return `at most ${points(limit)} below ${base}`;
    case 'max_increase':
      return unit === 'share'
        ? `at most ${points(limit)} above ${base}`
        : `at most ${figure(limit)} % above ${base}`;
    case 'frozen':
      return `${metric === 'success_rate' ? 'at least' : 'at most'} ${amount(limit, unit)}, frozen from what official was`;
  }
}

const points = (value: number): string => (value === 1 ? '1 point' : `${figure(value)} points`);

/**
 * Where the gateway's value would stand at its limit, in the metric's unit: a relative limit is laid on the
 * official arm's present value. Null where there is none.
 */
export function limitPosition(
  { kind, limit }: LimitVerdict,
  { unit, official }: MetricVerdict,
  metric: string,
): number | null {
  const absolute = kind === 'min' || kind === 'frozen' || (kind === 'max' && !isTimesOfficial(metric));
  if (absolute) return limit;
  const base = official?.value ?? null;
  if (base === null) return null;
  if (kind === 'max') return base * limit;
  if (kind === 'max_drop') return base - limit;
  return unit === 'share' ? base + limit : base * (1 + limit / 100);
}

/** A `max` of these compares the rate of the gateway with that of the official arm. */
const TIMES_OFFICIAL: readonly string[] = ['error_ratio', 'slow_ratio', 'empty_ratio', 'truncated_ratio'];

function isTimesOfficial(metric: string): boolean {
  return TIMES_OFFICIAL.includes(metric);
}
