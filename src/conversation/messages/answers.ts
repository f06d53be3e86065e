/** What the App answers to commands and ticked boxes. */

import type { CommandName, CommandProblem } from '../../rollout/command.ts';
import type { MessageCode, MessageOf } from '../../rollout/message.ts';
import type { NamedChecks } from '../../rollout/stage-state.ts';
import { listed } from '../../wording/amounts.ts';
import { markdownCode, markdownText } from '../../wording/foreign-text.ts';
import { COMMAND_FORMS, wordOf } from '../command-help.ts';
import { gapText } from './gaps.ts';
import { whoText } from './help.ts';
import { personName, stageName } from './names.ts';
import { PAUSES } from './next-steps.ts';

type Data<Code extends MessageCode> = MessageOf<Code>['data'];

const HELP = 'Comment `/rollout-help` to see the commands.';

export function commandUnclear({ problem }: Data<'command_unclear'>): string {
  return `${problemText(problem)} Nothing was done.`;
}

export function partlyUnderstood({ command, problem }: Data<'partly_understood'>): string {
  const done = command === 'rollback' ? 'The traffic is taken back' : 'The rollout is paused';
  return `${problemText(problem)} ${done} all the same.`;
}

function problemText(problem: CommandProblem): string {
  switch (problem.kind) {
    case 'unknown_command': {
      const hint = problem.suggestion === null ? HELP : `Did you mean ${markdownCode(problem.suggestion)}?`;
      return `There is no command ${markdownCode(problem.written)}. ${hint}`;
    }
    case 'unknown_option': {
      const hint = problem.suggestion === null ? '' : ` Did you mean ${markdownCode(problem.suggestion)}?`;
      return `${markdownCode(problem.command)} does not understand “${markdownText(problem.written)}”.${hint} ${usageOf(problem.command)}`;
    }
    case 'missing_value': {
      const what =
        problem.option === 'to' ? 'the stage behind `to`' : `the text behind ${markdownCode(problem.option)}`;
      return `${markdownCode(problem.command)} lacks ${what}. ${usageOf(problem.command)}`;
    }
    case 'reason_needed':
      return 'To go past a gate that is not met needs a reason, which is recorded. Expected: `/advance-rollout --force --reason "why it is right"`.';
    case 'options_conflict':
      return `${listed(problem.options.map((option) => markdownCode(option)))} of ${markdownCode(problem.command)} contradict each other. Write one of them.`;
    case 'several_commands':
      return `The comment holds several commands: ${listed(problem.commands.map((each) => markdownCode(each)))}. Write one command a comment.`;
  }
}

