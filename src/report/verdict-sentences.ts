/** Sentences about a look of the judge, for every report. */
import type { Decision } from '../rollout/stage-decision.ts';
import { REASONS } from '../wording/decisions.ts';

/** A mark beside each word, so that nothing depends on a symbol. */
export const DECISIONS = {
  advance: { mark: '✅', word: 'Advance' },
  complete: { mark: '✅', word: 'Complete' },
  hold: { mark: '⏳', word: 'Hold' },
  pause: { mark: '⏸️', word: 'Pause' },
  'step-back': { mark: '↩️', word: 'Step back' },
  rollback: { mark: '❌', word: 'Roll back' },
} as const satisfies Record<Decision['kind'], object>;

/** `Hold: not every limit has passed yet (slow_ratio).` */
export function decisionSentence({ kind, reasonCode, metrics }: Decision): string {
  const which = metrics.length === 0 ? '' : ` (${metrics.join(', ')})`;
  return `${DECISIONS[kind].word}: ${REASONS[reasonCode]}${which}.`;
}
