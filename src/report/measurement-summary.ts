/** Measurements and the judge's last look as Markdown, for the job's summary. */
import type { ArmSummary, Overview, Span } from '../measure/overview.ts';
import type { ReplayedLook } from '../rollout/replay.ts';
import { type ArmChart, armChart, MOST_MOMENTS } from '../wording/arm-chart.ts';
import { markdownCode, markdownProse, markdownText } from '../wording/foreign-text.ts';
import { bulletList, markdownTable } from '../wording/markdown.ts';
import { estimateText, limitText, VERDICT_MARKS } from '../wording/verdicts.ts';
import { markdownFigures } from './figure-table.ts';
import { armsTable, spenderTables, stagesTable, windowsSentence } from './measurement-tables.ts';
import {
  BRACKETS_NOTE,
  DECISION_MARKS,
  decisionSentence,
  missingSentences,
  VERDICT_COLUMNS,
  verdictSentence,
} from './verdict-sentences.ts';

/** Points of an overview that the charts can show. */
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
 * The decision and its reason, what is missing, both arms side by side, the verdicts with their intervals, charts, and
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
    ...charts(overview),
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
    `## ${DECISION_MARKS[look.decision.kind]} Stage ${markdownText(look.stage, 100)}`,
    `**${markdownProse(decisionSentence(look.decision))}**`,
    about,
  ];
}

function missing(look: ReplayedLook | null): string[] {
  const sentences = look === null ? [] : missingSentences(look);
  if (sentences.length === 0) return [];
  return [`### Still missing\n\n${bulletList(sentences.map((sentence) => markdownText(sentence)))}`];
}

function sideBySide(span: Span): string {
  const table = armsTable(span);
  const body = table.rows.length === 0 ? 'The source has no data for this stage.' : markdownFigures(table);
  return `### ${markdownText(table.title, 130)}\n\n${body}`;
}

function verdicts(look: ReplayedLook | null): string[] {
  const entries = Object.entries(look?.verdicts ?? {});
  if (entries.length === 0) return [];
  const rows = entries.map(([metric, verdict]) => [
    `${markdownCode(metric)}${verdict.guard ? ' (guard)' : ''}`,
    `${VERDICT_MARKS[verdict.verdict]} ${markdownProse(verdictSentence(verdict))}`,
    markdownText(estimateText(verdict.gateway, verdict.unit)),
    markdownText(estimateText(verdict.official, verdict.unit)),
    verdict.limits.map((limit) => markdownText(limitText(metric, verdict.unit, limit))).join('<br>') || '–',
  ]);
  const table = markdownTable(VERDICT_COLUMNS, VERDICT_COLUMNS.length, rows);
  return [`### Verdicts\n\n${table}\n\n${BRACKETS_NOTE}`];
}

function charts({ points }: Overview): string[] {
  return [
    chart(points, 'Success rate', 'percent', ({ successRate }) => successRate),
    chart(points, 'Task latency, p95', 'seconds', ({ latency }) => latency?.p95.atMost ?? null),
    chart(points, 'Cost per task', 'USD', ({ costPerTask }) => costPerTask),
  ];
}

function chart(
  points: readonly Span[],
  title: string,
  unit: ArmChart['unit'],
  figureOf: (arm: ArmSummary) => number | null,
): string {
  const finite = (arm: ArmSummary | null): number | null => {
    const value = arm === null ? null : figureOf(arm);
    return value === null || !Number.isFinite(value) ? null : value;
  };
  const drawn = points.map(({ window, arms }) => ({
    at: window.to,
    official: finite(arms.official),
    gateway: finite(arms.gateway),
  }));
  return armChart({ title, unit, points: drawn });
}
