/** Reactions on issues and their comments. */
import { z } from 'zod';
import { CONTENTS, reactionsOn } from '../reactions.ts';
import { json, listed, notFound, nothing, refuse } from '../response.ts';
import { bodyOf, type Call, repositoryRoute } from '../router.ts';
import { loginOf, type Reaction, type Schema, type World } from '../world.ts';

const bodySchema = z.object({ content: z.enum(CONTENTS) });

export const reactionRoutes = ['/issues/comments/:id', '/issues/:id'].flatMap((subject) => [
  repositoryRoute('GET', `${subject}/reactions`, async (call) => {
    const wanted = call.url.searchParams.get('content');
    const given = reactionsOn(call.repository, subjectOf(call)).filter(
      ({ content }) => wanted === null || content === wanted,
    );
    return listed(await Promise.all(given.map((each) => shown(call.world, each))), call.url);
  }),
  repositoryRoute('POST', `${subject}/reactions`, react),
  repositoryRoute('DELETE', `${subject}/reactions/:reaction`, (call) => {
    const given = reactionsOn(call.repository, subjectOf(call));
    const index = given.findIndex(({ id }) => String(id) === call.params.reaction);
    if (index < 0) notFound();
    given.splice(index, 1);
    return nothing();
  }),
]);

/** A second reaction of the same kind by the same account is the first one: 200 instead of 201. */
async function react(call: Call) {
  const { content } = bodyOf(call, bodySchema);
  await assertOpenToReactions(call);
  const given = reactionsOn(call.repository, subjectOf(call));
  const login = loginOf(call.caller);
  const known = given.find((each) => each.content === content && each.login === login);
  if (known !== undefined) return json(200, await shown(call.world, known));
  const made = { id: call.world.nextId(), content, login, createdAt: call.world.clock.stamp() };
  given.push(made);
  return json(201, await shown(call.world, made));
}

async function assertOpenToReactions({ world, repository, url, caller }: Call): Promise<void> {
  const subject = await world.upstream.read<{ issue_url?: string; locked?: boolean }>(
    url.pathname.replace(/\/reactions.*$/, ''),
  );
  if (subject === null) return notFound();
  const path = subject.issue_url === undefined ? null : new URL(subject.issue_url).pathname;
  const issue = path === null ? subject : await world.upstream.read<{ locked?: boolean }>(path);
  if (issue?.locked === true && caller.kind === 'app') {
    refuse(403, `Unable to create reaction because issue is locked in ${repository.fullName}.`);
  }
}

const subjectOf = ({ url, params }: Call): string =>
  url.pathname.includes('/issues/comments/') ? `issues/comments/${params.id}` : `issues/${params.id}`;

async function shown(world: World, { id, content, login, createdAt }: Reaction) {
  return {
    id,
    node_id: `REA_${id}`,
    user: await world.user(login),
    content,
    created_at: createdAt,
  } satisfies Schema<'reaction'>;
}
