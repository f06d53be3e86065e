/** What the App replies to commands and ticked boxes. */
import type { CommandName, CommandProblem } from '../../rollout/command.ts';
import type { MessageData } from '../../rollout/message.ts';
import { listed } from '../../wording/amounts.ts';
import { markdownCode, markdownText } from '../../wording/foreign-text.ts';
import { joined } from '../../wording/markdown.ts';
import { COMMAND_FORMS, wordOf } from '../command-help.ts';
import { gateSection } from '../issue/gate.ts';
import { outlookSection } from '../issue/outlook.ts';
import { problemsSection } from '../issue/problems.ts';
import { statusLine } from '../issue/status-line.ts';
import type { MessageTexts } from '../view.ts';
import { armTable } from './figures.ts';
import { gapText } from './gaps.ts';
import { helpText, roleText } from './help.ts';
import { personName, stageName, stepTo } from './names.ts';
import { AFTER_PAUSE } from './next-steps.ts';

export const REPLIES = {
  help: (_, { config }) => helpText(config),

  /** The head of the issue, and the numbers. */
  status: (_, context) =>
    context.state === null
      ? 'No rollout is running here. Comment `/start-rollout` to start one.'
      : joined([
          statusLine(context),
          problemsSection(context),
          gateSection(context),
          outlookSection(context),
          armTable(context.state.stage.total),
        ]),

  command_unclear: ({ problem }) => `${problemText(problem)} Nothing was done.`,

  partly_understood: ({ command, problem }) => {
    const done = command === 'rollback' ? 'The traffic was taken back' : 'The rollout was paused';
    return `${problemText(problem)} ${done} anyway.`;
  },

  permission_denied: ({ command, required, actual, by, box }) => {
    const what = box
      ? 'ticking the box'
      : markdownCode(command === 'force' ? '/advance-rollout --force' : wordOf(command));
    const who = personName(by);
    const has = actual === 'none' ? 'has no role in this repository' : `has ${actual}`;
    const why = required.includes('/')
      ? `is only for ${roleText(required)}; ${who} is not one of them`
      : `needs the role ${roleText(required)}; ${who} ${has}`;
    return `Refused: ${what} ${why}.${box ? ' The box is unticked again.' : ''}`;
  },

  command_outdated: ({ command, stage }) =>
    `${markdownCode(wordOf(command))} was posted before the rollout reached stage ${stageName(stage)}, so it was ignored. Post it again if you still mean it. If you just posted it, the App's clock may be wrong.`,

  not_possible: ({ command, status, why }) => {
    const word = markdownCode(wordOf(command));
    switch (why) {
      case 'rollback_running':
        return `${word} is refused: a rollback is still being written to the targets. Wait until every target is verified.`;
      case 'starting':
        return `${word} is refused: the rollout is still starting, and its targets are being tested. Wait until every target is verified.`;
      case 'stage_gone':
        return `${word} is refused: the config no longer has the current stage. ${AFTER_PAUSE.stage_gone}`;
      case 'status':
        return `${word} is not possible: the rollout is ${status.replace('-', ' ')}. ${insteadOf(command, status)}`;
    }
  },

  gate_not_met: ({ stage, next, gap }, context) =>
    `The rollout stays in stage ${stageName(stage)} and does not ${stepTo(next, context)}. ${gapText(gap, context)}`,

  dry_run: ({ stage, next, gap }, context) => {
    const dryRun = 'This was a dry run: nothing changed.';
    return gap === null
      ? `The gate of stage ${stageName(stage)} is met: the rollout would ${stepTo(next, context)}. ${dryRun}`
      : `The rollout would stay in stage ${stageName(stage)}. ${dryRun} ${gapText(gap, context)}`;
  },

  advance_target_refused: ({ asked, stage, next }, context) => {
    const only =
      next === null
        ? `Stage ${stageName(stage)} is the last one: comment \`/advance-rollout\` without \`to\` to ${stepTo(null, context, 'complete the rollout')}.`
        : `Stages can't be skipped: the next one after ${stageName(stage)} is ${stageName(next)}.`;
    return `The rollout cannot advance to ${stageName(asked)}. ${only}`;
  },

  rollback_target_refused: ({ asked, stage, earlier }) => {
    const possible =
      earlier.length === 0
        ? 'No other stage is possible'
        : `Possible stages: ${listed(earlier.map(stageName), 'or')}`;
    return `The traffic goes to 0 %, because a rollback from ${stageName(stage)} cannot go to ${stageName(asked)}. ${possible}.`;
  },

  box_refused: ({ label, next, by }) => {
    const ticked =
      label === null
        ? 'several boxes at once, so they are unticked again.'
        : `the box of ${stageName(label)}. It is not the next one, so it is unticked again.`;
    const hint =
      next === null ? 'There is no next stage.' : `Tick the current stage to advance to ${stageName(next)}.`;
    return `${personName(by)} ticked ${ticked} ${hint}`;
  },

  approved: ({ stage, by, have, need }) =>
    `${personName(by)} approved leaving stage ${stageName(stage)}: ${have} of ${need} approvals.`,

  approved_before: ({ stage, by, have, need }) =>
    `${personName(by)} already approved stage ${stageName(stage)}: ${have} of ${need} approvals. Each must come from a different person.`,

  rollout_exists: ({ issue }) =>
    `The rollout is already running${issue === null ? '; its issue is being opened' : `: see #${issue}`}. Post commands there.`,

  start_without_config: ({ path }) =>
    `There is no config to start with: ${markdownCode(path)} is missing on the default branch. A minimal one:\n\n\`\`\`yaml\ngateway:\n  base_url: https://gateway.example/v1\nmodels: [gpt-4o-mini]\n\`\`\``,

  start_name_needed: ({ names }) => {
    const commands = names.map((name) => markdownCode(`/start-rollout ${name}`));
    return `Several rollouts can start here. Choose one: ${listed(commands, 'or')}.`;
  },
} as const satisfies Partial<MessageTexts>;

