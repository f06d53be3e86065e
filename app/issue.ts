/** The rollout's issue on GitHub: found, opened, looked at, rewritten, commented. */

import { ISSUE_LABEL, issueTitle, parseIssue } from '../src/conversation/issue-body.ts';
import type { Reaction } from '../src/rollout/effect.ts';
import { orNull } from './http-status.ts';
import { at, type Repository } from './repository.ts';

export interface IssueReading {
  readonly body: string;
  readonly isClosed: boolean;
  readonly closedBy: { readonly login: string; readonly id: number } | null;
  /** How often it was closed and opened cannot be seen; when it was closed last can. */
  readonly closedAt: string | null;
}

/** What webhooks and listings say of an issue. */
export interface IssueFacts {
  readonly number: number;
  readonly body?: string | null | undefined;
  readonly user?: { readonly login: string; readonly type?: string | undefined } | null | undefined;
  readonly labels?: readonly (string | { readonly name?: string | undefined } | null)[] | undefined;
  readonly pull_request?: unknown;
}

/**
 * The rollout that an issue shows, by its marker and its label, without any request. Whether the App wrote it is for
 * {@link isOurs} to say.
 */
export function rolloutOn({ body, labels, user, pull_request }: IssueFacts): string | null {
  const names = (labels ?? []).map((label) => (typeof label === 'string' ? label : label?.name));
  const mayBeOurs = user?.type === 'Bot' && names.includes(ISSUE_LABEL) && !pull_request;
  return mayBeOurs ? (parseIssue(body ?? '')?.name ?? null) : null;
}

/** GitHub lets nobody take an App's login. */
export function isOurs({ user }: IssueFacts, identity: string): boolean {
  return user?.login === identity;
}

export interface OpenIssue {
  readonly rollout: string;
  readonly issue: number;
  readonly body: string;
}

/** What is newer by GitHub's clock is so by this machine's less that much (milliseconds). */
const CLOCK_MARGIN = 5 * 60_000;

/** @param time milliseconds since 1970, by this machine's clock */
function sinceGithubs(time: number): string {
  return new Date(Math.max(0, time - CLOCK_MARGIN)).toISOString();
}

/** The open issues that the App wrote, and the rollouts that they show. */
export async function ourOpenIssues(
  repository: Repository,
  identity: string,
  since?: number,
): Promise<readonly OpenIssue[]> {
  const { data } = await repository.octokit.rest.issues.listForRepo({
    ...at(repository),
    labels: ISSUE_LABEL,
    creator: identity,
    state: 'open',
    per_page: 100,
    ...(since === undefined ? {} : { since: sinceGithubs(since) }),
  });
  return data.flatMap((found) => {
    const rollout = isOurs(found, identity) ? rolloutOn(found) : null;
    return rollout === null ? [] : [{ rollout, issue: found.number, body: found.body ?? '' }];
  });
}

/** The rollout's issue, where one was opened already by a process that died before it could say so. */
export async function findIssue(
  repository: Repository,
  rollout: string,
  identity: string,
  since?: number,
): Promise<number | null> {
  const issues = await ourOpenIssues(repository, identity, since);
  return issues.find((each) => each.rollout === rollout)?.issue ?? null;
}

/** What makes something new is not repeated blindly by the client: without an answer it may have been done. */
const ONCE = { request: { retries: 0 } };

export async function openIssue(repository: Repository, rollout: string, body: string): Promise<number> {
  const { data } = await repository.octokit.rest.issues.create({
    ...at(repository),
    title: issueTitle(rollout),
    labels: [ISSUE_LABEL],
    body,
    ...ONCE,
  });
  return data.number;
}

/** Null where the issue is not in this repository any more: deleted, or transferred. */
export async function lookAtIssue(
  repository: Repository,
  issue: number,
  headers: Readonly<Record<string, string>> = {},
): Promise<{ readonly etag: string | undefined; readonly value: IssueReading } | null> {
  const { issues } = repository.octokit.rest;
  const request = issues.get({ ...at(repository), issue_number: issue, headers });
  // The client does not follow every redirection.
  const answer = await orNull(request, [301]);
  // The request for a transferred issue is led to its new repository.
  if (answer === null || !answer.data.html_url.startsWith(`${repository.url}/`)) return null;
  const { body, state, closed_by: by, closed_at: closedAt } = answer.data;
  const closedBy = by ? { login: by.login, id: by.id } : null;
  return {
    etag: answer.headers.etag,
    value: { body: body ?? '', isClosed: state === 'closed', closedBy, closedAt },
  };
}

export async function writeBody(repository: Repository, issue: number, body: string): Promise<void> {
  await repository.octokit.rest.issues.update({ ...at(repository), issue_number: issue, body });
}

/** The comments of the issue that were written or edited since, in their order. @param since milliseconds since 1970 */
export function commentsSince(repository: Repository, issue: number, since: number) {
  const { octokit } = repository;
  return octokit.paginate(octokit.rest.issues.listComments, {
    ...at(repository),
    issue_number: issue,
    since: sinceGithubs(since),
    per_page: 100,
  });
}

/** Whether a comment with that marker stands on the issue already. @param since milliseconds since 1970 */
export async function hasReply(
  repository: Repository,
  issue: number,
  marker: string,
  identity: string,
  since: number,
): Promise<boolean> {
  const comments = await commentsSince(repository, issue, since);
  return comments.some(({ body, user }) => user?.login === identity && body?.includes(marker));
}

export async function comment(repository: Repository, issue: number, body: string): Promise<void> {
  await repository.octokit.rest.issues.createComment({
    ...at(repository),
    issue_number: issue,
    body,
    ...ONCE,
  });
}

/** The same reaction twice is one. */
export async function react(repository: Repository, commentId: number, content: Reaction): Promise<void> {
  const { reactions } = repository.octokit.rest;
  await reactions.createForIssueComment({ ...at(repository), comment_id: commentId, content });
}
