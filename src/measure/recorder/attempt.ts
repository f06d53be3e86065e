/** One attempt as the recorder saw it: the record, and what only the end report needs. */
import type { PassedAnswer } from '../../gateway/passing-answer.ts';
import { type Arm, RECORD_LIMITS, type RequestRecord } from '../record.ts';
import type { ClientRequest } from './client-request.ts';
import type { Fault } from './fault.ts';
import type { Attempt } from './tasks.ts';

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
  readonly place: Attempt;
  readonly fault: Fault | null;
  /** When it began, in milliseconds since 1970. */
  readonly startedAt: number;
  readonly durationMs: number;
  /** 0 where the client got none. */
  readonly status: number;
  readonly answer: PassedAnswer;
  /** False when the request never left the recorder: it cost nothing, which is known. */
  readonly sentOn: boolean;
}

/** An attempt that came to no answer. */
export const NO_ANSWER: PassedAnswer = {
  usage: null,
  reportedCostUsd: null,
  model: null,
  finishReason: null,
  empty: null,
  firstTokenMs: null,
  refusal: null,
  requestId: null,
};

const FREE = { input_tokens: 0, cached_input_tokens: 0, output_tokens: 0, cost_usd: 0 } as const;

/** Lists and single objects are read for nothing. */
const READING_METHODS: ReadonlySet<string> = new Set(['GET', 'HEAD', 'OPTIONS', 'DELETE']);

export function recordAttempt(facts: AttemptFacts): RecordedAttempt {
  const { client, place, answer, status, durationMs } = facts;
  const { refusal } = answer;
  const record: RequestRecord = {
    ts: facts.startedAt,
    arm: facts.arm,
    task: limited(place.task),
    attempt: Math.min(place.number, RECORD_LIMITS.attempt),
    endpoint: client.endpoint,
    model: client.model,
    ...named('answered_model', answer.model),
    status,
    ...(refusal !== null && { error: refusal.class }),
    duration_ms: milliseconds(durationMs),
    ...(answer.firstTokenMs !== null && { ttft_ms: milliseconds(answer.firstTokenMs) }),
    ...spending(facts),
    ...named('finish_reason', answer.finishReason),
    ...(refusal === null && answer.empty !== null && { empty: answer.empty }),
    used: refusal === null,
    ...named('request_id', answer.requestId),
    key: undefined,
    member: undefined,
    workload: undefined,
    unit: undefined,
  };
  const { request, fault } = facts;
  const message = refusal?.message ?? null;
  return { record, request, fault, message, fingerprint: client.arrival.fingerprint };
}

type Spending = Partial<
  Pick<RequestRecord, 'input_tokens' | 'cached_input_tokens' | 'output_tokens' | 'cost_usd'>
>;

function spending({ answer: { usage, reportedCostUsd, refusal }, sentOn, client }: AttemptFacts): Spending {
  if (!sentOn) return FREE;
  const reported: Spending = reportedCostUsd === null ? {} : { cost_usd: reportedCostUsd };
  if (usage !== null) {
    const { input, cachedInput, output } = usage;
    return { input_tokens: input, cached_input_tokens: cachedInput, output_tokens: output, ...reported };
  }
  return refusal === null && READING_METHODS.has(client.call.method) ? FREE : reported;
}

function named<Name extends string>(name: Name, text: string | null): { [Key in Name]?: string } {
  const partial: { [Key in Name]?: string } = {};
  if (text !== null && text !== '') partial[name] = limited(text);
  return partial;
}

const limited = (text: string): string => text.slice(0, RECORD_LIMITS.textLength);

/** To a thousandth, so that a line of the file stays readable. */
const milliseconds = (ms: number): number => Math.round(Math.min(ms, RECORD_LIMITS.durationMs) * 1000) / 1000;
