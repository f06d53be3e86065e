/** The repository and the workflow in which a job runs, and how to ask GitHub about them. */
import { getOctokit } from '@actions/github';
import type { NotObserved } from '../observe/perform.ts';
import { type Refused, refuse } from '../refusal.ts';
import { type Environment, nonBlank } from '../settings.ts';

export interface Home {
  readonly kind: 'home';
  readonly github: ReturnType<typeof getOctokit>;
  readonly token: string;
  readonly owner: string;
  readonly repo: string;
  /** Whether only the team can read artifacts and summaries. */
  readonly isPrivate: boolean;
  readonly defaultBranch: string;
  /** Path of the workflow's file; `''` where the runner does not tell it. */
  readonly workflow: string;
}

/** Asks GitHub once; on a schedule the event's payload says nothing of the repository. */
export async function readHome(
  environment: Environment,
  token: string,
): Promise<Home | Refused | NotObserved> {
  if (nonBlank(token) === null) {
    return refuse('missing_token', [
      "The input github-token is empty, and without it the last measurement cannot be found. Leave the input out: the job's own token is its default.",
    ]);
  }
  const [owner = '', repo = ''] = (environment.GITHUB_REPOSITORY ?? '').split('/');
  const github = getOctokit(token);
  try {
    const { data } = await github.rest.repos.get({ owner, repo });
    const workflow = /^[^/]+\/[^/]+\/([^@]+)@/.exec(environment.GITHUB_WORKFLOW_REF ?? '')?.[1] ?? '';
    return {
      kind: 'home',
      github,
      token,
      owner,
      repo,
      isPrivate: data.private,
      defaultBranch: data.default_branch,
      workflow,
    };
  } catch (error) {
    return githubFailed(error, 'The repository cannot be read');
  }
}

/** GitHub did not answer as it should: nothing is measured, so that the next run begins where this one would have. */
export function githubFailed(error: unknown, what: string): NotObserved {
  const status = error instanceof Error && 'status' in error ? Number(error.status) : 0;
  const said = error instanceof Error ? error.message : String(error);
  const next =
    status === 401 || status === 403 || status === 404
      ? 'Give the job the permissions actions: read and contents: read.'
      : 'The next run measures this window too.';
  return {
    kind: 'failed',
    reasonCode: 'github_failed',
    messages: [
      `${what}: GitHub answered ${status === 0 ? 'nothing' : `with status ${status}`} (${said}). ${next}`,
    ],
    retryAfterMs: null,
  };
}
