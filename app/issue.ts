/** The rollout's issue on GitHub: finds, opens, reads and updates it, and comments on it. */
import { ISSUE_LABEL, issueTitle, parseIssue, rolloutInTitle } from '../src/conversation/issue-body.ts';
import type { Reaction } from '../src/rollout/effect.ts';
import { ConditionalCache } from './conditional.ts';
import { nullIfMissing } from './http-status.ts';
import { ONCE } from './octokit.ts';
import { at, type Octokit, type Repository } from './repository.ts';

/** An issue as it was read; moments in milliseconds since 1970. */
export interface IssueReading {
  readonly number: number;
  /** The rollout that it shows ({@link rolloutOn}). */
  readonly rollout: string | null;
  readonly body: string;
  readonly isClosed: boolean;
  /** Who closed it last; null also where a list leaves it out. */
  readonly closedBy: { readonly login: string; readonly id: number } | null;
  readonly closedAt: number;
  readonly isLabelled: boolean;
  readonly createdAt: number;
  /** Comments, edits and labels change it. */
  readonly updatedAt: number;
  readonly comments: number;
}

type IssueData = Awaited<ReturnType<Octokit['rest']['issues']['get']>>['data'];

/** An issue, as in payloads and responses. */
export interface IssueFacts {
  readonly number: number;
  readonly title: string;
  readonly body?: string | null | undefined;
  readonly user?: { readonly login: string; readonly type?: string | undefined } | null | undefined;
  readonly pull_request?: unknown;
  readonly created_at: string;
}

/**
 * The rollout that an issue shows, by its marker; by its title only where somebody removed the marker. Whether the App
 * wrote the issue, {@link isOurs} checks. The label only helps people: anybody with the role triage can remove it.
 */
export function rolloutOn({ title, body, user, pull_request }: IssueFacts): string | null {
  if (user?.type !== 'Bot' || pull_request) return null;
  return parseIssue(body ?? '')?.name ?? rolloutInTitle(title);
}

/** Nobody else can have an App's login. */
export function isOurs({ user }: IssueFacts, identity: string): boolean {
  return user?.login === identity;
}

/** How far GitHub's clock and this machine's may differ (milliseconds). */
const CLOCK_MARGIN = 5 * 60_000;

/** The App's newest issues, also closed ones; one request. */
export function listOurs(
  repository: Repository,
  identity: string,
  cache: ConditionalCache<readonly IssueReading[]> = new ConditionalCache(),
): Promise<readonly IssueReading[]> {
  const { issues } = repository.octokit.rest;
  const query = { ...at(repository), creator: identity, state: 'all', per_page: 100 } as const;
  return cache.get(
    identity,
    (headers) => issues.listForRepo({ ...query, headers }),
    (listed) => listed.filter((found) => isOurs(found, identity) && !found.pull_request).map(readingOf),
  );
}

function readingOf(found: IssueData): IssueReading {
  const { number, body, state, closed_by: by, closed_at, created_at, updated_at, comments, labels } = found;
  return {
    number,
    rollout: rolloutOn(found),
    body: body ?? '',
    isClosed: state === 'closed',
    closedBy: by ? { login: by.login, id: by.id } : null,
    closedAt: Date.parse(closed_at ?? '') || 0,
    isLabelled: labels.some((label) => (typeof label === 'string' ? label : label.name) === ISSUE_LABEL),
    createdAt: Date.parse(created_at),
    updatedAt: Date.parse(updated_at),
    comments,
  };
}

/**
 * The rollout's issue, if one is open: a process may have died before it could record the issue.
 * @param since when it was opened at the earliest, in milliseconds since 1970, by this machine's clock
 */
export async function findIssue(
  repository: Repository,
  rollout: string,
  identity: string,
  since = 0,
): Promise<number | null> {
  const open = (await listOurs(repository, identity)).filter(({ isClosed }) => !isClosed);
  const ours = open.filter(({ createdAt }) => createdAt >= since - CLOCK_MARGIN);
  return ours.find((found) => found.rollout === rollout)?.number ?? null;
}

export async function openIssue(repository: Repository, rollout: string, body: string): Promise<number> {
  const issue = { title: issueTitle(rollout), labels: [ISSUE_LABEL], body };
  const { data } = await repository.octokit.rest.issues.create({ ...at(repository), ...issue, ...ONCE });
  return data.number;
}

/** Null where the issue is no longer in this repository: deleted or transferred. */
export async function readIssue(repository: Repository, issue: number): Promise<IssueReading | null> {
  const { issues } = repository.octokit.rest;
  const request = issues.get({ ...at(repository), issue_number: issue });
  // The client does not follow every redirect.
  const response = await nullIfMissing(request, [301]);
  // The request for a transferred issue is redirected to its new repository.
  if (response === null || !response.data.html_url.startsWith(`${repository.url}/`)) return null;
  return readingOf(response.data);
}

export async function writeBody(repository: Repository, issue: number, body: string): Promise<void> {
  await repository.octokit.rest.issues.update({ ...at(repository), issue_number: issue, body });
}

/**
 * Comments of the issue that were written or edited since then, the oldest first.
 * @param time milliseconds since 1970, by this machine's clock
 */
export function commentsSince(repository: Repository, issue: number, time: number) {
  const { octokit } = repository;
  const since = new Date(Math.max(0, time - CLOCK_MARGIN)).toISOString();
  const query = { ...at(repository), issue_number: issue, since, per_page: 100 };
  return octokit.paginate(octokit.rest.issues.listComments, query);
}

/** Whether the issue has a comment of the App with that marker. @param since milliseconds since 1970 */
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
  const { issues } = repository.octokit.rest;
  await issues.createComment({ ...at(repository), issue_number: issue, body, ...ONCE });
}

export async function addLabel(repository: Repository, issue: number): Promise<void> {
  const { issues } = repository.octokit.rest;
  await issues.addLabels({ ...at(repository), issue_number: issue, labels: [ISSUE_LABEL] });
}

/** Adding the same reaction twice adds one. */
export async function react(repository: Repository, commentId: number, content: Reaction): Promise<void> {
  const { reactions } = repository.octokit.rest;
  await reactions.createForIssueComment({ ...at(repository), comment_id: commentId, content });
}