/** @param word with its slash */
function usageOf(word: string): string {
  const forms = COMMAND_FORMS.filter(({ permission }) => wordOf(permission) === word);
  return `Expected: ${listed(
    forms.map(({ usage }) => `\`${usage}\``),
    'or',
  )}.`;
}

export function permissionDenied({ command, required, actual, by, box }: Data<'permission_denied'>): string {
  const what = box
    ? 'ticking the box'
    : markdownCode(command === 'force' ? '/advance-rollout --force' : wordOf(command));
  const isTeam = required.includes('/');
  const hasText = `has ${actual === 'none' ? 'no role' : `the role ${actual}`} in this repository`;
  const undone = box ? ' The box is unticked again.' : '';
  return `Refused: ${what} is for ${whoText(required)}, and ${personName(by)} ${isTeam ? 'is none of them' : hasText}.${undone}`;
}

export function commandOutdated({ command, stage }: Data<'command_outdated'>): string {
  return `${markdownCode(wordOf(command))} was written before the rollout came to stage ${stageName(stage)}, so it was not run. Write it again if it still holds.`;
}

export function notPossible({ command, status, why }: Data<'not_possible'>): string {
  const word = markdownCode(wordOf(command));
  switch (why) {
    case 'rollback_running':
      return `${word} is refused: a rollback is still being written to the targets, and nothing goes past it. Wait until the issue shows it as verified.`;
    case 'starting':
      return `${word} is refused: the rollout is still starting, its targets are being tried. Wait until the issue shows them as verified.`;
    case 'stage_gone':
      return `${word} is refused: the config no longer has the present stage. ${PAUSES.stage_gone.next}`;
    case 'status':
      return `${word} is not possible: the rollout is ${STATUS_WORDS[status]}. ${insteadOf(command, status)}`;
  }
}

type Status = Data<'not_possible'>['status'];

const STATUS_WORDS = {
  progressing: 'progressing',
  paused: 'paused',
  'rolled-back': 'rolled back',
  completed: 'completed',
  aborted: 'aborted',
} as const satisfies Record<Status, string>;

function insteadOf(command: CommandName, status: Status): string {
  switch (status) {
    case 'completed':
    case 'aborted':
      return 'A new one begins with `/start-rollout` on any issue.';
    case 'rolled-back':
      return 'Comment `/retry-rollout` to begin again at the first production stage.';
    case 'paused':
      return command === 'pause' || command === 'retry'
        ? 'Comment `/resume-rollout` to go on.'
        : 'Comment `/resume-rollout` first.';
    case 'progressing':
      return 'Comment `/rollout-status` to see the numbers.';
  }
}

export function gateNotMet({ stage, next, gap }: Data<'gate_not_met'>, checks: NamedChecks | null): string {
  const goal = next === null ? 'The rollout does not complete yet' : `Not yet to ${stageName(next)}`;
  return `${goal}, it stays in stage ${stageName(stage)}. ${gapText(gap, checks)}`;
}

export function dryRun({ stage, next, gap }: Data<'dry_run'>, checks: NamedChecks | null): string {
  const goal = next === null ? 'the rollout would complete' : `it would go on to ${stageName(next)}`;
  const nothing = 'This was a dry run, so nothing was changed.';
  if (gap === null) return `The gate of stage ${stageName(stage)} is met: ${goal}. ${nothing}`;
  return `It would stay in stage ${stageName(stage)}. ${nothing} ${gapText(gap, checks)}`;
}

export function advanceTargetRefused({ asked, stage, next }: Data<'advance_target_refused'>): string {
  const only =
    next === null
      ? `Stage ${stageName(stage)} is the last one: \`/advance-rollout\` without \`to\` completes the rollout.`
      : `From stage ${stageName(stage)} the only way forward is ${stageName(next)}: no stage is skipped.`;
  return `The rollout cannot advance to ${stageName(asked)}. ${only}`;
}

export function rollbackTargetRefused({ asked, stage, earlier }: Data<'rollback_target_refused'>): string {
  const possible =
    earlier.length === 0
      ? 'No other stage can be reached'
      : `Expected an earlier stage: ${listed(earlier.map(stageName), 'or')}`;
  return `The traffic goes to 0 %: ${stageName(asked)} is no stage that a rollback from ${stageName(stage)} can go to. ${possible}.`;
}

export function boxRefused({ label, next, by }: Data<'box_refused'>): string {
  const which = label === null ? 'a box' : `the box of ${stageName(label)}`;
  const hint =
    next === null
      ? 'No stage is left to go to.'
      : `Tick the box of the present stage to go on to ${stageName(next)}.`;
  return `${personName(by)} ticked ${which}, which is not the next one, so it is unticked again. ${hint}`;
}

export function approved({ stage, by, have, need }: Data<'approved'>): string {
  return `Approved by ${personName(by)} to leave stage ${stageName(stage)}: ${have} of ${need} approvals.`;
}

export function approvedBefore({ stage, by, have, need }: Data<'approved_before'>): string {
  return `${personName(by)} has approved stage ${stageName(stage)} already: ${have} of ${need} approvals, from different people.`;
}

export function rolloutExists({ issue }: Data<'rollout_exists'>): string {
  return `The rollout runs already${issue === null ? '; its issue is being opened' : `: see #${issue}`}. Commands are read there.`;
}

export function startWithoutConfig({ path }: Data<'start_without_config'>): string {
  return `There is no config to start with. Expected ${markdownCode(path)} on the default branch. The least that works:\n\n\`\`\`yaml\ngateway:\n  base_url: https://gateway.example/v1\nmodels: [gpt-4o-mini]\n\`\`\``;
}

export function startNameNeeded({ names }: Data<'start_name_needed'>): string {
  const choice = listed(
    names.map((name) => markdownCode(`/start-rollout ${name}`)),
    'or',
  );
  return `Several rollouts can be started here. Say which one: ${choice}.`;
}
