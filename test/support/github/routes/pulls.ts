/** Pull requests: stored by the emulator; their files and heads come from the current branches. */
import type { PullRequest } from '@octokit/webhooks-types';
import { headOf } from '../repository.ts';
import { type GithubResponse, listed, notFound } from '../response.ts';
import { type Call, read, replaced, repositoryRoute } from '../router.ts';
import type { Repository, Schema, World } from '../world.ts';

export const pullRoutes = [
  repositoryRoute('POST', '/pulls', async (call): Promise<GithubResponse> => {
    const response = await call.forward();
    if (response.status !== 201) return response;
    const pull = await current(call.world, call.repository, read<PullRequest>(response));
    const sender = await call.world.userOf(call.caller);
    const payload = { action: 'opened', number: pull.number, pull_request: pull };
    await call.world.announce(call.repository, 'pull_request', payload, sender);
    return replaced(response, pull);
  }),
  repositoryRoute('GET', '/pulls/:number', async (call) => {
    const response = await call.forward();
    if (response.status !== 200) return response;
    return replaced(response, await current(call.world, call.repository, read<PullRequest>(response)));
  }),
  repositoryRoute('GET', '/pulls/:number/files', async (call) => listed(await filesOf(call), call.url)),
  repositoryRoute('GET', '/commits/:sha/pulls', async ({ world, repository, params, url }) => {
    const path = `/repos/${repository.fullName}/pulls?state=all&per_page=100`;
    const all = (await world.upstream.read<PullRequest[]>(path)) ?? [];
    const pulls = await Promise.all(all.map((pull) => current(world, repository, pull)));
    return listed(
      pulls.filter(({ head }) => head.sha === params.sha),
      url,
    );
  }),
];

/** The pull request with the head that its branch has now. */
export async function current(world: World, repository: Repository, pull: PullRequest): Promise<PullRequest> {
  const sha = (await headOf(world, repository, pull.head.ref)) ?? pull.head.sha;
  return { ...pull, head: { ...pull.head, sha } };
}

async function filesOf({ world, repository, params }: Call): Promise<readonly Schema<'diff-entry'>[]> {
  const base = `/repos/${repository.fullName}`;
  const found = await world.upstream.read<PullRequest>(`${base}/pulls/${params.number}`);
  if (found === null) return notFound();
  const { head } = await current(world, repository, found);
  const compared = await world.upstream.read<Schema<'commit-comparison'>>(
    `${base}/compare/${found.base.ref}...${head.sha}`,
  );
  return (compared?.files ?? []).toSorted((a, b) => (a.filename < b.filename ? -1 : 1));
}
