/** One attempt as the recorder saw it: the record, and what only the end report needs. */
import type { ResponseFacts } from '../../gateway/response-reader.ts';
import { type Arm, RECORD_LIMITS, type RequestRecord } from '../record.ts';
import type { ClientRequest } from './client-request.ts';
import type { Fault } from './fault.ts';
import type { TaskAttempt } from './task-tracker.ts';

export interface RecordedAttempt {
  readonly record: RequestRecord;
  /** Which request of the program it was, from 1. */
  readonly request: number;
  readonly fault: Fault | null;
  /** Why it failed, in one sentence, secrets not yet taken out; null when it did not. */
  readonly message: string | null;
  /** The same for repetitions of the same request. */
  readonly fingerprint: string;
}

/** What is known of an attempt when it is over. */
export interface AttemptFacts {
  readonly arm: Arm;
  readonly request: number;
  readonly client: ClientRequest;
  readonly attempt: TaskAttempt;
  readonly fault: Fault | null;
  /** When it began, in milliseconds since 1970. */
  readonly startedAt: number;
  readonly durationMs: number;
  /** 0 where the client got none. */
  readonly status: number;
  readonly answer: ResponseFacts;
  /** False when the request never left the recorder: it cost nothing, which is known. */
  readonly sentOn: boolean;
}

/** An attempt that came to no answer. */
export const NO_ANSWER: ResponseFacts = {
  usage: null,
  reportedCostUsd: null,
  model: null,
  finishReason: null,
  empty: null,
  firstTokenMs: null,
  refusal: null,
  requestId: null,
};

/** Tokens and cost as the endpoint told them. */
type Spending = Pick<RequestRecord, 'input_tokens' | 'cached_input_tokens' | 'output_tokens' | 'cost_usd'>;

const FREE: Spending = { input_tokens: 0, cached_input_tokens: 0, output_tokens: 0, cost_usd: 0 };

/** Lists and single objects are read for nothing. */
const READING_METHODS: ReadonlySet<string> = new Set(['GET', 'HEAD', 'OPTIONS', 'DELETE']);

export function recordAttempt(facts: AttemptFacts): RecordedAttempt {
  const { client, attempt, answer, request, fault } = facts;
  const { refusal } = answer;
  const record: RequestRecord = {
    ts: facts.startedAt,
    arm: facts.arm,
    task: text(attempt.task),
    attempt: Math.min(attempt.number, RECORD_LIMITS.attempt),
    endpoint: client.endpoint,
    model: client.model,
    answered_model: text(answer.model),
    status: facts.status,
    error: refusal?.class,
    duration_ms: milliseconds(facts.durationMs),
    ttft_ms: answer.firstTokenMs === null ? undefined : milliseconds(answer.firstTokenMs),
    ...spending(facts),
    key: undefined,
    member: undefined,
    workload: undefined,
    unit: undefined,
    finish_reason: text(answer.finishReason),
    empty: refusal === null ? (answer.empty ?? undefined) : undefined,
    used: refusal === null,
    request_id: text(answer.requestId),
  };
  return {
    record,
    request,
    fault,
    message: refusal?.message ?? null,
    fingerprint: client.arrival.fingerprint,
  };
}

function spending({ answer, sentOn, client }: AttemptFacts): Spending {
  const { usage, reportedCostUsd, refusal, empty } = answer;
  const read = usage === null && refusal === null && READING_METHODS.has(client.call.method);
  if (!sentOn || read) return FREE;
  // A gateway that counts nothing for an answer that says something does not tell its tokens.
  const told = usage !== null && (usage.input + usage.output > 0 || empty !== false) ? usage : null;
  return {
    input_tokens: told?.input,
    cached_input_tokens: told?.cachedInput,
    output_tokens: told?.output,
    cost_usd: reportedCostUsd ?? undefined,
  };
}

/** What the file's format can hold of it. */
function text(value: string | null): string | undefined {
  return value?.slice(0, RECORD_LIMITS.textLength) || undefined;
}

/** To a thousandth, so that a line of the file stays readable. */
const milliseconds = (ms: number): number => Math.round(Math.min(ms, RECORD_LIMITS.durationMs) * 1000) / 1000;
