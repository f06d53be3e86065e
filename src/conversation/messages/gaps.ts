/** What is missing between a stage and the next one, as a list. */
import type { MetricVerdict } from '../../judge/verdict.ts';
import type { Gap, Missing, ShownVerdicts } from '../../rollout/gap.ts';
import type { CheckState } from '../../rollout/stage-state.ts';
import { missingSentence, REASONS, reasonClause, sentenceOf } from '../../wording/decisions.ts';
import { markdownCode } from '../../wording/foreign-text.ts';
import { bulletList, joined } from '../../wording/markdown.ts';
import { figuresText, missingText, VERDICT_MARKS } from '../../wording/verdicts.ts';
import type { MessageContext } from '../view.ts';

/** The reason as a sentence, then one line for each thing that is missing. */
export function gapText(gap: Gap, context: MessageContext): string {
  return joined([decisionText(gap.reasonCode), bulletList(gapLines(gap, context))]);
}

/** One line for each thing that is missing, and the reason only where there is none. */
export function gapList(gap: Gap, context: MessageContext): string {
  const lines = gapLines(gap, context);
  return bulletList(lines.length === 0 ? [decisionText(gap.reasonCode)] : lines);
}

/** @param code of a gap: a DecisionReason, unless a newer version of the App wrote it */
function decisionText(code: string): string {
  return sentenceOf(reasonClause(code) ?? REASONS.gate_not_met);
}

function gapLines(gap: Gap, context: MessageContext): string[] {
  return [...gap.missing.map((missing) => missingLine(missing, context)), ...metricLines(gap.metrics)];
}

function missingLine(missing: Missing, { state }: MessageContext): string {
  const { what } = missing;
  const isNamed = what === 'workflows' || what === 'checks';
  return missingSentence(missing, isNamed ? notGreen(state?.stage.checks[what] ?? {}) : '');
}

export function metricLines(metrics: ShownVerdicts): string[] {
  return Object.entries(metrics).map(([metric, verdict]) => verdictLine(metric, verdict));
}

function verdictLine(metric: string, verdict: MetricVerdict): string {
  const missing = missingText(verdict);
  const about = missing === '' ? '' : ` (${missing})`;
  const head = `${VERDICT_MARKS[verdict.verdict]} ${markdownCode(metric)} ${verdict.verdict}${about}`;
  return joined([head, figuresText(metric, verdict)], ': ');
}

/** The newest run of a workflow or check that the gate names. */
export const CHECK_WORDS = {
  green: 'green',
  red: 'failed',
  running: 'still running',
  missing: 'no completed run for this version of the config yet',
} as const satisfies Record<CheckState, string>;

function notGreen(states: Readonly<Record<string, CheckState>>): string {
  const open = Object.entries(states).filter(([, state]) => state !== 'green');
  const named = open.map(([name, state]) => `${markdownCode(name)} (${CHECK_WORDS[state]})`);
  return named.length === 0 ? '' : `: ${named.join(', ')}`;
}
