/** Issues and their comments: stored by the emulator; this file adds webhooks, and what GitHub refuses. */
import type { Issue, IssueComment, Label, PullRequest } from '@octokit/webhooks-types';
import { z } from 'zod';
import { isListed, leaveOut } from '../listing.ts';
import { type GithubResponse, json, listed, notFound, redirect, refuse } from '../response.ts';
import { type Call, type Handler, read, repositoryRoute } from '../router.ts';

/** GitHub's longest text of an issue or a comment, in characters. */
const LONGEST = 65_536;

export const issueRoutes = [
  repositoryRoute('GET', '/issues', listIssues),
  repositoryRoute('POST', '/issues', openIssue),
  repositoryRoute('GET', '/issues/comments', listComments),
  repositoryRoute('PATCH', '/issues/comments/:id', editComment),
  repositoryRoute('DELETE', '/issues/comments/:id', deleteComment),
  repositoryRoute('GET', '/issues/:number', here(showIssue)),
  repositoryRoute('PATCH', '/issues/:number', here(editIssue)),
  repositoryRoute('GET', '/issues/:number/comments', here(listComments)),
  repositoryRoute('POST', '/issues/:number/comments', here(comment)),
  repositoryRoute(
    'POST',
    '/issues/:number/labels',
    here((call) => call.forward()),
  ),
  repositoryRoute(
    'DELETE',
    '/issues/:number/labels/:name',
    here((call) => call.forward()),
  ),
  repositoryRoute('PUT', '/issues/:number/lock', here(lock('locked'))),
  repositoryRoute('DELETE', '/issues/:number/lock', here(lock('unlocked'))),
];

/** Deleted issues are gone for good; transferred ones redirect to their new place. */
function here(handle: Handler): Handler {
  return (call) => {
    const fate = call.repository.gone.get(Number(call.params.number));
    if (fate === 'deleted') return refuse(410, 'This issue was deleted');
    if (fate === 'transferred') {
      const to = `${call.world.url}/repositories/0/issues/${call.params.number}`;
      return redirect(call.method === 'GET' ? 301 : 307, to);
    }
    return handle(call);
  };
}

async function showIssue(call: Call): Promise<GithubResponse> {
  const response = await call.forward();
  return response.status === 404 ? json(200, await issueOf(call)) : response;
}

async function listIssues(call: Call): Promise<GithubResponse> {
  const { gone, unlisted } = call.repository;
  if (gone.size + unlisted.size === 0 && !call.url.searchParams.has('since')) return call.forward();
  const issues = (await sinceThen<Issue>(call)).filter(({ id }) => isListed(call, id));
  return listed(
    issues.filter(({ number }) => !gone.has(number)),
    call.url,
  );
}

async function listComments(call: Call): Promise<GithubResponse> {
  if (call.repository.unlisted.size === 0 && !call.url.searchParams.has('since')) return call.forward();
  const comments = (await sinceThen<IssueComment>(call)).filter(({ id }) => isListed(call, id));
  return listed(comments, call.url);
}

/** Everything that a list holds, from the moment of `since` on, which the emulator reads in its own time. */
async function sinceThen<T extends { readonly updated_at: string }>(call: Call): Promise<T[]> {
  const since = call.url.searchParams.get('since') ?? '';
  const all: T[] = [];
  for (let page = 1; ; page += 1) {
    const query = new URLSearchParams(call.url.searchParams);
    query.delete('since');
    query.set('per_page', '100');
    query.set('page', String(page));
    const items = (await call.world.upstream.read<T[]>(`${call.url.pathname}?${query}`)) ?? [];
    all.push(...items);
    if (items.length < 100) break;
  }
  return all.filter(({ updated_at: updated }) => Date.parse(updated) >= (Date.parse(since) || 0));
}

async function openIssue(call: Call): Promise<GithubResponse> {
  assertLength(call);
  const response = await call.forward();
  if (response.status !== 201) return response;
  const issue = read<Issue & { labels: Label[] }>(response);
  leaveOut(call, issue.id);
  await sendWebhook(call, 'opened', { issue });
  for (const label of issue.labels) await sendWebhook(call, 'labeled', { issue, label });
  return response;
}

async function editIssue(call: Call): Promise<GithubResponse> {
  assertLength(call);
  const before = await call.world.upstream.read<Issue>(call.url.pathname);
  const response = await call.forward();
  if (before === null || response.status !== 200) return response;
  const issue = read<Issue>(response);
  const changes = {
    ...(issue.body === before.body ? {} : { body: { from: before.body ?? '' } }),
    ...(issue.title === before.title ? {} : { title: { from: before.title } }),
  };
  if (Object.keys(changes).length > 0) await sendWebhook(call, 'edited', { issue, changes });
  if (issue.state !== before.state) {
    await sendWebhook(call, issue.state === 'closed' ? 'closed' : 'reopened', { issue });
  }
  return response;
}

