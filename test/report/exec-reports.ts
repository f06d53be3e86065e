/** Made-up reports of exec, the same in every run. */
import { EMPTY_ARM } from '../../src/measure/measurement.ts';
import type { RequestRecord } from '../../src/measure/record.ts';
import type { ArmRun, ExecReport } from '../../src/measure/recorder/exec-report.ts';

const { latency, ttft, byKey, byMember, byModel, ...NONE } = EMPTY_ARM;

const OFFICIAL: ArmRun = {
  arm: 'official',
  baseUrl: 'https://api.openai.com/v1',
  profile: 'openai',
  exitCode: 0,
  durationMs: 61_400,
  counts: {
    ...NONE,
    tasks: 1_204,
    failedTasks: 0,
    attempts: 1_206,
    failedAttempts: 2,
    errorsByClass: { overloaded: 2 },
    tokens: { input: 120_400, cachedInput: 20_000, output: 9_000, unknown: 0 },
    cost: { usd: 0.0234, priced: 1_204, unpriced: 0 },
    retryCost: { usd: 0, priced: 1_204, unpriced: 0 },
    atOfficialPrices: { usd: 0.0234, priced: 1_204, unpriced: 0 },
  },
  retries: 2,
  costPerTask: 0.0234 / 1_204,
  latencyMs: { count: 1_204, p50: 8.25, p90: 999, p95: 1_000, p99: 12_345 },
  ttftMs: null,
  models: [{ model: 'gpt-4o-mini', answeredBy: ['gpt-4o-mini-2024-07-18'], requests: 1_206 }],
  endpoints: [{ endpoint: '/chat/completions', requests: 1_206, failed: 2 }],
  requestIds: { answers: 1_206, named: 1_206 },
  loggedIds: { failed: 2, logged: 2 },
  faults: [],
  unusedFaults: [],
  failures: [],
  turnedAway: { wrongKey: 0, elsewhere: 0 },
};

const GATEWAY: ArmRun = {
  ...OFFICIAL,
  arm: 'gateway',
  baseUrl: 'https://gateway.example/v1',
  profile: 'litellm',
  exitCode: 1,
  counts: {
    ...OFFICIAL.counts,
    tasks: 12_000,
    failedTasks: 1,
    tokens: { input: 10, cachedInput: 0, output: 5, unknown: 3 },
    cost: { usd: 1.5, priced: 11_998, unpriced: 2 },
    retryCost: { usd: 0, priced: 0, unpriced: 2 },
  },
  costPerTask: 1.5 / 11_998,
  ttftMs: { count: 4, p50: 210, p90: 300, p95: 310, p99: 310 },
  requestIds: { answers: 1_206, named: 4 },
  loggedIds: { failed: 4, logged: 3 },
  faults: [
    {
      fault: '503@2',
      request: 2,
      status: 503,
      error: 'overloaded',
      recovered: true,
      askedAgain: false,
      requests: 3,
      durationMs: 1_432,
      requestId: 'req_a',
      logged: true,
    },
    {
      fault: 'stall:30s@7',
      request: 7,
      status: 0,
      error: 'timeout',
      recovered: false,
      askedAgain: true,
      requests: 2,
      durationMs: 20_512,
      requestId: null,
      logged: null,
    },
    {
      fault: 'slow:2s',
      request: 9,
      status: 200,
      error: null,
      recovered: true,
      askedAgain: false,
      requests: 1,
      durationMs: 2_100,
      requestId: 'req_b',
      logged: false,
    },
    {
      fault: 'cut@11',
      request: 11,
      status: 200,
      error: 'unreachable',
      recovered: false,
      askedAgain: false,
      requests: 1,
      durationMs: 12,
      requestId: 'req_c',
      logged: false,
    },
  ],
  unusedFaults: ['balance@5000'],
  failures: [
    {
      request: 3,
      endpoint: '/chat/completions',
      status: 429,
      error: 'rate_limited',
      message: 'Slow | down ::error::\u001b[31m <b>now</b> @everyone',
      requestId: 'req_d',
    },
  ],
  turnedAway: { wrongKey: 1, elsewhere: 2 },
};

/** Both arms, with everything that can be remarked. */
export const BOTH: ExecReport = {
  schema: 1,
  command: ['npm', 'test'],
  exitCode: 1,
  records: 'records.jsonl',
  shadow: null,
  arms: [OFFICIAL, GATEWAY],
};
export const ONE: ExecReport = { ...BOTH, exitCode: 0, records: null, arms: [OFFICIAL] };
/** Of a program that asked nothing. */
export const NOTHING: ExecReport = {
  ...ONE,
  arms: [
    {
      ...OFFICIAL,
      counts: NONE,
      costPerTask: null,
      latencyMs: null,
      models: [],
      endpoints: [],
      retries: 0,
      requestIds: { answers: 0, named: 0 },
      loggedIds: { failed: 0, logged: 0 },
    },
  ],
};

const record = (more: Partial<RequestRecord>): RequestRecord => ({
  ts: Date.UTC(2026, 10, 2, 8),
  arm: 'official',
  attempt: 0,
  endpoint: '/chat/completions',
  model: 'gpt-4o-mini',
  status: 200,
  duration_ms: 800,
  input_tokens: 120,
  output_tokens: 34,
  finish_reason: 'stop',
  ...more,
});
const later = (seconds: number) => Date.UTC(2026, 10, 2, 8) + 1_000 * seconds;

/** Three tasks on each arm: the gateway retries the second, and fails the third. */
export const RECORDS: readonly RequestRecord[] = [
  record({}),
  record({ ts: later(1) }),
  record({ ts: later(2), model: 'gpt-4o' }),
  record({ arm: 'gateway', ts: later(10), duration_ms: 1_000 }),
  record({ arm: 'gateway', ts: later(12), task: 'b', status: 503, error: 'overloaded', duration_ms: 100 }),
  record({ arm: 'gateway', ts: later(13), task: 'b', attempt: 1 }),
  record({
    arm: 'gateway',
    ts: later(14),
    model: 'gpt-4o',
    status: 0,
    error: 'timeout',
    input_tokens: undefined,
    output_tokens: undefined,
  }),
];
