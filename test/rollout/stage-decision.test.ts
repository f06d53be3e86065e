import { describe, expect, it } from 'vitest';
import { HEALTH_PROBLEMS } from '../../src/judge/health.ts';
import type { MetricVerdict, VerdictKind } from '../../src/judge/verdict.ts';
import { type DecisionRules, decideStage, type StageFacts } from '../../src/rollout/stage-decision.ts';
import { asked, healthy, lookAt, repeat, setting } from '../judge/measured.ts';

const DAY = 86_400_000;
const RULES: DecisionRules = {
  gate: { manual: false, min_tasks: 500, min_duration: DAY, approvals: 0 },
  advance: 'automatic',
  on_failure: 'rollback',
  on_incident: 'step-back',
  on_blind: 'hold',
  consecutive_errors: 5,
  max_duration: 14 * DAY,
};

const [TEMPLATE] = Object.values(lookAt(setting(asked({ error_ratio: { max: 2 } })), repeat(1, healthy)));

function verdict(kind: VerdictKind, more: Partial<MetricVerdict> = {}, limit: object = {}): MetricVerdict {
  if (TEMPLATE === undefined) throw new Error('the template is a verdict');
  const [first] = TEMPLATE.limits;
  if (first === undefined) throw new Error('the template has a limit');
  return { ...TEMPLATE, verdict: kind, limits: [{ ...first, verdict: kind, ...limit }], ...more };
}

const LATENCY = { about: 'latency' } as const;
const PASSED = { error_ratio: verdict('pass'), slow_ratio: verdict('pass', LATENCY) };

const LOOK: StageFacts = {
  verdicts: PASSED,
  problems: [],
  consecutiveErrors: 0,
  silentIntervals: 0,
  paused: false,
  tasks: 1000,
  elapsed: 2 * DAY,
  workflowsGreen: true,
  checksGreen: true,
  manuallyApproved: false,
  approvals: 0,
  insideAdvanceWindow: true,
  lastStage: false,
  questionOpen: false,
  model: null,
  stepsBack: 0,
  isWhole: false,
};

const FAILED = { ...PASSED, error_ratio: verdict('fail') };
const OPEN = { ...PASSED, error_ratio: verdict('inconclusive') };

/** `kind reasonCode` of a look that differs from one at which everything is met. */
function decided(look: Partial<StageFacts>, rules: Partial<DecisionRules> = {}): string {
  const { kind, reasonCode } = decideStage({ ...LOOK, ...look }, { ...RULES, ...rules });
  return `${kind} ${reasonCode}`;
}

