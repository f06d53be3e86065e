/** Commands that people write as comments. command-text.ts reads them; command-help.ts explains them. */

export type Command =
  | { readonly kind: 'advance'; readonly to: string | null; readonly dryRun: boolean }
  /** Past an unmet gate; the reason is recorded. */
  | { readonly kind: 'force'; readonly to: string | null; readonly reason: string }
  /** What stops is run although `problem` was not understood of it: it is written in a hurry. */
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
  | { readonly kind: 'unclear'; readonly problem: CommandProblem };

export type CommandKind = Command['kind'];
export type CommandName = Exclude<CommandKind, 'unclear'>;

/** Those that a role is asked for. */
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
] as const satisfies readonly CommandName[];

/** Why a command is unclear; `written` is what stands in the comment, shortened. */
export type CommandProblem =
  | { readonly kind: 'unknown_command'; readonly written: string; readonly suggestion: string | null }
  | {
      readonly kind: 'unknown_option';
      /** Such as `/advance-rollout`. */
      readonly command: string;
      readonly written: string;
      readonly suggestion: string | null;
    }
  | { readonly kind: 'missing_value'; readonly command: string; readonly option: string }
  /** `--force` without `--reason`. */
  | { readonly kind: 'reason_needed'; readonly command: string }
  /** `--dry-run` beside `--force`. */
  | { readonly kind: 'options_conflict'; readonly command: string; readonly options: readonly string[] }
  | { readonly kind: 'several_commands'; readonly commands: readonly string[] };
