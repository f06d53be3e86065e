/** The App's own view of itself; the emulator checks its JWT. */
import { type GithubResponse, json, notFound, problem } from '../response.ts';
import { type Call, read, route } from '../router.ts';
import { loginOf } from '../world.ts';

export const appRoutes = [
  // Of GraphQL there is the one question that only GraphQL answers to the token of an installation.
  route('POST', '/graphql', ({ caller, body }) => {
    if (!JSON.stringify(body).includes('viewer { login }')) return problem(400, 'A query of another shape.');
    return json(200, { data: { viewer: { login: loginOf(caller) } } });
  }),
  route('POST', '/app/installations/:id/access_tokens', async (call): Promise<GithubResponse> => {
    if (!call.world.app.installed) return notFound();
    const response = await call.forward();
    if (response.status !== 201) return response;
    return json(201, { ...read<object>(response), permissions: call.world.app.permissions });
  }),
  route('GET', '/app/installations', installations),
  route('GET', '/app/installations/:id', installation),
  route('GET', '/repos/:owner/:repo/installation', installation),
  route('GET', '/installation/repositories', async ({ world, caller, url }) => {
    if (caller.kind !== 'app')
      return problem(403, 'You must authenticate with an installation access token.');
    const names = [...world.repositories.values()].map(({ fullName }) => fullName);
    const repositories = await Promise.all(names.map((name) => world.upstream.read(`/repos/${name}`)));
    const size = Math.min(100, Number(url.searchParams.get('per_page') ?? 30));
    const page = Math.max(1, Number(url.searchParams.get('page') ?? 1));
    const shown = repositories.slice((page - 1) * size, page * size);
    return json(200, { total_count: repositories.length, repository_selection: 'all', repositories: shown });
  }),
];

async function installations(call: Call): Promise<GithubResponse> {
  const response = await call.forward();
  if (response.status !== 200) return response;
  const all = read<{ id: number }[]>(response);
  return json(200, call.world.app.installed ? all.map((each) => withPermissions(call, each)) : []);
}

async function installation(call: Call): Promise<GithubResponse> {
  if (!call.world.app.installed) return notFound();
  const response = await call.forward();
  return response.status === 200 ? json(200, withPermissions(call, read<object>(response))) : response;
}

const withPermissions = ({ world }: Call, shown: object): object => ({
  ...shown,
  permissions: world.app.permissions,
});
