/** Commands that people write as comments. conversation/ parses and explains them. */
import { z } from 'zod';

const text = z.string();
/** With its slash. */
const word = z.string();

/** Why a command is unclear; `written` is the text of the comment, shortened. */
export const commandProblemSchema = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('unknown_command'), written: text, suggestion: text.nullable() }),
  z.object({
    kind: z.literal('unknown_option'),
    command: word,
    written: text,
    suggestion: text.nullable(),
  }),
  z.object({ kind: z.literal('missing_value'), command: word, option: text }),
  /** `--force` without `--reason`. */
  z.object({ kind: z.literal('reason_needed'), command: word }),
  /** `--dry-run` beside `--force`. */
  z.object({ kind: z.literal('options_conflict'), command: word, options: z.array(text).readonly() }),
  z.object({ kind: z.literal('several_commands'), commands: z.array(text).readonly() }),
  /** In the text, and not at the beginning of a line of its own. */
  z.object({ kind: z.literal('misplaced'), command: word }),
  /** In the original below an e-mail reply. */
  z.object({ kind: z.literal('in_original'), written: text }),
]);
export type CommandProblem = z.output<typeof commandProblemSchema>;

export type Command =
  | { readonly kind: 'advance'; readonly to: string | null; readonly dryRun: boolean }
  /** Past an unmet gate; the reason is recorded. */
  | { readonly kind: 'force'; readonly to: string | null; readonly reason: string }
  /** Commands that stop run even with a `problem` (a part that was not understood): people write them in a hurry. */
  | {
      readonly kind: 'rollback';
      readonly to: string | null;
      readonly reason: string | null;
      readonly problem: CommandProblem | null;
    }
  | { readonly kind: 'pause'; readonly reason: string | null; readonly problem: CommandProblem | null }
  | { readonly kind: 'resume' }
  | { readonly kind: 'retry' }
  | { readonly kind: 'abort'; readonly reason: string | null }
  | { readonly kind: 'status' }
  | { readonly kind: 'help' }
  /** Of the config with that name, where the repository has several. */
  | { readonly kind: 'start'; readonly name: string | null }
  /** Clearly meant for this App, and not to be understood: answered with a hint, never run. */
  | {
      readonly kind: 'unclear';
      readonly problem: CommandProblem;
      /** Where it may be nothing but talk, only somebody who may use this command is answered; else `help`. */
      readonly meant: CommandName;
    };

/** The commands that a role is required for. */
export const COMMAND_NAMES = [
  'advance',
  'force',
  'rollback',
  'pause',
  'resume',
  'retry',
  'abort',
  'status',
  'help',
  'start',
] as const satisfies readonly Command['kind'][];
export type CommandName = (typeof COMMAND_NAMES)[number];
