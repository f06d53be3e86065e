/** Events that others send into a repository, and statuses of commits. */
import { z } from 'zod';
import { headOf } from '../repository.ts';
import { json, listed, notFound, nothing, refuse } from '../response.ts';
import { bodyOf, type Call, type Route, repositoryRoute } from '../router.ts';
import type { Schema } from '../world.ts';

const dispatchSchema = z.object({
  event_type: z.string().min(1).max(100),
  client_payload: z.record(z.string(), z.unknown()).default({}),
});
/** GitHub takes no more properties in a payload. */
const MOST_PROPERTIES = 10;

const statusSchema = z.object({
  state: z.enum(['error', 'failure', 'pending', 'success']),
  target_url: z.string().nullish(),
  description: z.string().nullish(),
  context: z.string().default('default'),
});

export const dispatchRoutes: readonly Route[] = [
  repositoryRoute('POST', '/dispatches', (call) => {
    const { event_type: event, client_payload: payload } = bodyOf(call, dispatchSchema);
    const count = Object.keys(payload).length;
    if (count > MOST_PROPERTIES) {
      refuse(422, `No more than ${MOST_PROPERTIES} properties are allowed; ${count} were supplied.`);
    }
    call.repository.dispatches.push({ event, payload, at: call.world.clock.stamp() });
    return nothing();
  }),
  repositoryRoute('POST', '/statuses/:sha', createStatus),
  repositoryRoute('GET', '/commits/*ref/statuses', async (call) => listed(await statusesOf(call), call.url)),
  repositoryRoute('GET', '/commits/*ref/status', async (call) => {
    const newest = newestByContext(await statusesOf(call));
    const sha = await shaOf(call);
    return json(200, {
      state: combined(newest),
      statuses: newest,
      sha,
      total_count: newest.length,
      repository: await call.world.upstream.read(`/repos/${call.repository.fullName}`),
      commit_url: `${call.world.url}/repos/${call.repository.fullName}/commits/${sha}`,
      url: `${call.world.url}/repos/${call.repository.fullName}/commits/${sha}/status`,
    });
  }),
];

async function createStatus(call: Call) {
  const { world, repository, params, caller } = call;
  const asked = bodyOf(call, statusSchema);
  const sha = params.sha ?? '';
  const id = world.nextId();
  const now = world.clock.stamp();
  const creator = await world.userOf(caller);
  const status = {
    url: `${world.url}/repos/${repository.fullName}/statuses/${sha}`,
    avatar_url: creator.avatar_url,
    id,
    node_id: `SC_${id}`,
    state: asked.state,
    description: asked.description ?? '',
    target_url: asked.target_url ?? '',
    context: asked.context,
    created_at: now,
    updated_at: now,
    creator,
  } satisfies Schema<'status'>;
  repository.statuses.set(sha, [status, ...(repository.statuses.get(sha) ?? [])]);
  return json(201, status);
}

const shaOf = async ({ world, repository, params }: Call): Promise<string> =>
  (await headOf(world, repository, params.ref ?? '')) ?? notFound();

const statusesOf = async (call: Call): Promise<readonly Schema<'status'>[]> =>
  call.repository.statuses.get(await shaOf(call)) ?? [];

/** The newest comes first. */
function newestByContext(statuses: readonly Schema<'status'>[]): Schema<'status'>[] {
  const seen = new Set<string>();
  return statuses.filter(({ context }) => !seen.has(context) && seen.add(context));
}

function combined(statuses: readonly Schema<'status'>[]): 'failure' | 'pending' | 'success' {
  if (statuses.some(({ state }) => state === 'failure' || state === 'error')) return 'failure';
  if (statuses.length === 0 || statuses.some(({ state }) => state === 'pending')) return 'pending';
  return 'success';
}
