/** The final report: requests, cost and time of the whole rollout, by stage, key and member. */
import type { HistoryEntry, LeftStage } from '../rollout/state.ts';
import { known, span } from '../wording/amounts.ts';
import { bothArms, costPerTask, successRate } from '../wording/arm-figures.ts';
import { bulletList, joined, markdownTable } from '../wording/markdown.ts';
import { armTable, spenderTables } from './messages/figures.ts';
import { historyLine } from './messages/history.ts';
import { stageName } from './messages/names.ts';
import type { RolloutView } from './view.ts';

const MOST_ROWS = 20;
const MOST_STAGES = 40;

/** Markdown; empty sections are left out. */
export function finalReport({ state, namesShown }: RolloutView): string {
  const [byKey, byMember] = spenderTables(state.spent, namesShown, MOST_ROWS);
  const sections = joined([
    titled('Both arms over the whole rollout', armTable(state.spent)),
    titled('Stages', stageTable(state.left)),
    titled('Cost by key', byKey),
    titled('Cost by member', byMember),
    titled('Incidents', movesOf(state.history, 'stepped_back')),
    titled('Forced moves', movesOf(state.history, 'forced')),
  ]);
  return sections || 'Nothing was measured.';
}

function titled(title: string, body: string): string {
  return body === '' ? '' : `#### ${title}\n\n${body}`;
}

const COLUMNS = [
  'Stage',
  'Outcome',
  'Time',
  'Official tasks',
  'Gateway tasks',
  'Official success',
  'Gateway success',
  'Official cost per task',
  'Gateway cost per task',
];

function stageTable(left: readonly LeftStage[]): string {
  if (left.length === 0) return '';
  const rows = left
    .slice(-MOST_STAGES)
    .map((stage) => [
      stageName(stage.label),
      howLeft(stage),
      span(Math.max(0, stage.leftAt - stage.enteredAt)),
      ...bothArms(stage.total, ({ tasks }) => known(tasks)),
      ...bothArms(stage.total, successRate),
      ...bothArms(stage.total, costPerTask),
    ]);
  return markdownTable(COLUMNS, 2, rows);
}

function howLeft({ forced, rolledBack }: LeftStage): string {
  if (rolledBack) return 'rolled back';
  return forced ? 'forced' : 'gate met';
}

/** Empty where there was none. */
function movesOf(history: readonly HistoryEntry[], kind: HistoryEntry['kind']): string {
  return bulletList(history.filter((each) => each.kind === kind).map(historyLine));
}