function lock(action: 'locked' | 'unlocked'): Handler {
  return async (call) => {
    const response = await call.forward();
    if (response.status === 204) await sendWebhook(call, action, { issue: await issueOf(call) });
    return response;
  };
}

async function comment(call: Call): Promise<GithubResponse> {
  assertLength(call);
  assertSees(call);
  const issue = await issueOf(call);
  if (issue.locked === true && call.caller.kind === 'app') {
    refuse(403, 'Unable to create comment because issue is locked.');
  }
  const response = await call.forward();
  if (response.status !== 201) return response;
  const made = read<IssueComment>(response);
  leaveOut(call, made.id);
  const after = { ...issue, comments: issue.comments + 1, updated_at: made.created_at };
  await tellComment(call, 'created', after, made);
  return response;
}

async function editComment(call: Call): Promise<GithubResponse> {
  assertLength(call);
  const before = await call.world.upstream.read<IssueComment>(call.url.pathname);
  const response = await call.forward();
  if (before === null || response.status !== 200) return response;
  const changes = { body: { from: before.body } };
  await tellComment(call, 'edited', await issueOfComment(call, before), read<IssueComment>(response), {
    changes,
  });
  return response;
}

async function deleteComment(call: Call): Promise<GithubResponse> {
  const before = await call.world.upstream.read<IssueComment>(call.url.pathname);
  const response = await call.forward();
  if (before !== null && response.status === 204) {
    await tellComment(call, 'deleted', await issueOfComment(call, before), before);
  }
  return response;
}

async function issueOf(call: Call): Promise<Issue> {
  return readIssue(call, call.url.pathname.replace(/(\/issues\/\d+).*$/, '$1'));
}

async function issueOfComment(call: Call, { issue_url: url }: IssueComment): Promise<Issue> {
  return readIssue(call, new URL(url).pathname);
}

/** An issue, or a pull request seen as one, which the emulator does not show. */
async function readIssue({ world }: Call, path: string): Promise<Issue> {
  const issue = await world.upstream.read<Issue>(path);
  if (issue !== null) return issue;
  const pull = await world.upstream.read<PullRequest>(path.replace('/issues/', '/pulls/'));
  if (pull === null) return notFound();
  const { url, html_url, diff_url, patch_url, merged_at, issue_url } = pull;
  const reactions = {
    url: `${issue_url}/reactions`,
    total_count: 0,
    '+1': 0,
    '-1': 0,
    laugh: 0,
    hooray: 0,
    confused: 0,
    heart: 0,
    rocket: 0,
    eyes: 0,
  };
  return {
    ...pull,
    url: issue_url,
    repository_url: pull.base.repo.url,
    labels_url: `${issue_url}/labels{/name}`,
    events_url: `${issue_url}/events`,
    timeline_url: `${issue_url}/timeline`,
    assignee: pull.assignee,
    pull_request: { url, html_url, diff_url, patch_url, merged_at },
    performed_via_github_app: null,
    state_reason: null,
    reactions,
  };
}

async function sendWebhook(call: Call, action: string, rest: object): Promise<void> {
  const sender = await call.world.userOf(call.caller);
  await call.world.announce(call.repository, 'issues', { action, ...rest }, sender);
}

async function tellComment(
  call: Call,
  action: 'created' | 'edited' | 'deleted',
  issue: Issue,
  shown: IssueComment,
  rest: object = {},
): Promise<void> {
  const sender = await call.world.userOf(call.caller);
  await call.world.announce(
    call.repository,
    'issue_comment',
    { action, issue, comment: shown, ...rest },
    sender,
  );
}

/** A private repository does not exist for those who may not read it. */
function assertSees({ world, repository, caller }: Call): void {
  if (!repository.isPrivate || caller.kind !== 'person') return;
  const role = world.roles.get(caller.login) ?? 'none';
  if (role === 'none') notFound();
}

const textSchema = z.looseObject({ body: z.string().nullish() });

function assertLength({ body }: Call): void {
  const text = textSchema.safeParse(body).data?.body ?? '';
  if ([...text].length > LONGEST) {
    refuse(422, 'Validation Failed', {
      errors: [
        {
          resource: 'Issue',
          code: 'custom',
          field: 'body',
          message: `body is too long (maximum is ${LONGEST} characters)`,
        },
      ],
    });
  }
}
