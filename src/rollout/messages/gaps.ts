/** What stands between a stage and the next one, as a list. */
import type { Missing } from '../../judge/decide-look.ts';
import { markdownCode } from '../escape.ts';
import type { CheckState } from '../event.ts';
import type { Gap, SeenVerdicts } from '../seen-verdict.ts';
import { span, whole } from './amounts.ts';
import { bulletList } from './layout.ts';
import { decisionText } from './reasons.ts';
import { verdictLine } from './verdicts.ts';

/** The newest state of what a gate names, where it is known. */
export interface NamedChecks {
  readonly workflows: Readonly<Record<string, CheckState>>;
  readonly checks: Readonly<Record<string, CheckState>>;
}

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

export function metricLines(metrics: SeenVerdicts): string[] {
  return Object.entries(metrics).map(([metric, verdict]) => verdictLine(metric, verdict));
}

function missingLine(missing: Missing, checks: NamedChecks | null): string {
  switch (missing.what) {
    case 'tasks':
      return `${whole(missing.have)} of ${whole(missing.need)} tasks on the gateway.`;
    case 'duration':
      return `${span(missing.have)} of ${span(missing.need)} in the stage.`;
    case 'approvals':
      return `${missing.have} of ${missing.need} approvals.`;
    case 'workflows':
      return `The newest runs of the named workflows must be green${notGreen(checks?.workflows)}.`;
    case 'checks':
      return `The named checks must be green${notGreen(checks?.checks)}.`;
    case 'verification':
      return 'The traffic is not verified yet: a target has not confirmed the share of the stage.';
  }
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
