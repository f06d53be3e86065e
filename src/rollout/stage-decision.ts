/** The order of the decision: which reason wins over which, at one look at a stage. */
import type { MetricName } from '../config/metrics.ts';
import type { Config } from '../config/schema.ts';
import type { Assessment } from '../judge/assess.ts';
import type { LimitVerdict, MetricVerdict, Verdicts } from '../judge/verdict.ts';
import type { Missing } from './gap.ts';
import type { DecisionReason } from './reason.ts';
import type { BegunStage } from './road.ts';

export type DecisionKind = 'advance' | 'hold' | 'step-back' | 'rollback' | 'pause' | 'complete';

export interface Decision {
  readonly kind: DecisionKind;
  readonly reasonCode: DecisionReason;
  /** The metrics that led to it, or that have not passed yet. */
  readonly metrics: readonly MetricName[];
  /** What the gate still needs. */
  readonly missing: readonly Missing[];
}

/** What is known of a stage at one moment. */
export interface StageFacts extends Pick<Assessment, 'verdicts' | 'problems'> {
  /** Failed looks at the source in a row. */
  readonly consecutiveErrors: number;
  /** Intervals in a row in which an arm was silent or the source had no data. */
  readonly silentIntervals: number;
  readonly paused: boolean;
  /** Tasks on the gateway since the traffic was verified. */
  readonly tasks: number;
  /** Milliseconds since the traffic was verified; null before. */
  readonly elapsed: number | null;
  /** The named workflows and checks are green. */
  readonly workflowsGreen: boolean;
  readonly checksGreen: boolean;
  /** A person asked to advance: for gates that are `manual`, and for rollouts that advance by hand. */
  readonly manuallyApproved: boolean;
  /** Different people, for this stage and this config. */
  readonly approvals: number;
  readonly insideAdvanceWindow: boolean;
  readonly lastStage: boolean;
  /** A proven regression waits for the answer of a person. */
  readonly questionOpen: boolean;
  /** What was proved of the gateway's model, and nobody accepted. */
  readonly model: 'other-model' | 'differs' | null;
  /** How often incidents took the traffic of the stage back. */
  readonly stepsBack: number;
  /** A slice is on the gateway as a whole: nothing gradual is left to return to. */
  readonly isWhole: boolean;
}

type Rules = 'advance' | 'on_failure' | 'on_incident' | 'on_blind' | 'consecutive_errors' | 'max_duration';

/** What the config says about decisions; durations in milliseconds. */
export interface DecisionRules extends Pick<Config['rollout'], Rules> {
  readonly gate: Pick<BegunStage['gate'], 'manual' | 'min_tasks' | 'min_duration' | 'approvals'>;
  /** Whether the stage copies requests, so that copies are counted. */
  readonly copies?: boolean;
}

const SILENT_INTERVALS = 3;
const MOST_STEPS_BACK = 2;

/** The first rule that applies decides. */
export function decideStage(facts: StageFacts, rules: DecisionRules): Decision {
  return (
    byFailure(facts, rules) ??
    (facts.model === 'other-model' ? decision(rules.on_failure, 'other_model') : null) ??
    byBlindness(facts, rules) ??
    byTime(facts, rules) ??
    (facts.problems[0] === undefined ? null : decision('hold', facts.problems[0])) ??
    (facts.paused ? decision('hold', 'paused') : null) ??
    byGate(facts, rules) ??
    (facts.model === 'differs' ? decision('hold', 'model_differs') : null) ??
    (facts.questionOpen ? decision('hold', 'regression_noticed') : null) ??
    byPeople(facts, rules) ??
    decision(facts.lastStage ? 'complete' : 'advance', 'gate_met')
  );
}

/** Needs no minimum number of tasks, and also works while paused. */
function byFailure(facts: StageFacts, { on_failure, on_incident }: DecisionRules): Decision | null {
  const failures = entriesOf(facts.verdicts).flatMap(([metric, { limits }]) =>
    limits.filter(({ verdict }) => verdict === 'fail').map((limit) => ({ metric, limit })),
  );
  if (failures.length === 0) return null;
  const named = (some: typeof failures) => [...new Set(some.map(({ metric }) => metric))];
  const clear = failures.filter(({ limit }) => limit.onFailure === 'rollback' && !limit.officialToo);
  if (clear.length > 0) {
    const isIncident = clear.every(({ limit }) => limit.sinceHour !== null);
    const mayReturn = !facts.isWhole && facts.stepsBack < MOST_STEPS_BACK;
    const stepsBack = isIncident && mayReturn && on_incident === 'step-back' && on_failure === 'rollback';
    return stepsBack
      ? decision('step-back', 'stepped_back', named(clear))
      : decision(on_failure, 'metric_failed', named(clear));
  }
  return decision('pause', softReason(failures.map(({ limit }) => limit)), named(failures));
}

