/** The commands: what the parser accepts, what the help shows, and what "did you mean" picks from. */
import type { Command, CommandName, CommandProblem } from '../rollout/command.ts';

/** What may follow the word. Quotes and order are the parser's business. */
export interface CommandArguments {
  /** After `to`, or the bare word after `/start-rollout`. */
  readonly to: string | null;
  readonly reason: string | null;
  readonly dryRun: boolean;
  readonly force: boolean;
  /** What was not understood; null except for commands that {@link CommandEntry.runsAlways}. */
  readonly problem: CommandProblem | null;
}

/** One way to write a command, as the help shows it. */
export interface CommandForm {
  /** With its slash. */
  readonly word: string;
  readonly usage: string;
  /** Whose role the config asks for. */
  readonly permission: CommandName;
  readonly does: string;
  readonly example: string;
}

export interface CommandEntry {
  /** With its slash. */
  readonly word: `/${string}`;
  readonly options?: readonly ('--dry-run' | '--force' | '--reason')[];
  /** Other words that may follow: a stage after `to`, the name of a config, or anything. None where left out. */
  readonly words?: 'stage' | 'stage_or_reason' | 'reason' | 'name' | 'ignored';
  /** Stops the rollout, and can be undone: it is never refused for its wording. */
  readonly runsAlways?: true;
  /** Usage and example are the word alone where they are left out. */
  readonly forms: readonly (Pick<CommandForm, 'permission' | 'does'> & Partial<CommandForm>)[];
  readonly command: (given: CommandArguments) => Command;
}

export const COMMANDS: readonly CommandEntry[] = [
  {
    word: '/advance-rollout',
    options: ['--dry-run', '--force', '--reason'],
    words: 'stage',
    forms: [
      {
        usage: '/advance-rollout [to <stage>] [--dry-run]',
        permission: 'advance',
        does: 'Advances if the gate is met; otherwise lists what is missing. Counts as your approval where the gate needs approvals.',
      },
      {
        usage: '/advance-rollout --force --reason "…"',
        permission: 'force',
        does: 'Advances although the gate is not met. The reason is recorded.',
        example: '/advance-rollout --force --reason "the source is being repaired, checked by hand"',
      },
    ],
    command: ({ to, reason, dryRun, force }) =>
      force ? { kind: 'force', to, reason: reason ?? '' } : { kind: 'advance', to, dryRun },
  },
  {
    word: '/rollback-rollout',
    options: ['--reason'],
    words: 'stage_or_reason',
    runsAlways: true,
    forms: [
      {
        usage: '/rollback-rollout [to <stage>] [--reason "…"]',
        permission: 'rollback',
        does: 'Takes the traffic back immediately, to 0 % or to an earlier stage. Runs even if part of the comment is not understood.',
        example: '/rollback-rollout --reason "answers in the wrong language"',
      },
    ],
    command: ({ to, reason, problem }) => ({ kind: 'rollback', to, reason, problem }),
  },
  {
    word: '/pause-rollout',
    options: ['--reason'],
    words: 'reason',
    runsAlways: true,
    forms: [
      {
        usage: '/pause-rollout [--reason "…"]',
        permission: 'pause',
        does: "Stops the stage's clock and every advance. Monitoring and automatic rollback continue.",
        example: '/pause-rollout --reason "release freeze"',
      },
    ],
    command: ({ reason, problem }) => ({ kind: 'pause', reason, problem }),
  },
  {
    word: '/resume-rollout',
    forms: [
      { permission: 'resume', does: 'Resumes the paused stage, or returns its share after a step back.' },
    ],
    command: () => ({ kind: 'resume' }),
  },
  {
    word: '/retry-rollout',
    forms: [
      {
        permission: 'retry',
        does: 'After a rollback: restarts at the first production stage, with new evidence.',
      },
    ],
    command: () => ({ kind: 'retry' }),
  },
  {
    word: '/abort-rollout',
    options: ['--reason'],
    words: 'reason',
    forms: [
      {
        usage: '/abort-rollout [--reason "…"]',
        permission: 'abort',
        does: 'Takes the traffic back to 0 %, closes the issue and ends the rollout for good.',
        example: '/abort-rollout --reason "the contract ends"',
      },
    ],
    command: ({ reason }) => ({ kind: 'abort', reason }),
  },
  {
    word: '/rollout-status',
    words: 'ignored',
    forms: [{ permission: 'status', does: 'Replies with the current numbers.' }],
    command: () => ({ kind: 'status' }),
  },
  {
    word: '/rollout-help',
    words: 'ignored',
    forms: [{ permission: 'help', does: 'Replies with this table.' }],
    command: () => ({ kind: 'help' }),
  },
  {
    word: '/start-rollout',
    words: 'name',
    forms: [
      {
        usage: '/start-rollout [<name>]',
        permission: 'start',
        does: "On any issue: opens the rollout's own issue if the config is on the default branch.",
      },
    ],
    command: ({ to }) => ({ kind: 'start', name: to }),
  },
];

export const COMMAND_FORMS: readonly CommandForm[] = COMMANDS.flatMap(({ word, forms }) =>
  forms.map((form) => ({ word, usage: word, example: word, ...form })),
);

/** How a command is written, without options: `/advance-rollout` also for `force`. */
export function wordOf(name: CommandName): string {
  return COMMAND_FORMS.find(({ permission }) => permission === name)?.word ?? name;
}
