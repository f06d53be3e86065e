/** Check runs: stored by the emulator; this file adds their Apps, and webhooks. */
import type { GithubResponse } from '../response.ts';
import { type Call, read, replaced, repositoryRoute } from '../router.ts';
import { ACTIONS } from '../tokens.ts';
import { OWNER } from '../upstream.ts';
import type { Schema, World } from '../world.ts';

type CheckRun = Schema<'check-run'>;

export const checkRoutes = [
  repositoryRoute('POST', '/check-runs', write),
  repositoryRoute('PATCH', '/check-runs/:id', write),
  repositoryRoute('GET', '/check-runs/:id', async (call) => {
    const response = await call.forward();
    return response.status === 200
      ? replaced(response, await shown(call, read<CheckRun>(response)))
      : response;
  }),
  repositoryRoute('GET', '/commits/*ref/check-runs', listRuns),
];

async function write(call: Call): Promise<GithubResponse> {
  const response = await call.forward();
  if (response.status >= 300) return response;
  const run = read<CheckRun>(response);
  if (call.method === 'POST' && call.caller.kind === 'app') {
    call.repository.checkApps.set(Number(run.id), call.caller.shownAs ?? call.caller.slug);
  }
  const owned = await shown(call, run);
  const sender = await call.world.userOf(call.caller);
  if (call.method === 'POST') await sendWebhook(call, 'created', owned, sender);
  if (owned.status === 'completed') await sendWebhook(call, 'completed', owned, sender);
  return replaced(response, owned);
}

const sendWebhook = (
  { world, repository }: Call,
  action: string,
  run: CheckRun,
  sender: Parameters<World['announce']>[3],
) => world.announce(repository, 'check_run', { action, check_run: run }, sender);

async function listRuns(call: Call): Promise<GithubResponse> {
  // GitHub takes `heads/main` as well, the emulator only `main`.
  call.url.pathname = call.url.pathname.replace(/(?<=\/commits\/)heads(?:%2F|\/)/i, '');
  const response = await call.forward();
  if (response.status !== 200) return response;
  const { check_runs: runs } = read<{ check_runs: CheckRun[] }>(response);
  const app = call.url.searchParams.get('app_id');
  const owned = (await Promise.all(runs.map((run) => shown(call, run)))).filter(
    (run) => app === null || String(run.app?.id) === app,
  );
  return replaced(response, { total_count: owned.length, check_runs: owned });
}

/** The check run with the App that made it, which the emulator does not show. */
async function shown({ world, repository }: Call, run: CheckRun): Promise<CheckRun> {
  const owner = await world.user(OWNER);
  const slug = repository.checkApps.get(Number(run.id)) ?? ACTIONS.slug;
  const id = slug === world.app.slug ? world.app.id : slug === ACTIONS.slug ? ACTIONS.id : 0;
  const app = {
    id,
    slug,
    node_id: `APP_${slug}`,
    owner,
    name: slug,
    description: null,
    external_url: world.url,
    html_url: `${world.url}/apps/${slug}`,
    created_at: world.clock.stamp(0),
    updated_at: world.clock.stamp(0),
    permissions: { checks: 'write' as const },
    events: [],
  };
  const suite = {
    status: run.status,
    conclusion: run.conclusion,
    before: run.head_sha,
    after: run.head_sha,
    pull_requests: [],
    app,
    created_at: run.started_at,
    updated_at: run.completed_at ?? run.started_at,
    ...run.check_suite,
    id: run.check_suite?.id ?? 0,
  };
  return {
    ...run,
    output: { ...run.output, annotations_url: `${run.url}/annotations` },
    check_suite: suite,
    app,
  };
}