function problemText(problem: CommandProblem): string {
  switch (problem.kind) {
    case 'unknown_command':
      return `There is no command ${markdownCode(problem.written)}. ${didYouMean(problem.suggestion) || 'Comment `/rollout-help` to see the commands.'}`;
    case 'unknown_option': {
      const refused = `${markdownCode(problem.command)} does not accept “${markdownText(problem.written)}”.`;
      return joined([refused, didYouMean(problem.suggestion), usageOf(problem.command)], ' ');
    }
    case 'missing_value': {
      const what =
        problem.option === 'to' ? 'the stage after `to`' : `the text after ${markdownCode(problem.option)}`;
      return `${markdownCode(problem.command)} is missing ${what}. ${usageOf(problem.command)}`;
    }
    case 'reason_needed':
      return 'Skipping an unmet gate needs a reason, which is recorded. Expected: `/advance-rollout --force --reason "why it is right"`.';
    case 'options_conflict':
      return `${markdownCode(problem.command)} takes only one of ${listed(problem.options.map((option) => markdownCode(option)))}.`;
    case 'misplaced':
      return `Commands work only at the beginning of a line. Did you mean ${markdownCode(problem.command)}? Post it on a line of its own.`;
    case 'in_original':
      return `${markdownCode(problem.written)} is in the e-mail that you replied to. Post it again if you mean it.`;
    case 'several_commands':
      return `The comment has several commands: ${listed(problem.commands.map((each) => markdownCode(each)))}. Write one command per comment.`;
  }
}

function didYouMean(suggestion: string | null): string {
  return suggestion === null ? '' : `Did you mean ${markdownCode(suggestion)}?`;
}

/** @param word with its slash */
function usageOf(word: string): string {
  const forms = COMMAND_FORMS.filter((form) => form.word === word);
  const usages = forms.map(({ usage }) => `\`${usage}\``);
  return `Expected: ${listed(usages, 'or')}.`;
}

function insteadOf(command: CommandName, status: MessageData['not_possible']['status']): string {
  const isPauseOver = command === 'pause' || command === 'retry';
  return {
    completed: START_ANEW,
    aborted: START_ANEW,
    'stepped-back':
      'Comment `/resume-rollout` to return the share now, or `/rollback-rollout` to roll back for good.',
    'rolled-back': 'Comment `/retry-rollout` to restart at the first production stage.',
    paused: `Comment \`/resume-rollout\` ${isPauseOver ? 'to continue' : 'first'}.`,
    progressing: 'Comment `/rollout-status` to see the current numbers.',
  }[status];
}

const START_ANEW = 'Comment `/start-rollout` on any issue to start a new one.';
