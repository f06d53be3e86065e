/** What became of an attempt, and of the task that its attempts make. */
import { classify, type ErrorClass } from '../gateway/errors.ts';
import type { KnownModel } from './models.ts';
import { type Arm, endOf, type RequestRecord } from './record.ts';

/** Why an attempt failed: a class of the gateway's errors, or an answer by another model family. */
export type FailureClass = ErrorClass | 'other_model';

/** @returns null where the attempt was served */
export function failureOf(record: RequestRecord, model: KnownModel): FailureClass | null {
  if (record.error !== undefined) return record.error;
  if (record.status < 200 || record.status >= 300) return classByStatus(record.status);
  return model.substituted ? 'other_model' : null;
}

const CLASSES_BY_STATUS = new Map<number, ErrorClass>([[0, 'unreachable']]);

/** The class of a status of which nothing else is told. */
function classByStatus(status: number): ErrorClass {
  const known = CLASSES_BY_STATUS.get(status);
  if (known !== undefined) return known;
  const found = classify({ status, headers: {}, text: '', json: {} }).class;
  CLASSES_BY_STATUS.set(status, found);
  return found;
}

export interface TaskOutcome {
  /** Where its first attempt went. */
  readonly arm: Arm;
  /** No attempt on that arm was served. */
  readonly failed: boolean;
  /** It was tried on the other arm as well. */
  readonly fallback: boolean;
  /** The attempt whose answer was the task's result; null where none was served. */
  readonly result: RequestRecord | null;
  /** When its last attempt ended, milliseconds since 1970: what decides to which window it belongs. */
  readonly end: number;
  /** From the start of its first attempt to `end`; Infinity for a failed task. */
  readonly seconds: number;
  /** From the same start to the result's first token; null where it failed or did not stream. */
  readonly firstTokenSeconds: number | null;
}

/**
 * @param attempts of one task, by number and start
 * @param isServed whether an attempt was served, by {@link failureOf}
 */
export function outcomeOf(
  attempts: readonly [RequestRecord, ...RequestRecord[]],
  isServed: (record: RequestRecord) => boolean,
): TaskOutcome {
  const [first] = attempts;
  const start = attempts.reduce((least, { ts }) => Math.min(least, ts), first.ts);
  const end = attempts.reduce((most, record) => Math.max(most, endOf(record)), endOf(first));
  const served = attempts.filter(isServed);
  const result = served.find(({ used }) => used === true) ?? served.findLast(({ used }) => used !== false);
  const failed = !served.some(({ arm }) => arm === first.arm);
  const firstToken = failed || result?.ttft_ms === undefined ? null : result.ts + result.ttft_ms - start;
  return {
    arm: first.arm,
    failed,
    fallback: attempts.some(({ arm }) => arm !== first.arm),
    result: result ?? served.at(-1) ?? null,
    end,
    seconds: failed ? Infinity : (end - start) / 1000,
    firstTokenSeconds: firstToken === null ? null : firstToken / 1000,
  };
}
