/** Counts of the gateway arm from a platform's log, which has one line for each attempt that reached it. */
import type { ErrorClass } from '../../gateway/refusal.ts';
import type { Usage } from '../../gateway/usage.ts';
import { Aggregator } from '../aggregate.ts';
import { isWithin } from '../instant.ts';
import type { Spending } from '../measurement.ts';
import { NO_MONEY } from '../money.ts';
import type { RequestRecord } from '../record.ts';
import type { SourceQuery, SourceResult } from '../source.ts';
import { type PriceBook, UNKNOWN_IN_SUMS } from './sums.ts';

/** One attempt, as a platform logged it. */
export interface LoggedAttempt {
  /** When it ended, in milliseconds since 1970. */
  readonly end: number;
  /** The longest that it can have taken, in milliseconds. */
  readonly durationMs: number;
  /** null: it was not streamed, or the platform does not report it. */
  readonly ttftMs: number | null;
  readonly model: string;
  readonly key: string | null;
  readonly member: string | null;
  /** null: it was served. */
  readonly error: ErrorClass | null;
  /** null: the platform does not report it. */
  readonly usage: Usage | null;
  /** Whether it says how many input tokens were cached. */
  readonly cacheKnown: boolean;
  /** US dollars, as the platform charged them. */
  readonly usd: number;
}

/** Money that the platform refunded for attempts of this window or of earlier ones. */
export type Refund = Pick<LoggedAttempt, 'model' | 'key' | 'member' | 'usd'>;

export interface PlatformLog {
  readonly attempts: readonly LoggedAttempt[];
  readonly refunds: readonly Refund[];
}

/**
 * The counts of the attempts that ended in the window. Tasks are unknown: a platform sees single attempts, but not
 * which of them belong together, nor those that never reached it.
 *
 * Priced like single attempts (pricing.ts): by the gateway's own price, else by what the platform charged.
 * @param name the platform's name in messages
 */
export function countLog(name: string, log: PlatformLog, query: SourceQuery, book: PriceBook): SourceResult {
  const aggregator = new Aggregator(book, query);
  const attempts = log.attempts.filter(({ end }) => isWithin(query.window, end));
  const records = lessRefunds(attempts, log.refunds).map(recordOf);
  for (const record of records) aggregator.add(record);
  const { gateway } = aggregator.finish();
  if (gateway.attempts === 0) {
    return { kind: 'no-data', reason: `${name} logged no request that ended in this window.` };
  }
  const arm = {
    ...attemptsOf(gateway),
    ...UNKNOWN_IN_SUMS,
    byModel: gateway.byModel.map((slice) => ({ ...attemptsOf(slice), ...UNKNOWN_IN_SUMS })),
    byKey: gateway.byKey.map(attemptsOf),
    byMember: gateway.byMember.map(attemptsOf),
  };
  return { kind: 'measured', arms: { gateway: arm }, notes: [] };
}

/**
 * Takes each refund off the attempts with its model, key and member; those for attempts of earlier windows may exceed
 * their cost, and money is never below 0.
 */
function lessRefunds(
  attempts: readonly LoggedAttempt[],
  refunds: readonly Refund[],
): readonly LoggedAttempt[] {
  const payerOf = ({ model, key, member }: Refund) => JSON.stringify([model, key, member]);
  const left = new Map<string, number>();
  for (const refund of refunds) left.set(payerOf(refund), (left.get(payerOf(refund)) ?? 0) + refund.usd);
  return attempts.map((attempt) => {
    const refunded = Math.min(attempt.usd, left.get(payerOf(attempt)) ?? 0);
    if (refunded > 0) left.set(payerOf(attempt), (left.get(payerOf(attempt)) ?? 0) - refunded);
    return { ...attempt, usd: attempt.usd - refunded };
  });
}

function recordOf({ end, durationMs, ttftMs, error, usage, ...attempt }: LoggedAttempt): RequestRecord {
  return {
    ts: end - durationMs,
    duration_ms: durationMs,
    ttft_ms: ttftMs ?? undefined,
    arm: 'gateway',
    attempt: 0,
    endpoint: '',
    model: attempt.model,
    status: 200,
    error: error ?? undefined,
    input_tokens: usage?.input,
    cached_input_tokens: attempt.cacheKnown ? usage?.cachedInput : undefined,
    output_tokens: usage?.output,
    cost_usd: attempt.usd,
    key: attempt.key ?? undefined,
    member: attempt.member ?? undefined,
  };
}

/** Counts of attempts, each of which was counted as a task. */
function attemptsOf<Slice extends Spending>(slice: Slice): Slice {
  const retryCost = { ...NO_MONEY, unpriced: slice.attempts ?? 0 };
  return { ...slice, tasks: null, failedTasks: null, retryCost };
}
