/** What stands between a stage and the next one, as a list. */

import type { Gap, Missing, ShownVerdicts } from '../../rollout/gap.ts';
import type { CheckState, NamedChecks } from '../../rollout/stage-state.ts';
import { missingSentence } from '../../wording/decisions.ts';
import { markdownCode } from '../../wording/foreign-text.ts';
import { bulletList } from '../../wording/markdown.ts';
import { decisionText } from './next-steps.ts';
import { verdictLine } from './verdicts.ts';

/** The reason as a sentence, then one line for each lack. */
export function gapText(gap: Gap, checks: NamedChecks | null): string {
  const lines = gapLines(gap, checks);
  const reason = decisionText(gap.reasonCode);
  return lines.length === 0 ? reason : `${reason}\n\n${bulletList(lines)}`;
}

/** One line for each lack, and the reason only where there is none. */
export function gapList(gap: Gap, checks: NamedChecks | null): string {
  const lines = gapLines(gap, checks);
  return bulletList(lines.length === 0 ? [decisionText(gap.reasonCode)] : lines);
}

function gapLines(gap: Gap, checks: NamedChecks | null): string[] {
  return [...gap.missing.map((missing) => missingLine(missing, checks)), ...metricLines(gap.metrics)];
}

export function metricLines(metrics: ShownVerdicts): string[] {
  return Object.entries(metrics).map(([metric, verdict]) => verdictLine(metric, verdict));
}

function missingLine(missing: Missing, checks: NamedChecks | null): string {
  const { what } = missing;
  return missingSentence(missing, what === 'workflows' || what === 'checks' ? notGreen(checks?.[what]) : '');
}

/** What the newest run of something named is. */
export const CHECK_WORDS = {
  green: 'green',
  red: 'not green',
  running: 'still running',
  missing: 'without a completed run on the present config',
} as const satisfies Record<CheckState, string>;

function notGreen(states: Readonly<Record<string, CheckState>> | undefined): string {
  const open = Object.entries(states ?? {}).filter(([, state]) => state !== 'green');
  const named = open.map(([name, state]) => `${markdownCode(name)} is ${CHECK_WORDS[state]}`);
  return named.length === 0 ? '' : `: ${named.join(', ')}`;
}
