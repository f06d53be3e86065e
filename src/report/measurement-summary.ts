/** Measurements and the judge's last look as Markdown, for the job's summary. */

import type { ArmSummary, Overview, Span } from '../measure/overview.ts';
import type { ReplayedLook } from '../rollout/replay.ts';
import { count, minute, whole } from '../wording/amounts.ts';
import { type ArmChart, armChart, MOST_MOMENTS } from '../wording/arm-chart.ts';
import { SPENDER_COLUMNS, SPENDERS, spendersOf } from '../wording/arm-figures.ts';
import { markdownCode, markdownProse, markdownText } from '../wording/foreign-text.ts';
import { bulletList, markdownTable } from '../wording/markdown.ts';
import { estimateText, limitText, VERDICT_MARKS } from '../wording/verdicts.ts';
import { armFigures, countsOf, STAGE_COLUMNS, stageFigures } from './measurement-figures.ts';
import { DECISION_MARKS, decisionSentence, missingSentences, verdictSentence } from './verdict-sentences.ts';

/** Points of an overview that the charts can show. */
export const SUMMARY_POINTS = MOST_MOMENTS;

const MOST_ROWS = 30;

export interface MeasurementSummaryInput {
  readonly overview: Overview;
  /** The last look of the judge; null where nothing was judged. */
  readonly look: ReplayedLook | null;
  /** What people should know of the last window. */
  readonly notes?: readonly string[];
}

/**
 * What was decided and why, what is missing, both arms side by side, the verdicts with their intervals, charts,
 * and the cost by model, key and member. The same input gives the same text; foreign text renders as itself.
 */
export function measurementSummary({ overview, look, notes = [] }: MeasurementSummaryInput): string {
  const stage = overview.stages.find((each) => each.stage === look?.stage) ?? overview.stages.at(-1);
  const sections = [
    ...headline(overview, look),
    ...missing(look),
    bulletList(notes.map((note) => `⚠️ ${markdownText(note, 1000)}`)),
    ...(stage === undefined ? [] : [sideBySide(stage)]),
    ...verdicts(look),
    ...charts(overview),
    ...stages(overview),
    ...SPENDERS.flatMap(({ by, noun }) => spenders(overview, by, noun)),
  ];
  return `${sections.filter((section) => section !== '').join('\n\n')}\n`;
}

function headline({ window, sources, points }: Overview, look: ReplayedLook | null): string[] {
  const windows = points.reduce((sum, point) => sum + point.windows, 0);
  const about = `${count(windows, 'window')} from ${minute(window.from)} to ${minute(window.to)} UTC, by ${markdownText(sources.join(', '), 200)}.`;
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
  return [`### Still missing\n\n${sentences.map((sentence) => `- ${markdownText(sentence)}`).join('\n')}`];
}

function sideBySide(span: Span): string {
  const rows = armFigures(span.arms).map(({ label, official, gateway }) => [
    label,
    markdownText(official),
    markdownText(gateway),
  ]);
  const title = `### Both arms in stage ${markdownText(span.stage, 100)}`;
  return rows.length === 0
    ? `${title}\n\nThe source has no data of this stage.`
    : `${title}\n\n${markdownTable(['', 'Official', 'Gateway'], 1, rows)}`;
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
  const head = ['Metric', 'Verdict', 'Gateway', 'Official', 'Limit'];
  const note = 'In brackets what the evidence leaves possible, however often one looked.';
  return [`### Verdicts\n\n${markdownTable(head, head.length, rows)}\n\n${note}`];
}

function charts({ points }: Overview): string[] {
  return [
    chart(points, 'Success rate', 'percent', ({ successRate }) => successRate),
    chart(points, 'p95 of the time of a task', 'seconds', ({ latency }) => latency?.p95 ?? null),
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

function stages(overview: Overview): string[] {
  if (overview.stages.length < 2) return [];
  const rows = overview.stages.map((span) => [markdownText(span.stage, 100), ...stageFigures(span)]);
  return [`### Stages\n\n${markdownTable(['Stage', ...STAGE_COLUMNS], 1, rows)}`];
}

function spenders({ whole: arms }: Overview, by: (typeof SPENDERS)[number]['by'], noun: string): string[] {
  const all = spendersOf(countsOf(arms), by);
  if (all.length === 0) return [];
  const rows = all
    .slice(0, MOST_ROWS)
    .map(({ name, figures }) => [markdownCode(name, 100), ...figures.map((text) => markdownText(text))]);
  const more = all.length - rows.length;
  const note = more > 0 ? `\n\n… and ${whole(more)} more.` : '';
  return [`### Cost by ${noun}\n\n${markdownTable(['', ...SPENDER_COLUMNS], 1, rows)}${note}`];
}
