/** The outcome of an attempt, and of the task that attempts form. */

import type { Arm } from '../config/arms.ts';
import { classify } from '../gateway/errors.ts';
import { failedMidway } from '../gateway/incomplete.ts';
import type { ErrorClass } from '../gateway/refusal.ts';
import type { KnownModel } from './models.ts';
import { endOf, type RequestRecord } from './record.ts';

/** Why an attempt failed: a class of the gateway's errors, or an answer by another model family. */
export type FailureClass = ErrorClass | 'other_model';

/** @returns null if the attempt was served */
export function failureOf(record: RequestRecord, model: KnownModel): FailureClass | null {
  if (record.error !== undefined) return record.error;
  if (record.status < 200 || record.status >= 300) return classByStatus(record.status);
  const ending = failedMidway(record.finish_reason ?? null);
  if (ending !== null) return ending.class;
  return model.substituted ? 'other_model' : null;
}

const CLASSES_BY_STATUS = new Map<number, ErrorClass>([[0, 'unreachable']]);

function classByStatus(status: number): ErrorClass {
  const known = CLASSES_BY_STATUS.get(status);
  if (known !== undefined) return known;
  const found = classify({ status, headers: {}, text: '', json: {} }).class;
  CLASSES_BY_STATUS.set(status, found);
  return found;
}

export interface Attempt {
  readonly record: RequestRecord;
  readonly model: KnownModel;
  /** null: it was served. */
  readonly failure: FailureClass | null;
}

/** The attempts of one task, by number and start. */
export type Attempts = readonly [Attempt, ...Attempt[]];

export interface TaskOutcome {
  /** The arm of its first attempt. */
  readonly arm: Arm;
  /** No attempt on that arm was served. */
  readonly failed: boolean;
  /** It was also tried on the other arm. */
  readonly fallback: boolean;
  /** The attempt whose answer was the task's result; null if none was served. */
  readonly result: RequestRecord | null;
  /** When its last attempt ended, in milliseconds since 1970; this decides its window. */
  readonly end: number;
  /** From the start of its first attempt to `end`; Infinity for a failed task. */
  readonly seconds: number;
  /** From the same start to the result's first token; null if it failed or did not stream. */
  readonly firstTokenSeconds: number | null;
}

export function outcomeOf(attempts: Attempts): TaskOutcome {
  const { arm } = attempts[0].record;
  let start = Infinity;
  let end = Number.NEGATIVE_INFINITY;
  let failed = true;
  let fallback = false;
  for (const { record, failure } of attempts) {
    start = Math.min(start, record.ts);
    end = Math.max(end, endOf(record));
    if (record.arm !== arm) fallback = true;
    else if (failure === null) failed = false;
  }
  const result = resultOf(attempts);
  const firstToken = failed || result?.ttft_ms === undefined ? null : result.ts + result.ttft_ms - start;
  return {
    arm,
    failed,
    fallback,
    result,
    end,
    seconds: failed ? Infinity : (end - start) / 1000,
    firstTokenSeconds: firstToken === null ? null : firstToken / 1000,
  };
}

/** The served attempt that was used; if unknown, the last one that may have been. */
function resultOf(attempts: Attempts): RequestRecord | null {
  let result: RequestRecord | null = null;
  for (const { record, failure } of attempts) {
    if (failure !== null) continue;
    if (record.used === true) return record;
    if (result === null || record.used !== false) result = record;
  }
  return result;
}
