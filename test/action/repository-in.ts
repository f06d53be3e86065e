import { getOctokit } from '@actions/github';
import type { JobRepository } from '../../src/commands/action/repository.ts';
import { type ActionsApi, WORKFLOW } from '../support/actions-api.ts';

/** The repository of the API, as a job sees it. */
export function repositoryIn({ origin }: ActionsApi): JobRepository {
  return {
    kind: 'repository',
    github: getOctokit('ghs_0123456789abcdefghij0123456789abcdef', { baseUrl: origin }),
    owner: 'acme',
    repo: 'shop',
    isPrivate: true,
    defaultBranch: 'main',
    workflow: WORKFLOW,
  };
}
