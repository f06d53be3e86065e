/** The repository and the workflow that a job belongs to, and how to ask GitHub about them. */
import { getOctokit } from '@actions/github';
import type { Environment } from '../../config/environment.ts';
import type { NotObserved } from '../observe/perform.ts';
import { type Refused, reasonOf, refuse, statusOf } from '../refusal.ts';
import { nonBlank } from '../settings.ts';

export interface JobRepository {
  readonly kind: 'repository';
  readonly github: ReturnType<typeof getOctokit>;
  readonly owner: string;
  readonly repo: string;
  /** Whether only the team can read artifacts and summaries. */
  readonly isPrivate: boolean;
  readonly defaultBranch: string;
  /** Path of the workflow's file; `''` where the runner does not name it. */
  readonly workflow: string;
}

/** Asks GitHub once: the payload of a scheduled event does not describe the repository. */
export async function readRepository(
  environment: Environment,
  token: string,
): Promise<JobRepository | Refused | NotObserved> {
  if (nonBlank(token) === null) {
    return refuse('missing_token', [
      "The input github-token is empty, so the last measurement can't be found. Remove the input: the job's own token is the default.",
    ]);
  }
  const [owner = '', repo = ''] = (environment.GITHUB_REPOSITORY ?? '').split('/');
  const github = getOctokit(token);
  try {
    const { data } = await github.rest.repos.get({ owner, repo });
    const workflow = /^[^/]+\/[^/]+\/([^@]+)@/.exec(environment.GITHUB_WORKFLOW_REF ?? '')?.[1] ?? '';
    return {
      kind: 'repository',
      github,
      owner,
      repo,
      isPrivate: data.private,
      defaultBranch: data.default_branch,
      workflow,
    };
  } catch (error) {
    return githubFailed(error, "Can't read the repository");
  }
}

/** A request to GitHub failed: nothing is measured, so the next run starts where this one would have. */
export function githubFailed(error: unknown, what: string): NotObserved {
  const status = statusOf(error);
  const next =
    status === 401 || status === 403 || status === 404
      ? 'Give the job the permissions actions: read and contents: read.'
      : 'The next run will include this window.';
  const answer = status === 0 ? 'no response from GitHub' : `GitHub responded with status ${status}`;
  return {
    kind: 'failed',
    reasonCode: 'github_failed',
    messages: [`${what}: ${answer} (${reasonOf(error)}). ${next}`],
  };
}
