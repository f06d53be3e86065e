/** Check runs: the emulator keeps them; here stand whose they are, and their webhooks. */
import type { Answer } from '../answer.ts';
import { type Call, read, replaced, repositoryRoute } from '../router.ts';
import type { Repository, Schema, World } from '../world.ts';

type CheckRun = Schema<'check-run'>;

export const checkRoutes = [
  repositoryRoute('POST', '/check-runs', write),
  repositoryRoute('PATCH', '/check-runs/:id', write),
  repositoryRoute('GET', '/check-runs/:id', async (call) => {
    const answer = await call.forward();
    return answer.status === 200 ? replaced(answer, shown(call, read<CheckRun>(answer))) : answer;
  }),
  repositoryRoute('GET', '/commits/*ref/check-runs', listRuns),
];

async function write(call: Call): Promise<Answer> {
  const answer = await call.forward();
  if (answer.status >= 300) return answer;
  const run = read<CheckRun>(answer);
  if (call.method === 'POST' && call.caller.kind === 'app') {
    call.repository.checkApps.set(Number(run.id), call.caller.slug);
  }
  const owned = shown(call, run);
  const sender = await call.world.userOf(call.caller);
  if (call.method === 'POST') await tell(call, 'created', owned, sender);
  if (owned.status === 'completed') await tell(call, 'completed', owned, sender);
  return replaced(answer, owned);
}

const tell = (
  { world, repository }: Call,
  action: string,
  run: CheckRun,
  sender: Parameters<World['announce']>[3],
) => world.announce(repository, 'check_run', { action, check_run: run }, sender);

async function listRuns(call: Call): Promise<Answer> {
  const answer = await call.forward();
  if (answer.status !== 200) return answer;
  const { check_runs: runs } = read<{ check_runs: CheckRun[] }>(answer);
  const app = call.url.searchParams.get('app_id');
  const owned = runs
    .map((run) => shown(call, run))
    .filter((run) => app === null || String(run.app?.id) === app);
  return replaced(answer, { total_count: owned.length, check_runs: owned });
}

/** The check run with the App that made it, which the emulator does not tell. */
function shown({ world, repository }: { world: World; repository: Repository }, run: CheckRun): CheckRun {
  const slug = repository.checkApps.get(Number(run.id)) ?? 'github-actions';
  return {
    ...run,
    app: {
      id: slug === world.app.slug ? world.app.id : 15_368,
      slug,
      node_id: `APP_${slug}`,
      owner: {
        login: 'github',
        id: 9_919,
        node_id: 'ORG_9919',
        avatar_url: '',
        gravatar_id: '',
        url: `${world.url}/users/github`,
        html_url: `${world.url}/github`,
        followers_url: '',
        following_url: '',
        gists_url: '',
        starred_url: '',
        subscriptions_url: '',
        organizations_url: '',
        repos_url: '',
        events_url: '',
        received_events_url: '',
        type: 'Organization',
        site_admin: false,
      },
      name: slug,
      description: null,
      external_url: world.url,
      html_url: `${world.url}/apps/${slug}`,
      created_at: '2026-01-01T00:00:00Z',
      updated_at: '2026-01-01T00:00:00Z',
      permissions: { checks: 'write' },
      events: [],
    },
  };
}
