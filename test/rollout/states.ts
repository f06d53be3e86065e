/** States of a made-up rollout, for what people read of them. */
import type { Config } from '../../src/config/schema.ts';
import { type ArmCounts, EMPTY_ARM, type SpenderSlice } from '../../src/measure/measurement.ts';
import type { Actor } from '../../src/rollout/actor.ts';
import type { Gap, SeenVerdict, SeenVerdicts } from '../../src/rollout/seen-verdict.ts';
import type { StageState } from '../../src/rollout/stage-state.ts';
import type { Happening, RolloutState } from '../../src/rollout/state.ts';
import { valid } from '../config/configs.ts';

export const START = Date.UTC(2026, 10, 2, 8);
export const HOUR = 3_600_000;

/** A name that forges structure wherever it is not escaped. */
export const HOSTILE =
  '</details>--> <!-- /gateway-rollout --> | `@team` #12 GH-3 [x](http://evil.example) www.evil.example\n- [x] **b** _i_ \u202e';

export const ana: Actor = { login: 'ana', id: 1 };
export const ben: Actor = { login: 'ben', id: 2 };

const CONFIG_TEXT = `
name: assistant
gateway: { base_url: https://gateway.example/v1 }
models: { fast: gpt-4o-mini }
rollout:
  stages: [local, staging, 5%, 25%, 100%]
  notify: [acme/platform]
  advance_window: { days: [mon-thu], hours: 9-16, timezone: Europe/Berlin }
  gates:
    staging: { workflows: [gateway-check.yml, staging.yml], checks: [e2e] }
    100%: { min_duration: 72h, approvals: 2 }
  permissions: { force: acme/platform }
measure: { source: prometheus, workflow: gateway-observe.yml }
traffic:
  - file: { path: deploy/flags.json, set: { /share: share } }
  - variable: { name: GATEWAY_SHARE, environment: production }
  - deployment: { environment: production, timeout: 30m }
  - dispatch: { event_type: gateway-rollout }
`;

export const config: Config = valid(CONFIG_TEXT);

export function arm(tasks: number, failedTasks: number, usdPerTask: number): ArmCounts {
  const money = (usd: number) => ({ usd, priced: tasks, unpriced: 0 });
  const spent = {
    tasks,
    failedTasks,
    attempts: tasks + failedTasks,
    tokens: { input: 800 * tasks, cachedInput: 300 * tasks, output: 150 * tasks, unknown: 0 },
    cost: money(usdPerTask * tasks),
    retryCost: money(usdPerTask * failedTasks),
    atOfficialPrices: money(0.0003 * tasks),
  };
  const slice = (name: string): SpenderSlice => ({ name, ...spent });
  return {
    ...EMPTY_ARM,
    ...spent,
    failedAttempts: 2 * failedTasks,
    byKey: [slice('backend')],
    byMember: [slice('ana')],
  };
}

export const arms = { official: arm(40_090, 31, 0.0003), gateway: arm(2_110, 2, 0.0002) };

export function verdict(more: Partial<SeenVerdict> = {}): SeenVerdict {
  return {
    verdict: 'pass',
    reasonCode: null,
    guard: false,
    needed: true,
    about: 'failure',
    unit: 'share',
    official: { value: 99.92, low: 99.88, high: 99.96 },
    gateway: { value: 99.93, low: 99.81, high: 99.98 },
    limit: {},
    limits: [limit()],
    stillNeeded: null,
    ...more,
  };
}

export function limit(more: Partial<SeenVerdict['limits'][number]> = {}): SeenVerdict['limits'][number] {
  return {
    kind: 'max_drop',
    limit: 1,
    verdict: 'pass',
    historical: false,
    onFailure: 'rollback',
    officialToo: false,
    alphaOfFail: 0.005,
    sinceHour: null,
    ...more,
  };
}

/** Each kind of condition that may not hold yet. */
export const everyLack: Gap['missing'] = [
  { what: 'tasks', have: 420, need: 500 },
  { what: 'duration', have: 5.2 * HOUR, need: 24 * HOUR },
  { what: 'approvals', have: 1, need: 2 },
  { what: 'workflows' },
  { what: 'checks' },
  { what: 'verification' },
];

/** Passed, awaited, and failed. */
export const verdicts = {
  success_rate: verdict({ guard: true }),
  error_ratio: verdict({
    guard: true,
    official: { value: 0.08, low: 0.04, high: 0.12 },
    gateway: { value: 0.07, low: 0.02, high: 0.19 },
    limits: [limit({ kind: 'max', limit: 2 })],
  }),
  slow_ratio: verdict({
    verdict: 'inconclusive',
    reasonCode: 'undecided',
    about: 'latency',
    official: { value: 8.1, low: 7.5, high: 8.8 },
    gateway: { value: 9.7, low: 8.2, high: 11.4 },
    limits: [limit({ kind: 'max', limit: 1.5, verdict: 'inconclusive' })],
    stillNeeded: { tasks: 1_240, time: 5.5 * HOUR },
  }),
  cost_ratio: verdict({
    verdict: 'no-data',
    reasonCode: 'not_measured',
    needed: false,
    about: 'cost',
    unit: 'ratio',
    official: null,
    gateway: null,
    limits: [limit({ kind: 'max', limit: 1.05, verdict: 'no-data' })],
  }),
} as const satisfies SeenVerdicts;