/** Why failures pause the rollout whatever `on_failure` says. */
function softReason(limits: readonly LimitVerdict[]): DecisionReason {
  if (limits.some(({ officialToo }) => officialToo)) return 'both_arms_failed';
  return limits.some(({ historical }) => historical) ? 'historical_failed' : 'cost_failed';
}

function byBlindness(
  { consecutiveErrors, silentIntervals }: StageFacts,
  rules: DecisionRules,
): Decision | null {
  const isBlind = consecutiveErrors >= rules.consecutive_errors || silentIntervals >= SILENT_INTERVALS;
  return isBlind ? decision(rules.on_blind === 'rollback' ? 'rollback' : 'pause', 'blind') : null;
}

/** An undecided stage ends in a pause, never silently, whatever keeps it undecided. */
function byTime(facts: StageFacts, rules: DecisionRules): Decision | null {
  if (facts.paused || (facts.elapsed ?? 0) <= rules.max_duration) return null;
  const missing = missingOf(facts, rules);
  const metrics = awaitedIn(facts);
  const isOpen = missing.length > 0 || metrics.length > 0 || facts.problems.length > 0;
  return isOpen ? decision('pause', 'undecided_too_long', metrics, missing) : null;
}

function byGate(facts: StageFacts, rules: DecisionRules): Decision | null {
  const missing = missingOf(facts, rules);
  const metrics = awaitedIn(facts);
  if (missing.length > 0) return decision('hold', 'gate_not_met', metrics, missing);
  if (!facts.insideAdvanceWindow) return decision('hold', 'outside_advance_window', metrics);
  return metrics.length > 0 ? decision('hold', 'undecided', metrics) : null;
}

/** The metrics that have to pass and have not yet. */
function awaitedIn({ verdicts }: StageFacts): readonly MetricName[] {
  return entriesOf(verdicts).flatMap(([metric, { needed, verdict }]) =>
    needed && verdict !== 'pass' ? [metric] : [],
  );
}

function missingOf(facts: StageFacts, { gate, copies }: DecisionRules): Missing[] {
  const { elapsed, tasks } = facts;
  const missing: Missing[] = [];
  if (elapsed === null) missing.push({ what: 'verification' });
  const what = copies ? 'copies' : 'tasks';
  if (tasks < gate.min_tasks) missing.push({ what, have: tasks, need: gate.min_tasks });
  if (elapsed !== null && elapsed < gate.min_duration) {
    missing.push({ what: 'duration', have: elapsed, need: gate.min_duration });
  }
  if (!facts.workflowsGreen) missing.push({ what: 'workflows' });
  if (!facts.checksGreen) missing.push({ what: 'checks' });
  return missing;
}

/** Approvals come last: they are for a gate that is otherwise met. */
function byPeople(facts: StageFacts, { gate, advance }: DecisionRules): Decision | null {
  if (facts.approvals < gate.approvals) {
    const { approvals: have } = facts;
    return decision('hold', 'approvals_missing', [], [{ what: 'approvals', have, need: gate.approvals }]);
  }
  if (facts.manuallyApproved) return null;
  if (gate.manual || advance === 'manual') return decision('hold', 'person_needed');
  // Without a person, a rollout advances only where both failures and latency are measured.
  const measured = entriesOf(facts.verdicts).filter(([, { verdict }]) => verdict !== 'no-data');
  const has = (about: MetricVerdict['about']) => measured.some(([, verdict]) => verdict.about === about);
  if (!has('failure')) return decision('hold', 'no_failure_metric');
  return has('latency') ? null : decision('hold', 'no_latency_metric');
}

function entriesOf(verdicts: Verdicts): readonly (readonly [MetricName, MetricVerdict])[] {
  const isName = (name: string): name is MetricName => Object.hasOwn(verdicts, name);
  return Object.keys(verdicts).flatMap((name) => {
    const verdict = isName(name) ? verdicts[name] : undefined;
    return isName(name) && verdict !== undefined ? [[name, verdict] as const] : [];
  });
}

function decision(
  kind: DecisionKind,
  reasonCode: DecisionReason,
  metrics: readonly MetricName[] = [],
  missing: readonly Missing[] = [],
): Decision {
  return { kind, reasonCode, metrics, missing };
}
