/** Sentences about a look of the judge, for every report. */
import type { Decision } from '../rollout/stage-decision.ts';
import { REASONS } from '../wording/decisions.ts';

/** Beside words, so that nothing depends on a symbol. */
export const DECISION_MARKS = {
  advance: '✅',
  complete: '✅',
  hold: '⏳',
  pause: '⏸️',
  'step-back': '↩️',
  rollback: '❌',
} as const satisfies Record<Decision['kind'], string>;

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
