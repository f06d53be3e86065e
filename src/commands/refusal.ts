/** A command that cannot start until the call or the config is changed. */
import { type ConfigProblem, formatProblem } from '../config/problem.ts';

export interface Refused {
  readonly kind: 'refused';
  /** Stable; `config_invalid`, or the reason code of the first problem of the call. */
  readonly reasonCode: string;
  /** All problems, one sentence or two each. */
  readonly messages: readonly string[];
  /** The problems of the config, with their position in the file. */
  readonly configProblems: readonly ConfigProblem[];
}

export function refuse(reasonCode: string, messages: readonly string[]): Refused {
  return { kind: 'refused', reasonCode, messages, configProblems: [] };
}

/** For problems of the call. The first one gives the reason code. */
export function refuseCall(
  problems: readonly { readonly reasonCode: string; readonly message: string }[],
): Refused {
  return refuse(
    problems[0]?.reasonCode ?? 'malformed_input',
    problems.map(({ message }) => message),
  );
}

/** For a call that has other problems, too. */
export function problemsOf({ reasonCode, messages }: Refused) {
  return messages.map((message) => ({ reasonCode, message }));
}

export function refuseConfig(problems: readonly ConfigProblem[]): Refused {
  return { ...refuse('config_invalid', problems.map(formatProblem)), configProblems: problems };
}

export function reasonOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}

/** Of GitHub's response; 0 where there was none. */
export const statusOf = (error: unknown): number =>
  error instanceof Error && 'status' in error ? Number(error.status) : 0;
