/** Runs of workflows and their artifacts. Only scenarios create them; clients only read them. */
import { type GithubResponse, json, listed, notFound, redirect, refuse } from '../response.ts';
import { type Call, type Route, repositoryRoute, route } from '../router.ts';
import type { Schema, StoredArtifact, StoredRun } from '../world.ts';

export const runRoutes: readonly Route[] = [
  repositoryRoute('GET', '/actions/workflows', ({ repository, url }) => {
    const all = [...repository.workflows.values()];
    return listed(all, url, (workflows) => ({ total_count: all.length, workflows }));
  }),
  repositoryRoute('GET', '/actions/workflows/:workflow', async (call) => json(200, await workflowOf(call))),
  repositoryRoute('GET', '/actions/workflows/:workflow/runs', async (call) => {
    const { id } = await workflowOf(call);
    return listedRuns(call, ({ run }) => run.workflow_id === id);
  }),
  repositoryRoute('GET', '/actions/runs', (call) => listedRuns(call, () => true)),
  repositoryRoute('GET', '/actions/runs/:id', (call) => json(200, runOf(call).run)),
  repositoryRoute('GET', '/actions/runs/:id/artifacts', (call) =>
    listedArtifacts(call, runOf(call).artifacts),
  ),
  repositoryRoute('GET', '/actions/artifacts', (call) =>
    listedArtifacts(
      call,
      [...call.repository.runs].reverse().flatMap(({ artifacts }) => artifacts),
    ),
  ),
  repositoryRoute('GET', '/actions/artifacts/:id', (call) => json(200, artifactOf(call).artifact)),
  repositoryRoute('GET', '/actions/artifacts/:id/:format', (call) => {
    if (artifactOf(call).artifact.expired) refuse(410, 'Artifact has expired');
    const { fullName } = call.repository;
    return redirect(302, `${call.world.url}/downloads/${fullName}/artifacts/${call.params.id}?sig=signature`);
  }),
  route('GET', '/downloads/:owner/:repo/artifacts/:id', ({ world, params }) => {
    const repository = world.repositories.get(`${params.owner}/${params.repo}`.toLowerCase());
    const all = repository?.runs.flatMap(({ artifacts }) => artifacts) ?? [];
    const found = all.find(({ artifact }) => String(artifact.id) === params.id) ?? notFound();
    return { status: 200, headers: { 'content-type': 'application/zip' }, body: found.zip };
  }),
];

/** By number or by file name; a file on the default branch is a workflow before it ever ran. */
async function workflowOf({ repository, params, world }: Call): Promise<Schema<'workflow'>> {
  const wanted = params.workflow ?? '';
  const all = [...repository.workflows.values()];
  const known = all.find(({ id, path }) => String(id) === wanted || path.endsWith(`/${wanted}`));
  if (known !== undefined) return known;
  const path = `.github/workflows/${wanted}`;
  const file = await world.upstream.read(`/repos/${repository.fullName}/contents/${path}`);
  return file === null ? notFound() : world.workflow(repository, wanted);
}

function listedRuns({ repository, url }: Call, fits: (stored: StoredRun) => boolean): GithubResponse {
  const query = Object.fromEntries(url.searchParams);
  const found = [...repository.runs]
    .reverse()
    .filter((stored) => fits(stored) && matches(stored.run, query))
    .map(({ run }) => run);
  return listed(found, url, (runs) => ({ total_count: found.length, workflow_runs: runs }));
}

function matches(run: Schema<'workflow-run'>, query: Readonly<Record<string, string>>): boolean {
  const { branch, event, status, head_sha: sha, actor, created } = query;
  return (
    (branch === undefined || run.head_branch === branch) &&
    (event === undefined || run.event === event) &&
    (status === undefined || run.status === status || run.conclusion === status) &&
    (sha === undefined || run.head_sha === sha) &&
    (actor === undefined || run.actor?.login === actor) &&
    (created === undefined || isWithin(run.created_at, created))
  );
}

/** GitHub's search syntax for moments: `>=2026-01-05`, `2026-01-05..2026-01-06`, `*` for an open end. */
function isWithin(moment: string, wanted: string): boolean {
  const at = Date.parse(moment);
  const [from, to] = wanted.split('..');
  if (to !== undefined) {
    return (from === '*' || at >= Date.parse(from ?? '')) && (to === '*' || at <= Date.parse(to));
  }
  const [, sign = '', limit = ''] = /^(>=|<=|>|<)?(.*)$/.exec(wanted) ?? [];
  const than = Date.parse(limit);
  if (sign === '>=') return at >= than;
  if (sign === '>') return at > than;
  if (sign === '<=') return at <= than;
  if (sign === '<') return at < than;
  return moment.startsWith(limit);
}

function listedArtifacts({ url }: Call, stored: readonly StoredArtifact[]): GithubResponse {
  const name = url.searchParams.get('name');
  const found = stored
    .map(({ artifact }) => artifact)
    .filter((artifact) => name === null || artifact.name === name);
  return listed(found, url, (artifacts) => ({ total_count: found.length, artifacts }));
}

const runOf = ({ repository, params }: Call): StoredRun =>
  repository.runs.find(({ run }) => String(run.id) === params.id) ?? notFound();

const artifactOf = ({ repository, params }: Call): StoredArtifact =>
  repository.runs
    .flatMap(({ artifacts }) => artifacts)
    .find(({ artifact }) => String(artifact.id) === params.id) ?? notFound();
