/** The summary of a command of the Action that did not run, or had nothing to do. */
import { count } from '../wording/amounts.ts';
import { markdownText, plainLine } from '../wording/foreign-text.ts';
import { bulletList } from '../wording/markdown.ts';
import { firstLines } from './first-lines.ts';

const MOST_PROBLEMS = 100;

/** The summary's title for each command of the Action, and what a refusal means. */
const COMMANDS = {
  check: { title: 'Gateway check', refused: 'The check did not run; no request was sent.' },
  fidelity: { title: 'Is it the same model?', refused: 'Nothing was asked; no request was sent.' },
  inventory: { title: 'Gateway rollout', refused: 'The code was not scanned.' },
  config: { title: 'Gateway rollout', refused: 'The config is not valid.' },
  exec: { title: 'Requests from the command', refused: 'The command did not run; no request was sent.' },
  observe: {
    title: 'Measurements',
    refused: 'Nothing was stored; the next measurement starts where this one would have.',
  },
  app: { title: 'Gateway rollout', refused: 'The App did nothing.' },
} as const;

/**
 * The summary of a command that did not run because the call, the config or the checkout was refused, or because a
 * source failed.
 * @param problems sentences that say what happened and what to do next
 */
export function refusalSummary(
  problems: readonly string[],
  command: keyof typeof COMMANDS = 'check',
): string {
  const { title, refused } = COMMANDS[command];
  const shown = problems.map((problem) => markdownText(problem, 1000));
  const list = bulletList(firstLines(shown, MOST_PROBLEMS));
  return `## ❌ ${title}\n\n**${refused}**\n\n${list}\n`;
}

/** The summary of a command that had nothing to do, and why. */
export function skippedSummary(command: keyof typeof COMMANDS, reason: string): string {
  return `## ⏭️ ${COMMANDS[command].title}\n\n${markdownText(reason, 1000)}\n`;
}

/** A command that did not run, in one line: how many problems there are, and the first. */
export function refusalLine(problems: readonly string[]): string {
  const [first = ''] = problems;
  const line = problems.length > 1 ? `${count(problems.length, 'problem')}; the first: ${first}` : first;
  return plainLine(line, 1000);
}
