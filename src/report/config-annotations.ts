import type { ConfigProblem } from '../config/problem.ts';
import { plainLine } from '../wording/foreign-text.ts';

/** An annotation on a line of a file, as the runner takes it. */
export interface Annotation {
  readonly message: string;
  readonly location: {
    readonly title: string;
    readonly file: string;
    readonly startLine: number;
    readonly startColumn: number;
  };
}

/** GitHub shows ten errors and ten notices per step; more only make the log longer. */
export const MAX_ANNOTATIONS = 10;

export function configAnnotations(problems: readonly ConfigProblem[]): Annotation[] {
  return problems
    .filter((problem) => problem.line > 0)
    .slice(0, MAX_ANNOTATIONS)
    .map(({ file, line, column, path, message, expected, suggestion }) => {
      const wanted = expected === null ? '' : ` Expected ${expected}.`;
      const hint = suggestion === null ? '' : ` Did you mean "${suggestion}"?`;
      return {
        message: plainLine(`${path === '' ? '' : `${path}: `}${message}.${wanted}${hint}`, 1000),
        location: { title: 'gateway-rollout config', file, startLine: line, startColumn: column },
      };
    });
}
