/** The check run `gateway-rollout` on a commit. */
import { type ConfigProblem, formatProblem } from '../src/config/problem.ts';
import { at, type Repository } from './repository.ts';

export const CHECK_NAME = 'gateway-rollout';

/** GitHub's limits for one request. */
const MOST_ANNOTATIONS = 50;
const MOST_TEXT = 60_000;

export interface CheckRun {
  readonly sha: string;
  readonly conclusion: 'success' | 'neutral' | 'failure';
  /** One line. */
  readonly title: string;
  /** Markdown. */
  readonly summary: string;
  readonly problems: readonly ConfigProblem[];
}

/** Sends one request. A newer check run replaces an older one of the same name. */
export async function postCheckRun(repository: Repository, run: CheckRun): Promise<void> {
  const { sha, conclusion, title, summary, problems } = run;
  await repository.octokit.rest.checks.create({
    ...at(repository),
    name: CHECK_NAME,
    head_sha: sha,
    status: 'completed',
    conclusion,
    output: {
      title,
      summary: summary.slice(0, MOST_TEXT),
      annotations: problems.slice(0, MOST_ANNOTATIONS).map((problem) => ({
        path: problem.file,
        start_line: Math.max(1, problem.line),
        end_line: Math.max(1, problem.line),
        annotation_level: 'failure' as const,
        message: formatProblem(problem),
      })),
    },
  });
}