describe('the decision of a look', () => {
  it('advances by one stage when everything is met, and completes after the last', () => {
    expect(decided({})).toBe('advance gate_met');
    expect(decided({ lastStage: true })).toBe('complete gate_met');
  });

  it('a failure wins over minimums, pauses, failing sources and missing approvals', () => {
    for (const look of [
      { tasks: 3, elapsed: 1 },
      { paused: true },
      { elapsed: null },
      { consecutiveErrors: 9 },
      { insideAdvanceWindow: false },
      ...HEALTH_PROBLEMS.map((problem) => ({ problems: [problem] })),
    ]) {
      expect(decided({ ...look, verdicts: FAILED })).toBe('rollback metric_failed');
    }
    expect(decided({ verdicts: FAILED }, { on_failure: 'pause' })).toBe('pause metric_failed');
  });

  it('steps back where only the last hours fail, twice in a stage, and not from 100 %', () => {
    const incident = { ...PASSED, error_ratio: verdict('fail', {}, { sinceHour: 31 }) };
    expect(decided({ verdicts: incident })).toBe('step-back stepped_back');
    expect(decided({ verdicts: incident, stepsBack: 1, paused: true })).toBe('step-back stepped_back');
    expect(decided({ verdicts: incident, stepsBack: 2 })).toBe('rollback metric_failed');
    expect(decided({ verdicts: incident, isWhole: true })).toBe('rollback metric_failed');
    expect(decided({ verdicts: incident }, { on_incident: 'rollback' })).toBe('rollback metric_failed');
    expect(decided({ verdicts: incident }, { on_failure: 'pause' })).toBe('pause metric_failed');
    const lasting = { ...incident, slow_ratio: verdict('fail', LATENCY) };
    expect(decided({ verdicts: lasting })).toBe('rollback metric_failed');
  });

  it('a failing guard counts like any other', () => {
    expect(
      decided({ verdicts: { ...PASSED, error_ratio: verdict('fail', { guard: true, needed: false }) } }),
    ).toBe('rollback metric_failed');
  });

  it('pauses where the failure may not be the gateway', () => {
    const failing = (limit: object) =>
      decided({ verdicts: { ...PASSED, error_ratio: verdict('fail', {}, limit) } });
    expect(failing({ officialToo: true })).toBe('pause both_arms_failed');
    expect(failing({ historical: true, onFailure: 'pause' })).toBe('pause historical_failed');
    expect(failing({ onFailure: 'pause' })).toBe('pause cost_failed');
  });

  it('a clear failure next to a doubtful one still rolls back', () => {
    const both = { error_ratio: verdict('fail'), success_rate: verdict('fail', {}, { officialToo: true }) };
    expect(decided({ verdicts: both })).toBe('rollback metric_failed');
  });

  it('holds while the metrics cannot be trusted, pauses when that lasts, and rolls back only if configured', () => {
    expect(decided({ problems: ['stale_window'] })).toBe('hold stale_window');
    expect(decided({ consecutiveErrors: 4, problems: ['source_error'] })).toBe('hold source_error');
    expect(decided({ consecutiveErrors: 5, problems: ['source_error'] })).toBe('pause blind');
    expect(decided({ silentIntervals: 3, problems: ['silent_arm'] })).toBe('pause blind');
    expect(decided({ silentIntervals: 3 }, { on_blind: 'rollback' })).toBe('rollback blind');
  });

  it('does not move while paused', () => {
    expect(decided({ paused: true })).toBe('hold paused');
  });

  it('waits for minimums and says what is missing', () => {
    const { missing } = decideStage({ ...LOOK, tasks: 12, elapsed: 1000, workflowsGreen: false }, RULES);
    expect(missing).toEqual([
      { what: 'tasks', have: 12, need: 500 },
      { what: 'duration', have: 1000, need: DAY },
      { what: 'workflows' },
    ]);
    expect(decided({ elapsed: null })).toBe('hold gate_not_met');
    expect(decided({ checksGreen: false })).toBe('hold gate_not_met');
    expect(decided({ insideAdvanceWindow: false })).toBe('hold outside_advance_window');
  });

  it('waits for a pass of every metric that is not a guard', () => {
    expect(decided({ verdicts: OPEN })).toBe('hold undecided');
    expect(decided({ verdicts: { ...PASSED, error_ratio: verdict('no-data') } })).toBe('hold undecided');
    expect(
      decided({
        verdicts: { ...PASSED, error_ratio: verdict('inconclusive', { guard: true, needed: false }) },
      }),
    ).toBe('advance gate_met');
  });

  it('pauses a gate that stays open too long, and never advances it', () => {
    expect(decided({ verdicts: OPEN, elapsed: 15 * DAY })).toBe('pause undecided_too_long');
    expect(decided({ tasks: 3, elapsed: 15 * DAY })).toBe('pause undecided_too_long');
    expect(decided({ elapsed: 15 * DAY })).toBe('advance gate_met');
  });

  it('pauses it under every problem that lasts, and stays paused', () => {
    for (const problem of HEALTH_PROBLEMS) {
      const lasting = { problems: [problem], elapsed: 15 * DAY };
      expect(decided(lasting)).toBe('pause undecided_too_long');
      expect(decided({ ...lasting, paused: true })).toBe(`hold ${problem}`);
    }
    const blind = { silentIntervals: 3, elapsed: 15 * DAY, paused: true };
    expect(decided(blind, { on_blind: 'rollback' })).toBe('rollback blind');
  });

  it('does not advance by itself without a metric of failure and one of latency', () => {
    const blind = verdict('no-data', { needed: false });
    expect(decided({ verdicts: { slow_ratio: verdict('pass', LATENCY) } })).toBe('hold no_failure_metric');
    expect(decided({ verdicts: { error_ratio: verdict('pass') } })).toBe('hold no_latency_metric');
    expect(decided({ verdicts: { ...PASSED, error_ratio: blind } })).toBe('hold no_failure_metric');
    expect(decided({ verdicts: {}, manuallyApproved: true })).toBe('advance gate_met');
  });

  it('asks about a regression once everything else is met, and before approvals', () => {
    const gate = { ...RULES.gate, approvals: 2 };
    expect(decided({ questionOpen: true })).toBe('hold regression_noticed');
    expect(decided({ questionOpen: true, lastStage: true })).toBe('hold regression_noticed');
    expect(decided({ questionOpen: true, verdicts: OPEN })).toBe('hold undecided');
    expect(decided({ questionOpen: true, verdicts: FAILED })).toBe('rollback metric_failed');
    expect(decided({ questionOpen: true }, { gate })).toBe('hold regression_noticed');
  });

  it('asks people last', () => {
    const gate = { ...RULES.gate, approvals: 2 };
    expect(decided({ approvals: 1 }, { gate })).toBe('hold approvals_missing');
    expect(decided({ approvals: 1, verdicts: OPEN }, { gate })).toBe('hold undecided');
    expect(decided({ approvals: 2 }, { gate })).toBe('advance gate_met');
    expect(decided({}, { advance: 'manual' })).toBe('hold person_needed');
    expect(decided({ manuallyApproved: true }, { advance: 'manual' })).toBe('advance gate_met');
    expect(decided({}, { gate: { ...RULES.gate, manual: true } })).toBe('hold person_needed');
  });
});
