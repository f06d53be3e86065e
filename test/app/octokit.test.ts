import { expect, it } from 'vitest';
import { AppOctokit } from '../../app/octokit.ts';

it('every request names the version of the REST API that the App was written for', async () => {
  const versions: (string | null)[] = [];
  const octokit = new AppOctokit({
    request: {
      fetch: async (_input: string | URL | Request, init?: RequestInit) => {
        versions.push(new Headers(init?.headers).get('x-github-api-version'));
        return new Response('{}', { status: 200, headers: { 'content-type': 'application/json' } });
      },
    },
  });
  await octokit.rest.repos.get({ owner: 'acme', repo: 'shop' });
  await octokit.request('GET /rate_limit');
  expect(versions).toEqual(['2022-11-28', '2022-11-28']);
});
