/** States of a made-up rollout, for tests of the texts. */
import type { Config } from '../../src/config/schema.ts';
import type { LimitVerdict, MetricVerdict } from '../../src/judge/verdict.ts';
import type { Actor } from '../../src/rollout/actor.ts';
import type { Gap, ShownVerdicts } from '../../src/rollout/gap.ts';
import type { StageState } from '../../src/rollout/stage-state.ts';
import type { HistoryEntry, RolloutState } from '../../src/rollout/state.ts';
import { valid } from '../config/configs.ts';
import { arms, countsIn, HOURS, successIn, TASKS } from './hours.ts';

export const START = Date.UTC(2026, 10, 2, 8);
export const HOUR = 3_600_000;
/** How long the stage in production was watched. */
const WATCHED = HOURS.gateway.tasks.length * HOUR;

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

export function verdict(more: Partial<MetricVerdict> = {}): MetricVerdict {
  return {
    verdict: 'pass',
    reasonCode: null,
    guard: false,
    needed: true,
    about: 'failure',
    unit: 'share',
    official: { value: 99.92, low: 99.86, high: 99.97 },
    gateway: { value: 99.91, low: 99.55, high: 100 },
    limit: {},
    limits: [limit()],
    stillNeeded: null,
    ...more,
  };
}

export function limit(more: Partial<LimitVerdict> = {}): LimitVerdict {
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

/** How long so many more tasks on the gateway take at the rate of `HOURS`. */
function growth(tasks: number): MetricVerdict['stillNeeded'] {
  return { tasks, time: (tasks / TASKS.gateway) * WATCHED };
}

/** Each kind of condition that a gate can be missing. */
export const everyLack: Gap['missing'] = [
  { what: 'tasks', have: 420, need: 500 },
  { what: 'duration', have: 5.2 * HOUR, need: 24 * HOUR },
  { what: 'approvals', have: 1, need: 2 },
  { what: 'workflows' },
  { what: 'checks' },
  { what: 'verification' },
];

/** A default guard of costs, where the source does not tell them. */
function notReported(unit: MetricVerdict['unit'], of: Pick<LimitVerdict, 'kind' | 'limit'>): MetricVerdict {
  const limits = [limit({ ...of, verdict: 'no-data' })];
  const nothing = { verdict: 'no-data', reasonCode: 'not_measured', official: null, gateway: null } as const;
  return verdict({ ...nothing, guard: true, needed: false, about: 'cost', unit, limits });
}

/** Of `arms`, as the judge sees them with 3,247 and 210 slow tasks: passed, not proven, awaited, and not measured. */
export const verdicts = {
  success_rate: verdict({ guard: true, needed: false }),
  error_ratio: verdict({
    verdict: 'inconclusive',
    reasonCode: 'undecided',
    guard: true,
    needed: false,
    official: { value: 0.08, low: 0.03, high: 0.14 },
    gateway: { value: 0.09, low: 0, high: 0.45 },
    limits: [limit({ kind: 'max', limit: 2, verdict: 'inconclusive' })],
    stillNeeded: growth(40_700),
  }),
  slow_ratio: verdict({
    verdict: 'inconclusive',
    reasonCode: 'undecided',
    about: 'latency',
    official: { value: 8.1, low: 7.62, high: 8.59 },
    gateway: { value: 9.95, low: 8.01, high: 12.1 },
    limits: [limit({ kind: 'max', limit: 1.5, verdict: 'inconclusive' })],
    stillNeeded: growth(1_090),
  }),
  cost_ratio: { ...notReported('ratio', { kind: 'max', limit: 1.05 }), guard: false },
  cost_per_task: notReported('usd', { kind: 'max_increase', limit: 10 }),
  cache_ratio: notReported('share', { kind: 'max_drop', limit: 5 }),
} as const satisfies ShownVerdicts;

export const failed: MetricVerdict = verdict({
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
    tasksPerDay: null,
    clock: { stoppedSince: null, stopped: 0, ran: 0 },
    stepsBack: [],
    watching: false,
    notice: null,
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

const PERIOD = { from: START, to: START + WATCHED };
const tally = {
  schema: 2 as const,
  baseline: {
    slowBound: 4,
    learning: [],
    latency: { gateway: [0.5, 1, 2, 4, 8], official: [0.5, 1, 2, 4, 8] },
    ttft: { gateway: [], official: [] },
    rates: {},
    history: {},
  },
  sinceWritten: { period: PERIOD, windows: 80, claims: [] },
  sinceVerified: { period: PERIOD, windows: 80, tasks: TASKS, hours: [], gauges: [], claims: [] },
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
    evidence: tally,
    total: arms,
    measuredTo: START + WATCHED,
    verdicts,
    points: HOURS.gateway.tasks.map((_, hour) => ({
      at: START + (hour + 1) * HOUR,
      official: successIn(HOURS.official, hour),
      gateway: successIn(HOURS.gateway, hour),
      counts: {
        from: START + hour * HOUR,
        official: countsIn(HOURS.official, hour),
        gateway: countsIn(HOURS.gateway, hour),
      },
    })),
    ...more,
  });
}

export function historyEntry(
  kind: HistoryEntry['kind'],
  hour: number,
  more: Partial<HistoryEntry> = {},
): HistoryEntry {
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
    road: null,
    question: null,
    model: null,
    left: [left('local', -40, -30), left('staging', -30, 0, { forced: true })],
    past: [],
    spent: arms,
    history: [
      historyEntry('started', -40, { to: 'local' }),
      historyEntry('advanced', -30, { from: 'local', to: 'staging', by: ana, comment: 101 }),
      historyEntry('forced', 0, {
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