export const failed: SeenVerdict = verdict({
  verdict: 'fail',
  gateway: { value: 94.2, low: 92.1, high: 95.9 },
  limits: [limit({ verdict: 'fail', sinceHour: 31 })],
});

const NO_SHARES = { everything: 0, slices: {} };

/** The beginning of the rollout. */
export function freshStage(more: Partial<StageState> = {}): StageState {
  return {
    index: 0,
    label: 'local',
    enteredAt: START,
    traffic: {
      shares: NO_SHARES,
      generation: 1,
      purpose: 'probe',
      writtenAt: null,
      verifiedAt: null,
      targets: ['verified', 'written', 'waiting', 'waiting'],
    },
    clock: { stoppedSince: null, stopped: 0 },
    extensions: 0,
    evidence: null,
    total: { official: null, gateway: null },
    past: [],
    measuredTo: null,
    isBehind: false,
    watchedSince: null,
    silence: { gateway: 0, official: 0 },
    silentIntervals: 0,
    consecutiveErrors: 0,
    checks: { workflows: {}, checks: {} },
    approvals: [],
    peopleAsked: false,
    verdicts: null,
    points: [],
    ...more,
  };
}

const tally = {
  schema: 1 as const,
  baseline: {
    slowBound: 4,
    learning: [],
    latency: { gateway: [0.5, 1, 2, 4, 8], official: [0.5, 1, 2, 4, 8] },
    ttft: { gateway: [], official: [] },
    history: {},
  },
  period: { from: START, to: START + 20 * HOUR },
  windows: 80,
  tasks: { gateway: 2_110, official: 40_090 },
  gauges: [],
  claims: [],
};

/** Twenty hours in a stage that moves traffic. */
export function productionStage(more: Partial<StageState> = {}): StageState {
  return freshStage({
    index: 2,
    label: '5%',
    traffic: {
      shares: { everything: 5, slices: {} },
      generation: 2,
      purpose: 'advance',
      writtenAt: START,
      verifiedAt: START + 600_000,
      targets: ['verified', 'verified', 'verified', 'verified'],
    },
    evidence: { sinceWritten: tally, sinceVerified: tally },
    total: arms,
    measuredTo: START + 20 * HOUR,
    verdicts,
    points: Array.from({ length: 20 }, (_, hour) => ({
      at: START + hour * HOUR,
      official: 99.9 + Math.round(5 * Math.sin(hour)) / 100,
      gateway: hour === 3 ? null : 99.9 - Math.round(5 * Math.cos(hour)) / 100,
    })),
    ...more,
  });
}

export function happening(kind: Happening['kind'], hour: number, more: Partial<Happening> = {}): Happening {
  const nothing = { by: null, from: null, to: null, reason: null, comment: null };
  return { at: START + hour * HOUR, kind, ...nothing, ...more };
}

export function stateWith(more: Partial<RolloutState> = {}): RolloutState {
  return {
    schema: 1,
    name: 'assistant',
    startedAt: START - 40 * HOUR,
    config: { path: '.github/gateway-rollout.yml', sha: 'c0ffee', text: CONFIG_TEXT },
    brokenConfig: null,
    status: { kind: 'progressing' },
    issue: 7,
    asked: null,
    stage: productionStage(),
    left: [left('local', -40, -30), left('staging', -30, 0, { forced: true })],
    past: [],
    spent: arms,
    happenings: [
      happening('started', -40, { to: 'local' }),
      happening('advanced', -30, { from: 'local', to: 'staging', by: ana, comment: 101 }),
      happening('forced', 0, {
        from: 'staging',
        to: '5%',
        by: ben,
        reason: 'the staging machine is being moved',
        comment: 102,
      }),
    ],
    applied: { keys: [], comments: [], allUpTo: 0 },
    pending: [],
    effects: 0,
    problems: [],
    ...more,
  };
}

export function left(
  label: string,
  from: number,
  to: number,
  more: Partial<RolloutState['left'][number]> = {},
): RolloutState['left'][number] {
  return {
    label,
    enteredAt: START + from * HOUR,
    leftAt: START + to * HOUR,
    forced: false,
    rolledBack: false,
    total: { official: null, gateway: null },
    ...more,
  };
}
