/** What the attempts of a task were, without their amounts (statement.ts); one record for each. */
import type { Arm } from '../../../config/arms.ts';
import { DAY } from '../../../config/durations-and-shares.ts';
import { ERROR_CLASSES, type ErrorClass } from '../../../gateway/refusal.ts';
import type { RequestRecord } from '../../record.ts';
import { errorClassOf, mayHaveCost, UNKNOWN_ERROR } from '../error-words.ts';

/** An attempt of each task of the shape. */
export interface Kind {
  /** As the query names it. */
  readonly arm: string;
  /** Null for another endpoint. */
  readonly record: RequestRecord | null;
  readonly failed: boolean;
  /** The columns with amounts that have them. */
  readonly told: Readonly<Record<'input' | 'cached' | 'cost', boolean>>;
  /** A retry, by its number. */
  readonly isRetry: boolean;
  /** The column with an impossible value; null where all are possible. */
  readonly bad: string | null;
}

const VALUES = 16;

/** Kinds are separated by `‖`, and the values of tasks.sql in them by `¦`; a name that contains one is a bad text. */
export function readShape(shape: string, armOf: (value: string) => Arm | null): readonly Kind[] {
  return shape.split('‖').map((kind) => {
    const values = kind.split('¦').map((value) => value || undefined);
    const [arm = '', model = '', answered_model, status, error, finish_reason, ...rest] = values;
    const [empty, used, workload, day, , input, cached, cost, retry, wrong = null] = rest;
    const named = error === undefined ? null : classOf(error, status ?? '');
    const code = status === undefined ? statusWithout(named) : Number(status);
    const known = armOf(arm);
    const record =
      known &&
      ({
        ts: Number(day) * DAY,
        arm: known,
        attempt: 0,
        endpoint: '',
        model,
        answered_model,
        status: code,
        error: named === UNKNOWN_ERROR ? 'upstream_error' : (named ?? undefined),
        duration_ms: 0,
        workload,
        finish_reason,
        empty: empty === undefined ? undefined : empty === 'true',
        used: used === undefined ? undefined : used === 'true',
      } as const);
    const bad = values.length === VALUES ? wrong : 'text';
    const told = { input: Boolean(input), cached: Boolean(cached), cost: Boolean(cost) };
    const failed = named !== null || code < 200 || code > 299;
    return { arm, record, failed, told, isRetry: retry !== undefined, bad };
  });
}

/** Classes are taken as they are; other words as the other sources take them. */
function classOf(error: string, status: string): ErrorClass | typeof UNKNOWN_ERROR {
  return ERROR_CLASSES.find((each) => each === error) ?? errorClassOf([error, status]);
}

/** A status that says as much about used tokens as the error does. */
function statusWithout(error: string | null): number {
  if (error === null) return 200;
  return mayHaveCost(error) ? 0 : 400;
}
