/** Runs of workflows and their artifacts. Clients read them, and start some by `workflow_dispatch`; scenarios end them. */
import { parse } from 'yaml';
import { z } from 'zod';
import { headOf } from '../repository.ts';
import { type GithubResponse, json, listed, notFound, nothing, redirect, refuse } from '../response.ts';
import { bodyOf, type Call, type Route, repositoryRoute, route } from '../router.ts';
import { finishRun } from '../workflow-runs.ts';
import { loginOf, type Schema, type StoredArtifact, type StoredRun } from '../world.ts';

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
  repositoryRoute('POST', '/actions/workflows/:workflow/dispatches', startRun),
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

const startSchema = z.object({
  ref: z.string(),
  inputs: z.record(z.string(), z.unknown()).default({}),
  return_run_details: z.boolean().optional(),
});
const triggersSchema = z.object({
  on: z.object({
    workflow_dispatch: z.object({ inputs: z.record(z.string(), z.unknown()).default({}) }).nullable(),
  }),
});

/** Starts a run, which goes on until a scenario ends it. */
async function startRun(call: Call): Promise<GithubResponse> {
  const { world, repository, params, caller } = call;
  const { ref, inputs, return_run_details: wantsDetails } = bodyOf(call, startSchema);
  const { runDetails } = repository;
  if (runDetails === 'refused' && wantsDetails !== undefined) {
    refuse(422, 'Invalid request.\n\n"return_run_details" is not a permitted key.');
  }
  if ((await headOf(world, repository, ref)) === null) refuse(422, `No ref found for: ${ref}`);
  const file = params.workflow ?? '';
  const path = `/repos/${repository.fullName}/contents/.github/workflows/${file}`;
  const { content } = (await world.upstream.read<{ content: string }>(path)) ?? notFound();
  const triggers = triggersSchema.safeParse(parse(Buffer.from(content, 'base64').toString()));
  if (!triggers.success) return refuse(422, "Workflow does not have 'workflow_dispatch' trigger");
  const known = triggers.data.on.workflow_dispatch?.inputs ?? {};
  const unexpected = Object.keys(inputs).filter((name) => !Object.hasOwn(known, name));
  if (unexpected.length > 0) refuse(422, `Unexpected inputs provided: ${JSON.stringify(unexpected)}`);
  const started = { event: 'workflow_dispatch', conclusion: null, by: loginOf(caller), inputs };
  const id = await finishRun(world, repository, file, started);
  if (wantsDetails !== true || runDetails !== 'returned') return nothing();
  const base = `${world.url}/repos/${repository.fullName}/actions/runs/${id}`;
  return json(200, { workflow_run_id: id, run_url: base, html_url: base });
}

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

function listedRuns({ repository, url, world }: Call, fits: (stored: StoredRun) => boolean): GithubResponse {
  const query = Object.fromEntries(url.searchParams);
  const isListed = ({ run }: StoredRun) =>
    Date.parse(run.created_at) + repository.listLag <= world.clock.now();
  const found = [...repository.runs]
    .reverse()
    .filter((stored) => fits(stored) && isListed(stored) && matches(stored.run, query))
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
