/** What the App says when the rollout moves, or stands still. */

import type { MessageCode, MessageOf } from '../../rollout/message.ts';
import type { NamedChecks } from '../../rollout/stage-state.ts';
import { listed } from '../../wording/amounts.ts';
import { markdownSentence, markdownText } from '../../wording/foreign-text.ts';
import { bulletList } from '../../wording/markdown.ts';
import { wordOf } from '../command-help.ts';
import { finalReport } from '../final-report.ts';
import type { MessageContext } from '../view.ts';
import { gapList, metricLines } from './gaps.ts';
import { byPerson, personName, stageName, targetName, wordsText } from './names.ts';
import { PAUSES, ROLLBACKS } from './next-steps.ts';

type Data<Code extends MessageCode> = MessageOf<Code>['data'];

export function started({ issue }: Data<'started'>): string {
  return `The rollout has begun: see #${issue}. Commands are read there.`;
}

export function startRefusedByPolicy({ refusals }: Data<'start_refused_by_policy'>): string {
  const list = bulletList(refusals.slice(0, 20).map((refusal) => markdownText(refusal)));
  return `The rollout does not start. ${PAUSES.policy.why}\n\n${list}\n\n${PAUSES.policy.next}`;
}

export function startRefusedByTarget(
  { target, detail }: Data<'start_refused_by_target'>,
  { config }: MessageContext,
): string {
  return `The rollout does not start: ${targetName(config, target)} could not be written. ${markdownSentence(detail)}\n\n${PAUSES.start_refused.next}`;
}

export function advanced({ from, to, by, approvals, metrics }: Data<'advanced'>): string {
  const people = approvals.length === 0 ? '' : ` Approved by ${listed(approvals.map(personName))}.`;
  const lines = metricLines(metrics);
  const shown = lines.length === 0 ? '' : `\n\nWhat ${stageName(from)} has shown:\n\n${bulletList(lines)}`;
  return `🚀 ${stageName(from)} → ${stageName(to)}${byPerson(by)}: the gate is met.${people}${shown}`;
}

export function forced({ from, to, by, reason, gap }: Data<'forced'>, checks: NamedChecks | null): string {
  const goal = to === null ? 'completion' : stageName(to);
  const past = gap === null ? 'The gate was met.' : `What the gate lacked:\n\n${gapList(gap, checks)}`;
  return `⚠️ Forced by ${personName(by)}: ${stageName(from)} → ${goal}.${wordsText(reason)} ${past}`;
}

export function rolledBack({ from, to, reason, by, words, gap }: Data<'rolled_back'>): string {
  const next =
    to === '0%' ? 'When the cause is mended, comment `/retry-rollout`.' : PAUSES.rolled_back_to_stage.next;
  const lines = gap === null ? [] : metricLines(gap.metrics);
  const shown = lines.length === 0 ? '' : `\n\n${bulletList(lines)}`;
  const why = reason === 'by_person' && by !== null ? '' : ` ${ROLLBACKS[reason]}`;
  return `⏪ Rolled back from stage ${stageName(from)} to ${stageName(to)}${byPerson(by)}.${why}${wordsText(words)}${shown}\n\n${next}`;
}

export function paused(
  { stage, reason, by, words, gap }: Data<'paused'>,
  checks: NamedChecks | null,
): string {
  const { why, next } = PAUSES[reason];
  const cause = by !== null && reason === 'by_person' ? '' : ` ${why}`;
  const missing = gap === null ? '' : `\n\n${gapList(gap, checks)}`;
  return `⏸️ Paused in stage ${stageName(stage)}${byPerson(by)}.${cause}${wordsText(words)}${missing}\n\n${next}`;
}

export function resumed({ stage, by }: Data<'resumed'>): string {
  return `▶️ Resumed by ${personName(by)} in stage ${stageName(stage)}.`;
}

export function retried({ stage, by }: Data<'retried'>): string {
  return `🔁 Begun again by ${personName(by)} at stage ${stageName(stage)}, with new evidence.`;
}

export function completed({ by }: Data<'completed'>, context: MessageContext): string {
  const report = context.state === null ? '' : `\n\n### Final report\n\n${finalReport(context)}`;
  return `🏁 Completed${byPerson(by)}: everything is on the gateway. The issue is closed.${report}`;
}

export function aborted({ stage, by, words }: Data<'aborted'>): string {
  return `⏹️ Aborted by ${personName(by)} in stage ${stageName(stage)}.${wordsText(words)} The traffic goes back to 0 % and the issue is closed. A new rollout begins with \`/start-rollout\` on any issue.`;
}

export function personNeeded(
  { stage, next, have, need }: Data<'person_needed'>,
  { config }: MessageContext,
): string {
  const goal = next === null ? 'to complete the rollout' : `to go on to ${stageName(next)}`;
  // One person has to say go also where the gate asks for no approvals.
  const asked = config?.rollout.stages.find(({ label }) => label === stage)?.gate.approvals ?? need;
  const lack = have < asked ? `${have} of ${asked} approvals are there` : 'a person must say go';
  return `👤 The gate of stage ${stageName(stage)} is met, and ${lack}. Comment \`${wordOf('advance')}\` ${goal}.`;
}

export function reopened({ stage, by }: Data<'reopened'>): string {
  return `The issue was reopened by ${personName(by)}. The rollout stays paused in stage ${stageName(stage)} until \`/resume-rollout\`.`;
}
