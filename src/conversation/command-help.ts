/** The commands: what the parser accepts, what the help shows, and what "did you mean" chooses from. */
import type { Command, CommandName, CommandProblem } from '../rollout/command.ts';

/** What may follow the word; durations, quotes and order are the parser's. */
export interface CommandArguments {
  /** After `to`, or the bare word behind `/start-rollout`. */
  readonly to: string | null;
  readonly reason: string | null;
  readonly dryRun: boolean;
  readonly force: boolean;
  /** What was not understood; always null but for what {@link CommandEntry.runs} `always`. */
  readonly problem: CommandProblem | null;
}

/** One way to write a command, as the help shows it. */
export interface CommandForm {
  readonly usage: string;
  /** Whose role the config asks for. */
  readonly permission: CommandName;
  readonly does: string;
  readonly example: string;
}

export interface CommandEntry {
  /** With its slash. */
  readonly word: `/${string}`;
  readonly options: readonly ('--dry-run' | '--force' | '--reason')[];
  /** What other words may stand behind it: a stage after `to`, the name of a config, or anything. */
  readonly words: 'stage' | 'stage_or_reason' | 'reason' | 'name' | 'ignored' | 'none';
  /** `always`: what stops the rollout, and can be taken back, is never refused for its wording. */
  readonly runs: 'when_understood' | 'always';
  readonly forms: readonly [CommandForm, ...CommandForm[]];
  readonly command: (given: CommandArguments) => Command;
}

export const COMMANDS: readonly CommandEntry[] = [
  {
    word: '/advance-rollout',
    options: ['--dry-run', '--force', '--reason'],
    words: 'stage',
    runs: 'when_understood',
    forms: [
      {
        usage: '/advance-rollout [to <stage>] [--dry-run]',
        permission: 'advance',
        does: 'Goes to the next stage when the gate is met, and else says what is missing. Where the gate asks for approvals, it is one.',
        example: '/advance-rollout',
      },
      {
        usage: '/advance-rollout --force --reason "…"',
        permission: 'force',
        does: 'Goes to the next stage although the gate is not met. The reason is recorded.',
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
    runs: 'always',
    forms: [
      {
        usage: '/rollback-rollout [to <stage>] [--reason "…"]',
        permission: 'rollback',
        does: 'Takes the traffic back at once, to 0 % or to an earlier stage. Words that are not understood do not stop it.',
        example: '/rollback-rollout --reason "answers in the wrong language"',
      },
    ],
    command: ({ to, reason, problem }) => ({ kind: 'rollback', to, reason, problem }),
  },
  {
    word: '/pause-rollout',
    options: ['--reason'],
    words: 'reason',
    runs: 'always',
    forms: [
      {
        usage: '/pause-rollout [--reason "…"]',
        permission: 'pause',
        does: "Stops the stage's clock and all moves forward. Watching and rollback go on.",
        example: '/pause-rollout --reason "release freeze"',
      },
    ],
    command: ({ reason, problem }) => ({ kind: 'pause', reason, problem }),
  },
  {
    word: '/resume-rollout',
    options: [],
    words: 'none',
    runs: 'when_understood',
    forms: [
      {
        usage: '/resume-rollout',
        permission: 'resume',
        does: 'Goes on after a pause, in the same stage.',
        example: '/resume-rollout',
      },
    ],
    command: () => ({ kind: 'resume' }),
  },
  {
    word: '/retry-rollout',
    options: [],
    words: 'none',
    runs: 'when_understood',
    forms: [
      {
        usage: '/retry-rollout',
        permission: 'retry',
        does: 'After a rollback: begins again at the first production stage, with new evidence.',
        example: '/retry-rollout',
      },
    ],
    command: () => ({ kind: 'retry' }),
  },
  {
    word: '/abort-rollout',
    options: ['--reason'],
    words: 'reason',
    runs: 'when_understood',
    forms: [
      {
        usage: '/abort-rollout [--reason "…"]',
        permission: 'abort',
        does: 'Takes the traffic back to 0 %, closes the issue, and ends the rollout for good.',
        example: '/abort-rollout --reason "the contract ends"',
      },
    ],
    command: ({ reason }) => ({ kind: 'abort', reason }),
  },
  {
    word: '/rollout-status',
    options: [],
    words: 'ignored',
    runs: 'when_understood',
    forms: [
      {
        usage: '/rollout-status',
        permission: 'status',
        does: 'Answers with the numbers of this moment.',
        example: '/rollout-status',
      },
    ],
    command: () => ({ kind: 'status' }),
  },
  {
    word: '/rollout-help',
    options: [],
    words: 'ignored',
    runs: 'when_understood',
    forms: [
      {
        usage: '/rollout-help',
        permission: 'help',
        does: 'Answers with this table.',
        example: '/rollout-help',
      },
    ],
    command: () => ({ kind: 'help' }),
  },
  {
    word: '/start-rollout',
    options: [],
    words: 'name',
    runs: 'when_understood',
    forms: [
      {
        usage: '/start-rollout [<name>]',
        permission: 'start',
        does: "On any issue: opens the rollout's own issue, where the config is on the default branch.",
        example: '/start-rollout',
      },
    ],
    command: ({ to }) => ({ kind: 'start', name: to }),
  },
];

export const COMMAND_FORMS: readonly CommandForm[] = COMMANDS.flatMap(({ forms }) => forms);

/** How a command is written, without options: `/advance-rollout` also for `force`. */
export function wordOf(name: CommandName): string {
  const entry = COMMANDS.find(({ forms }) => forms.some(({ permission }) => permission === name));
  return entry?.word ?? name;
}
