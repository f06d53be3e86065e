/** Summarises attempts for the final report; pure. */
import type { ArmCounts } from '../measurement.ts';
import { meanOf } from '../money.ts';
import { endOf } from '../record.ts';
import { RETRY_WINDOW_MS } from '../task-grouper.ts';
import type { RecordedAttempt } from './attempt.ts';
import type {
  ArmRun,
  EndpointUse,
  FaultOutcome,
  ModelUse,
  Percentiles,
  RequestFailure,
} from './exec-report.ts';
import type { Fault } from './fault.ts';

/** The facts of a finished run. */
export interface RecordedRun
  extends Pick<ArmRun, 'arm' | 'baseUrl' | 'profile' | 'exitCode' | 'durationMs' | 'turnedAway'> {
  readonly attempts: readonly RecordedAttempt[];
  readonly counts: ArmCounts;
  readonly faults: readonly Fault[];
  /** Whether the program's output contains this ID. */
  readonly isLogged: (requestId: string) => boolean;
}

const MOST_FAILURES = 10;

export function summariseRun(facts: RecordedRun): ArmRun {
  const { attempts: unordered, counts, faults, isLogged, ...about } = facts;
  const attempts = unordered.toSorted((a, b) => a.request - b.request);
  const failed = attempts.filter(({ record }) => record.error !== undefined);
  const ids = failed.flatMap(({ record }) => record.request_id ?? []);
  const answers = attempts.filter(({ record }) => record.status > 0);
  const { latency, ttft, byKey, byMember, byModel, units, ...sums } = counts;
  return {
    ...about,
    counts: sums,
    retries: attempts.filter(({ record }) => record.attempt > 0).length,
    costPerTask: meanOf(counts.cost),
    latencyMs: percentiles(taskTimes(attempts)),
    ttftMs: percentiles(attempts.flatMap(({ record }) => record.ttft_ms ?? [])),
    models: modelsOf(attempts),
    endpoints: endpointsOf(attempts),
    requestIds: {
      answers: answers.length,
      named: answers.filter(({ record }) => record.request_id !== undefined).length,
    },
    loggedIds: { failed: ids.length, logged: ids.filter(isLogged).length },
    faults: attempts.flatMap((attempt) => faultOutcome(attempt, attempts, isLogged)),
    unusedFaults: faults
      .filter((fault) => !attempts.some((attempt) => attempt.fault === fault))
      .map(({ spec }) => spec),
    failures: failed
      .filter(({ fault }) => fault === null)
      .slice(0, MOST_FAILURES)
      .flatMap(failureOf),
  };
}

/** By nearest rank; null without values. */
function percentiles(values: readonly number[]): Percentiles | null {
  if (values.length === 0) return null;
  const sorted = values.toSorted((a, b) => a - b);
  const at = (share: number): number => sorted[Math.ceil(share * sorted.length) - 1] ?? 0;
  return { count: sorted.length, p50: at(0.5), p90: at(0.9), p95: at(0.95), p99: at(0.99) };
}

function taskTimes(attempts: readonly RecordedAttempt[]): number[] {
  const tasks = new Map<string, { from: number; to: number }>();
  for (const { record } of attempts) {
    const seen = tasks.get(record.task ?? '');
    const from = Math.min(seen?.from ?? record.ts, record.ts);
    tasks.set(record.task ?? '', { from, to: Math.max(seen?.to ?? 0, endOf(record)) });
  }
  return [...tasks.values()].map(({ from, to }) => thousandths(to - from));
}

/** Rounds away the noise of adding times. */
const thousandths = (ms: number): number => Math.round(ms * 1000) / 1000;

function modelsOf(attempts: readonly RecordedAttempt[]): ModelUse[] {
  return groupedBy(attempts, ({ record }) => record.model).map(([model, group]) => ({
    model,
    answeredBy: [...new Set(group.flatMap(({ record }) => record.answered_model ?? []))],
    requests: group.length,
  }));
}

function endpointsOf(attempts: readonly RecordedAttempt[]): EndpointUse[] {
  return groupedBy(attempts, ({ record }) => record.endpoint).map(([endpoint, group]) => ({
    endpoint,
    requests: group.length,
    failed: group.filter(({ record }) => record.error !== undefined).length,
  }));
}

function faultOutcome(
  { record, request, fault, fingerprint }: RecordedAttempt,
  attempts: readonly RecordedAttempt[],
  isLogged: (requestId: string) => boolean,
): FaultOutcome[] {
  if (fault === null) return [];
  const later = attempts.filter((each) => each.request > request);
  const ofTask = later.filter((each) => each.record.task === record.task);
  const recovered = record.error === undefined || ofTask.some(succeeded);
  const soon = endOf(record) + RETRY_WINDOW_MS;
  const alike = later.filter((each) => each.fingerprint === fingerprint && each.record.ts <= soon);
  const end = Math.max(...[record, ...ofTask.map((each) => each.record)].map(endOf));
  return [
    {
      fault: fault.spec,
      request,
      status: record.status,
      error: record.error ?? null,
      recovered,
      askedAgain: !recovered && alike.some(succeeded),
      requests: ofTask.length + 1,
      durationMs: thousandths(end - record.ts),
      requestId: record.request_id ?? null,
      logged: record.request_id === undefined ? null : isLogged(record.request_id),
    },
  ];
}

const succeeded = ({ record }: RecordedAttempt): boolean => record.error === undefined;

function failureOf({ record, request, message }: RecordedAttempt): RequestFailure[] {
  if (record.error === undefined) return [];
  const { endpoint, status, error, request_id } = record;
  return [{ request, endpoint, status, error, message: message ?? '', requestId: request_id ?? null }];
}

/** The largest group first, then by name. */
function groupedBy(
  attempts: readonly RecordedAttempt[],
  nameOf: (attempt: RecordedAttempt) => string,
): [name: string, group: RecordedAttempt[]][] {
  const groups = new Map<string, RecordedAttempt[]>();
  for (const attempt of attempts) {
    const group = groups.get(nameOf(attempt)) ?? [];
    groups.set(nameOf(attempt), group);
    group.push(attempt);
  }
  return [...groups].sort(([a, one], [b, other]) => other.length - one.length || (a < b ? -1 : 1));
}
