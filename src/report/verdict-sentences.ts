/** Every sentence about a look of the judge that is not a line of a log. */

import type { LimitVerdict, MetricVerdict } from '../judge/verdict.ts';
import type { ReplayedLook } from '../rollout/replay.ts';
import type { Decision } from '../rollout/stage-decision.ts';
import { missingSentence, REASONS } from '../wording/decisions.ts';
import { isTimesOfficial, missingText } from '../wording/verdicts.ts';

/** As words, so that nothing depends on colour or on a symbol. */
export const DECISION_MARKS = {
  advance: '✅',
  complete: '✅',
  hold: '⏳',
  pause: '⏸️',
  rollback: '❌',
} as const satisfies Record<Decision['kind'], string>;

const DECISIONS = {
  advance: 'Advance',
  complete: 'Complete',
  hold: 'Hold',
  pause: 'Pause',
  rollback: 'Roll back',
} as const satisfies Record<Decision['kind'], string>;

/** `Hold: the numbers do not yet prove that every limit is kept (slow_ratio).` */
export function decisionSentence({ kind, reasonCode, metrics }: Decision): string {
  const which = metrics.length === 0 ? '' : ` (${metrics.join(', ')})`;
  return `${DECISIONS[kind]}: ${REASONS[reasonCode]}${which}.`;
}

/** What the gate still lacks, one sentence each; empty where nothing is missing. */
export function missingSentences({
  decision,
  verdicts,
}: Pick<ReplayedLook, 'decision' | 'verdicts'>): string[] {
  // A failure is no lack: the decision names it.
  const awaited = Object.entries(verdicts).filter(
    ([, { needed, verdict }]) => needed && verdict !== 'pass' && verdict !== 'fail',
  );
  return [
    ...decision.missing.map((missing) => missingSentence(missing)),
    ...awaited.map(([name, verdict]) => `${name}: ${verdictSentence(verdict)}.`),
  ];
}

/** Why a verdict is what it is: `inconclusive, needs about 1,200 more tasks on the gateway, 5.5 h at the present rate`. */
export function verdictSentence(verdict: MetricVerdict): string {
  const missing = missingText(verdict);
  if (missing === '') return verdict.verdict;
  return `${verdict.verdict}, ${verdict.stillNeeded === null ? '' : 'needs '}${missing}`;
}

/**
 * Where the gateway's value would stand at its limit, in the metric's unit: a relative limit is laid on the
 * official arm's present value. Null where there is none.
 */
export function limitPosition(
  { kind, limit }: LimitVerdict,
  { unit, official }: MetricVerdict,
  metric: string,
): number | null {
  const absolute = kind === 'min' || kind === 'frozen' || (kind === 'max' && !isTimesOfficial(metric));
  if (absolute) return limit;
  const base = official?.value ?? null;
  if (base === null) return null;
  if (kind === 'max') return base * limit;
  if (kind === 'max_drop') return base - limit;
  return unit === 'share' ? base + limit : base * (1 + limit / 100);
}
