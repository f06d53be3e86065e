/** What the App says when the rollout starts, moves, pauses or ends. */

import { count, listed, moment } from '../../wording/amounts.ts';
import { REASONS, sentenceOf } from '../../wording/decisions.ts';
import { markdownSentence, markdownText } from '../../wording/foreign-text.ts';
import { bulletList, joined } from '../../wording/markdown.ts';
import { finalReport } from '../final-report.ts';
import { regressionText } from '../issue/regression.ts';
import type { MessageTexts } from '../view.ts';
import { gapList, metricLines } from './gaps.ts';
import { byPerson, copiesNote, personName, reasonGiven, stageName, stepTo, targetName } from './names.ts';
import { AFTER_PAUSE, afterStepBack, incidentText, rollbackWhy } from './next-steps.ts';

export const MOVES = {
  started: ({ issue }) => `The rollout started: see #${issue}. Post commands there.`,

  start_refused_by_policy: ({ refusals }) => {
    const list = bulletList(refusals.slice(0, 20).map((refusal) => markdownText(refusal)));
    return `The rollout does not start: ${REASONS.policy}.\n\n${list}\n\n${AFTER_PAUSE.policy}`;
  },

  start_refused_by_target: ({ target, detail }, { config }) =>
    `The rollout does not start: ${targetName(config, target)} could not be written. ${markdownSentence(detail)}\n\n${AFTER_PAUSE.start_refused}`,

  advanced: ({ from, to, by, approvals, metrics }) => {
    const people = approvals.length === 0 ? '' : ` Approved by ${listed(approvals.map(personName))}.`;
    const lines = bulletList(metricLines(metrics));
    const moved = `🚀 ${stageName(from)} → ${stageName(to)}${byPerson(by)}: the gate is met.${people}`;
    return joined([moved, lines && `Results of stage ${stageName(from)}:`, lines]);
  },

  forced: ({ from, to, by, reason, gap }, context) => {
    const goal = to === null ? 'completion' : stageName(to);
    const past = gap === null ? 'The gate was met.' : `The gate was not met:\n\n${gapList(gap, context)}`;
    return `⚠️ Forced by ${personName(by)}: ${stageName(from)} → ${goal}.${reasonGiven(reason)} ${past}`;
  },

  rolled_back: ({ from, to, reason, by, words, gap }) => {
    const next =
      to === '0%' ? "Once it's fixed, comment `/retry-rollout`." : AFTER_PAUSE.rolled_back_to_stage;
    const why = reason === 'by_person' && by !== null ? '' : ` ${rollbackWhy(reason)}`;
    const back = `⏪ Rolled back from stage ${stageName(from)} to ${stageName(to)}${byPerson(by)}.${why}${reasonGiven(words)}${copiesNote(from)}`;
    return joined([back, bulletList(metricLines(gap?.metrics ?? {})), next]);
  },

  stepped_back: ({ stage, until, incident, gap }, { config }) => {
    const time = until === null ? '' : ` until ${moment(until)}`;
    const next = until === null ? AFTER_PAUSE.stepped_back : afterStepBack(config);
    const back = `↩️ Stepped back from stage ${stageName(stage)} to ${stageName('0%')}${time}. ${incidentText(incident, stage)}`;
    return joined([back, bulletList(metricLines(gap.metrics)), next]);
  },

  returned: ({ stage, by }) =>
    `↪️ The share of stage ${stageName(stage)} returns${byPerson(by)}. Its evidence still counts, the incident included.`,

  paused: ({ stage, reason, by, words, gap }, context) => {
    const why = by !== null && reason === 'by_person' ? '' : ` ${sentenceOf(REASONS[reason])}`;
    const paused = `⏸️ Paused in stage ${stageName(stage)}${byPerson(by)}.${why}${reasonGiven(words)}`;
    return joined([paused, gap && gapList(gap, context), AFTER_PAUSE[reason]]);
  },

  resumed: ({ stage, by }) => `▶️ Resumed by ${personName(by)} in stage ${stageName(stage)}.`,

  retried: ({ stage, by }) =>
    `🔁 Restarted by ${personName(by)} at stage ${stageName(stage)}; evidence starts from zero.`,

  watching: ({ stage, by, until }) =>
    `👀 The gate of stage ${stageName(stage)} is met${byPerson(by)}. The rollout now watches production until ${moment(until)} and still rolls back if the gateway fails; then it is complete.`,

  completed: ({ by }, context) => {
    const report = context.state === null ? '' : `\n\n### Final report\n\n${finalReport(context)}`;
    return `🏁 Completed${byPerson(by)}: all traffic is on the gateway. The issue is closed.${report}`;
  },

  aborted: ({ stage, by, words }) =>
    `⏹️ Aborted by ${personName(by)} in stage ${stageName(stage)}.${reasonGiven(words)} The traffic goes back to 0 % and the issue is closed. Comment \`/start-rollout\` on any issue to start a new rollout.`,

  person_needed: ({ stage, next, have, need }, context) => {
    const { config } = context;
    // One person has to approve even where the gate asks for no approvals.
    const asked = config?.rollout.stages.find(({ label }) => label === stage)?.gate.approvals ?? need;
    const ready = `👤 Stage ${stageName(stage)} is ready`;
    if (have < asked) {
      const step = next === null ? 'completion' : `the move to ${stageName(next)}`;
      return `${ready} and has ${have} of ${asked} approvals. Comment \`/advance-rollout\` to approve ${step}.`;
    }
    return `${ready}. Comment \`/advance-rollout\` to ${stepTo(next, context, 'complete the rollout')}.`;
  },

  regression_noticed: ({ stage, notice, tasksADay }) =>
    `🔎 Stage ${stageName(stage)}: ${regressionText(notice, tasksADay)} No limit is violated, so nothing rolls back, but the next advance waits for you: comment \`/advance-rollout\` to accept this and continue, or \`/rollback-rollout\`.`,

  model_differs: ({ stage, pairs }) =>
    `🔎 Stage ${stageName(stage)}: ${count(pairs, 'pair')} of answers prove that the gateway does not answer as the official model does, although it is nearer than another model would be: quantised weights, a hidden prompt, another snapshot or host. Nothing rolls back, but the next advance waits for you: comment \`/advance-rollout\` to accept this and continue, or \`/rollback-rollout\`.`,

  reopened: ({ stage, by }) =>
    `${personName(by)} reopened the issue. The rollout stays paused in stage ${stageName(stage)} until somebody comments \`/resume-rollout\`.`,
} as const satisfies Partial<MessageTexts>;
