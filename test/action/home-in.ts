import { getOctokit } from '@actions/github';
import type { Home } from '../../src/commands/action/home.ts';
import { type ActionsApi, WORKFLOW } from '../support/actions-api.ts';

/** What a job knows of the repository of the API. */
export function homeIn({ origin }: ActionsApi): Home {
  return {
    kind: 'home',
    github: getOctokit('ghs_0123456789abcdefghij0123456789abcdef', { baseUrl: origin }),
    token: '',
    owner: 'acme',
    repo: 'shop',
    isPrivate: true,
    defaultBranch: 'main',
    workflow: WORKFLOW,
  };
}
