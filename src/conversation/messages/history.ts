/** One line of the history, linked to the comment that asked for it. */

import type { HistoryEntry } from '../../rollout/state.ts';
import { moment } from '../../wording/amounts.ts';
import { markdownText } from '../../wording/foreign-text.ts';
import { byPerson, stageName } from './names.ts';
import { PAUSES, ROLLBACKS } from './next-steps.ts';
import { problemText } from './problems.ts';

export function historyLine(historyEntry: HistoryEntry): string {
  const { at, by, reason, comment } = historyEntry;
  // Who it was stands beside it.
  const why = reason === null || reason === '' || reason === 'by_person' ? '' : `: ${reasonText(reason)}`;
  const link = comment === null ? '' : ` ([comment](#issuecomment-${comment}))`;
  return `${moment(at)}: ${whatHappened(historyEntry)}${byPerson(by)}${why}${link}`;
}

function whatHappened({ kind, from, to }: HistoryEntry): string {
  return WHAT[kind](from === null ? null : stageName(from), to === null ? null : stageName(to));
}

type Text = (from: string | null, to: string | null) => string;

/** ` in **5%**`; empty where no stage is named. */
const behind = (word: string, stage: string | null): string => (stage === null ? '' : ` ${word} ${stage}`);

const WHAT = {
  started: (_, to) => `started${behind('at', to)}`,
  advanced: (from, to) => `advanced ${from ?? ''} → ${to ?? 'completion'}`,
  forced: (from, to) => `forced ${from ?? ''} → ${to ?? 'completion'}`,
  rolled_back: (from, to) => `rolled back ${from ?? ''} → ${to ?? stageName('0%')}`,
  paused: (from, to) => `paused${behind('in', from ?? to)}`,
  resumed: (from, to) => `resumed${behind('in', to ?? from)}`,
  retried: (_, to) => `began again${behind('at', to)}`,
  approved: (from, to) => `approved${behind('to leave', from ?? to)}`,
  completed: () => 'completed',
  aborted: () => 'aborted',
} as const satisfies Record<HistoryEntry['kind'], Text>;

const CODES: Readonly<Record<string, string | undefined>> = Object.fromEntries([
  ...Object.entries(PAUSES).map(([code, { why }]) => [code, why]),
  ...Object.entries(ROLLBACKS),
]);

/** A code of ours as its sentence, without the full stop; else a person's words. */
function reasonText(reason: string): string {
  const sentence = Object.hasOwn(CODES, reason) ? CODES[reason] : problemText(reason)?.what;
  return sentence === undefined ? `“${markdownText(reason, 200)}”` : sentence.replace(/\.$/, '');
}
