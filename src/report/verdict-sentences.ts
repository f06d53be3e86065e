/** Sentences about a look of the judge, for every report. */
import type { MetricVerdict } from '../judge/verdict.ts';
import type { ReplayedLook } from '../rollout/replay.ts';
import type { Decision } from '../rollout/stage-decision.ts';
import { missingSentence, REASONS } from '../wording/decisions.ts';
import { missingText } from '../wording/verdicts.ts';

/** Beside words, so that nothing depends on a symbol. */
export const DECISION_MARKS = {
  advance: '✅',
  complete: '✅',
  hold: '⏳',
  pause: '⏸️',
  'step-back': '↩️',
  rollback: '❌',
} as const satisfies Record<Decision['kind'], string>;

export const VERDICT_COLUMNS = ['Metric', 'Verdict', 'Gateway', 'Official', 'Limit'] as const;

export const BRACKETS_NOTE = 'In brackets: the confidence interval, valid at any number of looks.';

const DECISIONS = {
  advance: 'Advance',
  complete: 'Complete',
  hold: 'Hold',
  pause: 'Pause',
  'step-back': 'Step back',
  rollback: 'Roll back',
} as const satisfies Record<Decision['kind'], string>;

/** `Hold: not every limit has passed yet (slow_ratio).` */
export function decisionSentence({ kind, reasonCode, metrics }: Decision): string {
  const which = metrics.length === 0 ? '' : ` (${metrics.join(', ')})`;
  return `${DECISIONS[kind]}: ${REASONS[reasonCode]}${which}.`;
}

/** What the gate is still missing, one sentence each. */
export function missingSentences(look: Pick<ReplayedLook, 'decision' | 'verdicts'>): string[] {
  // Failures are not listed here: the decision names them.
  const awaited = Object.entries(look.verdicts).filter(
    ([, { needed, verdict }]) => needed && verdict !== 'pass' && verdict !== 'fail',
  );
  return [
    ...look.decision.missing.map((missing) => missingSentence(missing)),
    ...awaited.map(([name, verdict]) => `${name}: ${verdictSentence(verdict)}.`),
  ];
}

/** A verdict with its reason: `inconclusive, needs about 1,200 more tasks on the gateway, 5.5 h at the current rate`. */
export function verdictSentence(verdict: MetricVerdict): string {
  const missing = missingText(verdict);
  if (missing === '') return verdict.verdict;
  return `${verdict.verdict}, ${verdict.stillNeeded === null ? '' : 'needs '}${missing}`;
}
