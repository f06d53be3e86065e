/** Contents and refs: stored by the emulator; this file adds branch rules, and webhooks of pushes. */
import { z } from 'zod';
import { isListed, leaveOut } from '../listing.ts';
import { announcePush, commitOfFile, NO_COMMIT } from '../pushes.ts';
import { defaultBranchOf } from '../repository.ts';
import { type GithubResponse, json, listed, notFound } from '../response.ts';
import { type Call, read, replaced, repositoryRoute } from '../router.ts';
import { assertAllowed, type Change, rulesFor } from '../rules.ts';
import { loginOf, type Schema } from '../world.ts';

export const gitRoutes = [
  repositoryRoute('PUT', '/contents/*path', writeFile),
  repositoryRoute('DELETE', '/contents/*path', writeFile),
  repositoryRoute('POST', '/git/refs', createRef),
  repositoryRoute('PATCH', '/git/refs/*ref', moveRef('update')),
  repositoryRoute('DELETE', '/git/refs/*ref', moveRef('deletion')),
  repositoryRoute('GET', '/git/matching-refs/*prefix', async (call) => {
    const response = await call.forward();
    if (response.status !== 200 || call.repository.unlisted.size === 0) return response;
    const refs = read<Schema<'git-ref'>[]>(response);
    return replaced(
      response,
      refs.filter(({ ref }) => isListed(call, ref)),
    );
  }),
  repositoryRoute('GET', '/activity', ({ repository, url }) => {
    const [ref, type] = [url.searchParams.get('ref'), url.searchParams.get('activity_type')];
    const found = repository.activities.filter(
      (each) => (ref === null || each.ref === ref) && (type === null || each.activity_type === type),
    );
    return listed(found.toReversed(), url);
  }),
  repositoryRoute('GET', '/rules/branches/*branch', ({ repository, params, url }) => {
    const rules = rulesFor(repository, params.branch ?? '').flatMap((rule) =>
      rule.types.map((type) => ({
        type,
        ruleset_source_type: 'Repository',
        ruleset_source: repository.fullName,
        ruleset_id: repository.rules.indexOf(rule) + 1,
        ...(type === 'pull_request' ? { parameters: PULL_REQUEST } : {}),
      })),
    );
    return listed(rules, url);
  }),
  repositoryRoute('GET', '/rulesets', ({ repository, world, url }) =>
    listed(
      repository.rules.map((_, index) => ruleset(repository.fullName, index, world.clock.stamp())),
      url,
    ),
  ),
  repositoryRoute('GET', '/rulesets/:id', ({ repository, params, world, caller }) => {
    const index = Number(params.id) - 1;
    const rule = repository.rules[index] ?? notFound();
    const name = caller.kind === 'app' ? caller.slug : caller.kind === 'person' ? caller.login : '';
    return json(200, {
      ...ruleset(repository.fullName, index, world.clock.stamp()),
      conditions: { ref_name: { include: [`refs/heads/${rule.branches}`], exclude: [] } },
      rules: rule.types.map((type) =>
        type === 'pull_request' ? { type, parameters: PULL_REQUEST } : { type },
      ),
      current_user_can_bypass: rule.bypass.includes(name) ? 'always' : 'never',
    } satisfies Schema<'repository-ruleset'>);
  }),
];

const ruleset = (source: string, index: number, at: string) =>
  ({
    id: index + 1,
    name: `rule ${index + 1}`,
    target: 'branch',
    source_type: 'Repository',
    source,
    enforcement: 'active',
    created_at: at,
    updated_at: at,
  }) satisfies Schema<'repository-ruleset'>;

const PULL_REQUEST = {
  required_approving_review_count: 1,
  dismiss_stale_reviews_on_push: false,
  require_code_owner_review: false,
  require_last_push_approval: false,
  required_review_thread_resolution: false,
};

const branchSchema = z.looseObject({ branch: z.string().optional() });

async function writeFile(call: Call): Promise<GithubResponse> {
  const branch =
    branchSchema.safeParse(call.body).data?.branch ?? (await defaultBranchOf(call.world, call.repository));
  assertAllowed(call.repository, call.caller, { branch, change: 'update', through: 'contents' });
  const response = await call.forward();
  if (response.status >= 300) return response;
  const made = read<Schema<'file-commit'>>(response);
  const { commit } = made;
  const change = call.method === 'DELETE' ? 'removed' : response.status === 201 ? 'added' : 'modified';
  const push = {
    ref: `refs/heads/${branch}`,
    before: commit.parents?.[0]?.sha ?? NO_COMMIT,
    after: commit.sha ?? NO_COMMIT,
    forced: false,
    commits: [commitOfFile(made, loginOf(call.caller), call.params.path ?? '', change)],
  };
  await announcePush(call.world, call.repository, call.caller, push);
  return response;
}

const refSchema = z.looseObject({ ref: z.string() });

async function createRef(call: Call): Promise<GithubResponse> {
  const ref = refSchema.safeParse(call.body).data?.ref ?? '';
  assertAllowed(call.repository, call.caller, {
    branch: ref.replace('refs/heads/', ''),
    change: 'creation',
    through: 'refs',
  });
  const response = await call.forward();
  if (response.status !== 201) return response;
  const { object } = read<Schema<'git-ref'>>(response);
  if (call.repository.allListsLag) leaveOut(call, ref);
  await announcePush(call.world, call.repository, call.caller, {
    ref,
    before: NO_COMMIT,
    after: object.sha,
    forced: false,
  });
  return response;
}

const forceSchema = z.looseObject({ force: z.boolean().optional() });

function moveRef(change: Exclude<Change, 'creation'>) {
  return async (call: Call): Promise<GithubResponse> => {
    const ref = `refs/${call.params.ref}`;
    assertAllowed(call.repository, call.caller, {
      branch: ref.replace('refs/heads/', ''),
      change,
      through: 'refs',
    });
    const old = await call.world.upstream.read<Schema<'git-ref'>>(
      `/repos/${call.repository.fullName}/git/ref/${call.params.ref}`,
    );
    const response = await call.forward();
    if (response.status >= 300 || old === null) return response;
    const after = change === 'deletion' ? NO_COMMIT : read<Schema<'git-ref'>>(response).object.sha;
    const forced = forceSchema.safeParse(call.body).data?.force ?? false;
    await announcePush(call.world, call.repository, call.caller, {
      ref,
      before: old.object.sha,
      after,
      forced,
    });
    return response;
  };
}
