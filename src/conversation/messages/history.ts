/** One line of the history, linked to the comment that asked for it. */
import type { HistoryEntry } from '../../rollout/state.ts';
import { moment } from '../../wording/amounts.ts';
import { reasonClause } from '../../wording/decisions.ts';
import { markdownText } from '../../wording/foreign-text.ts';
import { byPerson, stageName } from './names.ts';

export function historyLine({ at, kind, from, to, by, reason, comment }: HistoryEntry): string {
  const what = WHAT[kind](from === null ? null : stageName(from), to === null ? null : stageName(to));
  // The person is named already.
  const why = reason === null || reason === '' || reason === 'by_person' ? '' : `: ${reasonText(reason)}`;
  const link = comment === null ? '' : ` ([comment](#issuecomment-${comment}))`;
  return `${moment(at)}: ${what}${byPerson(by)}${why}${link}`;
}

type Text = (from: string | null, to: string | null) => string;

/** ` in **5%**`; empty where no stage is named. */
const at = (word: string, stage: string | null): string => (stage === null ? '' : ` ${word} ${stage}`);

const WHAT = {
  started: (_, to) => `started${at('at', to)}`,
  advanced: (from, to) => `advanced ${from ?? ''} → ${to ?? 'completion'}`,
  forced: (from, to) => `forced ${from ?? ''} → ${to ?? 'completion'}`,
  rolled_back: (from, to) => `rolled back ${from ?? ''} → ${to ?? stageName('0%')}`,
  stepped_back: (from, to) => `stepped back ${from ?? ''} → ${to ?? stageName('0%')}`,
  returned: (_, to) => `share returned${at('to', to)}`,
  paused: (from, to) => `paused${at('in', from ?? to)}`,
  resumed: (from, to) => `resumed${at('in', to ?? from)}`,
  retried: (_, to) => `restarted${at('at', to)}`,
  approved: (from, to) => `approved${at('leaving', from ?? to)}`,
  watching: (from) => `watch begun${at('after', from)}`,
  accepted: (from) => `regression accepted${at('in', from)}`,
  completed: () => 'completed',
  aborted: () => 'aborted',
} as const satisfies Record<HistoryEntry['kind'], Text>;

/** The clause of a reason code; otherwise a person's own words, quoted. */
function reasonText(reason: string): string {
  return reasonClause(reason) ?? `“${markdownText(reason, 200)}”`;
}
