/** Counts of the gateway arm from a platform's log, which has one line for each attempt that reached it. */
import type { Usage } from '../../gateway/usage.ts';
import { Aggregator } from '../aggregate.ts';
import { isWithin } from '../instant.ts';
import type { ArmCounts, Spending } from '../measurement.ts';
import type { PriceBook } from '../models.ts';
import { NO_MONEY } from '../money.ts';
import { endOf, type RequestRecord } from '../record.ts';
import type { SourceQuery, SourceResult } from '../source.ts';
import { UNKNOWN_IN_SUMS } from './sums.ts';

/** What a platform's log says of every attempt. `ts` and `duration_ms` end when it logged the attempt. */
export const LOGGED = { arm: 'gateway', attempt: 0, endpoint: '', status: 200 } as const;

/** The tokens of a record; none if the platform does not report them. */
export function tokensOf(usage: Usage | null, cacheKnown: boolean) {
  return {
    input_tokens: usage?.input,
    cached_input_tokens: cacheKnown ? usage?.cachedInput : undefined,
    output_tokens: usage?.output,
  };
}

/** Money that the platform refunded for attempts of this window or of earlier ones. */
export type Refund = Pick<RequestRecord, 'model' | 'key' | 'member' | 'cost_usd'>;

/**
 * The counts of the attempts that ended in the window. Tasks are unknown: a platform sees single attempts, but not
 * which of them belong together, nor those that never reached it.
 *
 * Priced like single attempts (pricing.ts): by the gateway's own price, else by what the platform charged.
 * @param name the platform's name in messages
 */
export function countLog(
  name: string,
  attempts: readonly RequestRecord[],
  refunds: readonly Refund[],
  query: SourceQuery,
  book: PriceBook,
): SourceResult {
  const aggregator = new Aggregator(book, query);
  const ended = attempts.filter((each) => isWithin(query.window, endOf(each)));
  for (const record of lessRefunds(ended, refunds)) aggregator.add(record);
  const { gateway } = aggregator.finish();
  if (gateway.attempts === 0) {
    return { kind: 'no-data', reason: `${name} logged no request that ended in this window.` };
  }
  return { kind: 'measured', arms: { gateway: countsOfLog(gateway) }, notes: [] };
}

/** Counts of a log's attempts, each of which was counted as a task. */
export function countsOfLog(arm: ArmCounts): ArmCounts {
  return {
    ...attemptsOf(arm),
    ...UNKNOWN_IN_SUMS,
    byModel: arm.byModel.map((slice) => ({ ...attemptsOf(slice), ...UNKNOWN_IN_SUMS })),
    byKey: arm.byKey.map(attemptsOf),
    byMember: arm.byMember.map(attemptsOf),
  };
}

/**
 * Takes each refund off the attempts with its model, key and member; those for attempts of earlier windows may exceed
 * their cost, and money is never below 0.
 */
function lessRefunds(
  attempts: readonly RequestRecord[],
  refunds: readonly Refund[],
): readonly RequestRecord[] {
  const payerOf = ({ model, key, member }: Refund) => JSON.stringify([model, key, member]);
  const left = new Map<string, number>();
  const add = (refund: Refund, usd: number) =>
    left.set(payerOf(refund), (left.get(payerOf(refund)) ?? 0) + usd);
  for (const refund of refunds) add(refund, refund.cost_usd ?? 0);
  return attempts.map((attempt) => {
    const { cost_usd: usd = 0 } = attempt;
    const refunded = Math.min(usd, left.get(payerOf(attempt)) ?? 0);
    if (refunded > 0) add(attempt, -refunded);
    return { ...attempt, cost_usd: usd - refunded };
  });
}

function attemptsOf<Slice extends Spending>(slice: Slice): Slice {
  const retryCost = { ...NO_MONEY, unpriced: slice.attempts ?? 0 };
  return { ...slice, tasks: null, failedTasks: null, retryCost };
}
