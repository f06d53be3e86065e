/** What the App says when something is wrong, and when it is right again. */
import type { MessageData } from '../../rollout/message.ts';
import { count } from '../../wording/amounts.ts';
import { markdownBlock, markdownCode, markdownSentence, markdownText } from '../../wording/foreign-text.ts';
import { bulletList, joined } from '../../wording/markdown.ts';
import { manualRollback } from '../manual-rollback.ts';
import type { MessageContext, MessageTexts } from '../view.ts';
import { stageName, targetName } from './names.ts';
import { AFTER_PAUSE } from './next-steps.ts';
import { problemText } from './problems.ts';

export const ALERTS = {
  traffic_not_written: ({ target, stage, detail }, { config }) =>
    `⚠️ The share of stage ${stageName(stage)} could not be written to ${targetName(config, target)}. ${markdownSentence(detail)}\n\n${AFTER_PAUSE.traffic_not_written}`,

  rollback_not_written: ({ target, detail, tries }, context) =>
    `🚨 The rollback could not be written to ${targetName(context.config, target)}, tried ${count(tries, 'time')}. ${markdownSentence(detail)}\n\nThe App keeps retrying. **Take the traffic back by hand now**${byHand(target, context)}`,

  traffic_drifted: ({ target, stage, found }, { config }) =>
    `⚠️ Somebody else changed ${targetName(config, target)}: it no longer holds the share of stage ${stageName(stage)} (found: ${markdownText(found)}). The rollout holds.\n\n${AFTER_PAUSE.traffic_drifted}`,

  traffic_restored: ({ target, stage }, { config }) =>
    `The share of stage ${stageName(stage)} is back in ${targetName(config, target)}.`,

  gateway_still_has_traffic: ({ tasks }) =>
    `🚨 The traffic was rolled back, but ${count(tasks, 'task')} started on the gateway in a later window. Check that the application reads the share from the targets. If you can't fix that right away, remove the gateway from the application's configuration by hand.`,

  config_changed: ({ stage, restarted, changes }) => {
    const effect = restarted
      ? `It changes what the numbers mean, so evidence for stage ${stageName(stage)} starts from zero, and earlier approvals no longer count.`
      : 'It applies immediately; evidence collected so far still counts.';
    return withList(`The config changed. ${effect}`, changes);
  },

  config_broken: ({ path, problems }, { state }) => {
    const effect =
      state === null
        ? 'so the rollout cannot start. Fix it on the default branch.'
        : 'so the last valid one stays in force for monitoring and rollback, and nothing advances until it is fixed.';
    return withList(`The newest ${markdownCode(path)} is not valid, ${effect}`, problems);
  },

  config_repaired: ({ path }) => `${markdownCode(path)} is valid again.`,

  duplicate_issue: ({ issue }) =>
    `This is a second issue of the rollout, and the other one counts: see #${issue}. Commands that were posted here are carried out. Post further ones there.`,
  earlier_issue: ({ issue }) =>
    `This is the issue of an earlier rollout; for the current one, see #${issue}. A rollback, a pause or an abort posted here is carried out. Post other commands there.`,
  state_not_trusted: ({ why, branch, detail }) => {
    const more = detail === '' ? '' : ` ${markdownSentence(detail)}`;
    return `🚨 The rollout stops: its state on ${markdownCode(branch)} cannot be used, because ${NOT_TRUSTED[why]}.${more} Nothing raises the share, and \`/rollback-rollout\` still takes the traffic back.\n\nCheck the branch's history and restore the App's last commit; the App's documentation explains how. Commands posted until then are carried out once it is restored.`;
  },

  alert: ({ alert: code, detail }) => {
    const known = problemText(code);
    const about = markdownSentence(detail);
    if (known === null) return `⚠️ ${about === '' ? markdownCode(code) : about}`;
    return joined(['⚠️', known.what, about, known.next], ' ');
  },

  alert_gone: ({ alert: code }) => `✅ Resolved: “${problemText(code)?.what ?? markdownCode(code)}”`,
} as const satisfies Partial<MessageTexts>;

const LONGEST_COMMAND = 2_000;

/** How, as the end of a sentence. Where the config no longer has the target, only the documentation knows. */
function byHand(index: number, context: MessageContext): string {
  const target = context.config?.traffic[index];
  if (target === undefined || context.state === null)
    return ': set the share to 0 there, as documented for this kind of target.';
  const { state, defaultBranch } = context;
  const back = manualRollback(target, { rollout: state.name, defaultBranch });
  if (back.kind === 'command') return `, in a clone:\n\n${markdownBlock([back.command], LONGEST_COMMAND)}`;
  const values = back.values.map(({ pointer, amount }) => `${markdownCode(pointer)} to ${amount}`);
  const branch = back.branch === null ? 'the default branch' : `the branch ${markdownCode(back.branch)}`;
  return `: in ${markdownCode(back.path)} on ${branch}, set ${values.join(' and ')}, and commit.`;
}

const MOST_LINES = 20;

function withList(text: string, lines: readonly string[]): string {
  if (lines.length === 0) return text;
  const more = lines.length > MOST_LINES ? [`… and ${lines.length - MOST_LINES} more`] : [];
  return `${text}\n\n${bulletList([...lines.slice(0, MOST_LINES).map((line) => markdownText(line)), ...more])}`;
}

const NOT_TRUSTED = {
  not_verified: 'its signature is wrong: somebody else wrote it, or the key changed',
  rewound: 'it is older than a state seen before: somebody reset the branch',
  newer_schema: 'a newer version of the App wrote it',
  broken: 'it is not readable',
  missing: 'the branch is gone',
} as const satisfies Record<MessageData['state_not_trusted']['why'], string>;
