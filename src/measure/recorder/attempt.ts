/** One attempt as the recorder saw it: the record, and what the final report needs besides. */

import type { Arm } from '../../config/arms.ts';
import { parseJson } from '../../gateway/json.ts';
import type { ResponseFacts } from '../../gateway/response-reader.ts';
import { RECORD_LIMITS, type RequestRecord } from '../record.ts';
import { answerFacts } from './answer-facts.ts';
import type { ClientRequest } from './client-request.ts';
import type { Fault } from './fault.ts';
import { withoutPrompt } from './prompt.ts';
import type { TaskAttempt } from './task-tracker.ts';

export interface RecordedAttempt {
  readonly record: RequestRecord;
  /** The number of the program's request, from 1. */
  readonly request: number;
  readonly fault: Fault | null;
  /** Why it failed, in one sentence without words of the prompt, before redaction; null if it did not. */
  readonly message: string | null;
  /** Equal for repetitions of the same request. */
  readonly fingerprint: string;
}

/** What is known about an attempt after its end. */
export interface AttemptFacts extends Pick<RecordedAttempt, 'request' | 'fault'> {
  readonly arm: Arm;
  readonly client: ClientRequest;
  readonly attempt: TaskAttempt;
  /** When it began, in milliseconds since 1970. */
  readonly startedAt: number;
  readonly durationMs: number;
  /** 0 if the client got none. */
  readonly status: number;
  readonly response: ResponseFacts;
  /** False if the request never left the recorder, so it is known to have cost nothing. */
  readonly sentOn: boolean;
}

/** An attempt without a response. */
export const NO_RESPONSE: ResponseFacts = {
  usage: null,
  reportedCostUsd: null,
  model: null,
  finishReason: null,
  empty: null,
  firstTokenMs: null,
  refusal: null,
  requestId: null,
  content: null,
};

/** Tokens and cost as the endpoint reported them. */
type ReportedSpending = Pick<
  RequestRecord,
  'input_tokens' | 'cached_input_tokens' | 'output_tokens' | 'cost_usd'
>;

const FREE: ReportedSpending = { input_tokens: 0, cached_input_tokens: 0, output_tokens: 0, cost_usd: 0 };

/** Reading lists and single objects costs nothing. */
const READING_METHODS: ReadonlySet<string> = new Set(['GET', 'HEAD', 'OPTIONS', 'DELETE']);

export function recordAttempt(facts: AttemptFacts): RecordedAttempt {
  const { client, attempt, response, request, fault } = facts;
  const { refusal } = response;
  const asked = () => parseJson(client.call.body.toString());
  const record: RequestRecord = {
    ts: facts.startedAt,
    arm: facts.arm,
    task: text(attempt.task),
    attempt: Math.min(attempt.number, RECORD_LIMITS.attempt),
    endpoint: client.endpoint,
    model: client.model,
    answered_model: text(response.model),
    status: facts.status,
    error: refusal?.class,
    duration_ms: milliseconds(facts.durationMs),
    ttft_ms: response.firstTokenMs === null ? undefined : milliseconds(response.firstTokenMs),
    ...spending(facts),
    finish_reason: text(response.finishReason),
    empty: refusal === null ? (response.empty ?? undefined) : undefined,
    used: refusal === null,
    ...(response.content && answerFacts(asked(), response.content)),
    request_id: text(response.requestId),
  };
  return {
    record,
    request,
    fault,
    message: refusal && withoutPrompt(refusal.message, asked()),
    fingerprint: client.arrival.fingerprint,
  };
}

function spending({ response, sentOn, client }: AttemptFacts): ReportedSpending {
  const { usage, reportedCostUsd, refusal } = response;
  const read = usage === null && refusal === null && READING_METHODS.has(client.call.method);
  if (!sentOn || read) return FREE;
  return {
    input_tokens: usage?.input,
    cached_input_tokens: usage?.cachedInput,
    output_tokens: usage?.output,
    cost_usd: reportedCostUsd ?? undefined,
  };
}

/** Shortened to what the file's format allows. */
function text(value: string | null): string | undefined {
  return value?.slice(0, RECORD_LIMITS.textLength) || undefined;
}

/** Rounded to a thousandth, so that lines stay readable. */
const milliseconds = (ms: number): number => Math.round(Math.min(ms, RECORD_LIMITS.durationMs) * 1000) / 1000;
