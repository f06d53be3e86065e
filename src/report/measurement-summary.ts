/** Measurements and the judge's last look as Markdown, for the job's summary. */
import type { Overview, Span } from '../measure/overview.ts';
import type { ReplayedLook } from '../rollout/replay.ts';
import { missingSentence } from '../wording/decisions.ts';
import { differenceChart, MOST_MOMENTS } from '../wording/difference-chart.ts';
import { markdownCode, markdownProse, markdownText } from '../wording/foreign-text.ts';
import { bulletList, markdownTable } from '../wording/markdown.ts';
import { BRACKETS_NOTE, VERDICT_COLUMNS, verdictRow } from '../wording/verdict-table.ts';
import { markdownFigures } from './figure-table.ts';
import { armsTable, spenderTables, stagesTable, windowsSentence } from './measurement-tables.ts';
import { DECISIONS, decisionSentence } from './verdict-sentences.ts';

/** Points of an overview that the chart can show. */
export const SUMMARY_POINTS = MOST_MOMENTS;

const MOST_ROWS = 30;

export interface MeasurementSummaryInput {
  readonly overview: Overview;
  /** The judge's last look; null where nothing was judged. */
  readonly look: ReplayedLook | null;
  /** Remarks on the last window, for people. */
  readonly notes?: readonly string[];
}

/**
 * The decision and its reason, what is missing, both arms side by side, the verdicts with their intervals, a chart, and
 * the cost by model, key and member. The same input gives the same text; foreign text renders as itself.
 */
export function measurementSummary({ overview, look, notes = [] }: MeasurementSummaryInput): string {
  const stage = overview.stages.find((each) => each.stage === look?.stage) ?? overview.stages.at(-1);
  const stages = stagesTable(overview);
  const sections = [
    ...headline(overview, look),
    ...missing(look),
    bulletList(notes.map((note) => `⚠️ ${markdownText(note, 1000)}`)),
    ...(stage === undefined ? [] : [sideBySide(stage)]),
    ...verdicts(look),
    chart(overview, look),
    ...(stages === null ? [] : [`### Stages\n\n${markdownFigures(stages)}`]),
    ...spenderTables(overview, MOST_ROWS).map(
      (table) => `### ${table.title}\n\n${markdownFigures(table, (name) => markdownCode(name, 100))}`,
    ),
  ];
  return `${sections.filter((section) => section !== '').join('\n\n')}\n`;
}

function headline(overview: Overview, look: ReplayedLook | null): string[] {
  const about = markdownText(windowsSentence(overview));
  if (look === null) return ['## Measurements', about];
  return [
    `## ${DECISIONS[look.decision.kind].mark} Stage ${markdownText(look.stage, 100)}`,
    `**${markdownProse(decisionSentence(look.decision))}**`,
    about,
  ];
}

/** What the gate needs besides its metrics. */
function missing(look: ReplayedLook | null): string[] {
  const sentences = (look?.decision.missing ?? []).map((each) => markdownText(missingSentence(each)));
  return sentences.length === 0 ? [] : [`### Still missing\n\n${bulletList(sentences)}`];
}

function sideBySide(span: Span): string {
  const table = armsTable(span);
  const body = table.rows.length === 0 ? 'The source has no data for this stage.' : markdownFigures(table);
  return `### ${markdownText(table.title, 130)}\n\n${body}`;
}

function verdicts(look: ReplayedLook | null): string[] {
  const rows = Object.entries(look?.verdicts ?? {}).map(([metric, verdict]) => verdictRow(metric, verdict));
  if (rows.length === 0) return [];
  const table = markdownTable(VERDICT_COLUMNS, VERDICT_COLUMNS.length, rows);
  return [`### Verdicts\n\n${table}\n\n${BRACKETS_NOTE}`];
}

function chart({ points }: Overview, look: ReplayedLook | null): string {
  const drawn = points.map(({ window, arms: { official, gateway } }) => ({
    at: window.to,
    official: official?.successRate ?? null,
    gateway: gateway?.successRate ?? null,
  }));
  return differenceChart('Success rate, compared with official', drawn, look?.verdicts.success_rate);
}
