/**
 * May this run use its keys on what is checked out? And where there is no key, is that to be expected?
 *
 * GitHub runs some events with the repository's secrets although a stranger caused them. If such a workflow checks
 * out the stranger's commit, the config in it could send the key to the stranger's server.
 */
import { field } from '../../gateway/json.ts';

/** The event as GitHub tells it; nothing here comes from the checked-out files. */
export interface RunEvent {
  readonly name: string;
  readonly payload: unknown;
  readonly actor: string;
  /** GITHUB_SHA: for events that strangers cause, the last commit of the base or default branch. */
  readonly sha: string;
}

/** What a directory that the check reads from is checked out at. */
export type Checkout =
  /** `changed`: files of this directory that the check reads and that differ from the commit. */
  | {
      readonly kind: 'commit';
      readonly directory: string;
      readonly commit: string;
      readonly changed: readonly string[];
    }
  /** No repository, and nothing that the check would read. */
  | { readonly kind: 'nothing'; readonly directory: string }
  | { readonly kind: 'unknown'; readonly directory: string; readonly why: string };

export type HeadTrust =
  | { readonly kind: 'trusted' }
  | { readonly kind: 'untrusted'; readonly message: string };

/** Events that anybody can cause and that run with the repository's secrets. */
const CAUSED_BY_STRANGERS: readonly string[] = [
  'pull_request_target',
  'workflow_run',
  'issue_comment',
  'issues',
  'discussion',
  'discussion_comment',
];

/** Whether an event needs the checkout to be looked at. */
export function causedByStrangers(eventName: string): boolean {
  return CAUSED_BY_STRANGERS.includes(eventName);
}

/**
 * Refuse every checkout that is not a commit of somebody with write access. What cannot be told is refused too.
 * @param checkouts one entry for each directory from which the check reads
 */
export function judgeHead(event: RunEvent, checkouts: readonly Checkout[]): HeadTrust {
  if (!causedByStrangers(event.name)) return { kind: 'trusted' };
  const trusted = trustedCommits(event);
  for (const checkout of checkouts) {
    const doubt = doubtAbout(checkout, trusted);
    if (doubt !== null) return { kind: 'untrusted', message: `${doubt} ${remedy(event.name)}` };
  }
  return { kind: 'trusted' };
}

/** Why a pull request has no key, or null where a missing key is a mistake. */
export function excuseForMissingKey(
  event: RunEvent,
): 'no_secrets_on_fork' | 'no_secrets_for_dependabot' | null {
  if (!/^pull_request(_review(_comment)?)?$/.test(event.name)) return null;
  const pull = field(event.payload, 'pull_request');
  if (event.actor === DEPENDABOT || text(pull, 'user', 'login') === DEPENDABOT)
    return 'no_secrets_for_dependabot';
  const repository = text(event.payload, 'repository', 'full_name');
  const base = text(pull, 'base', 'repo', 'full_name') ?? repository;
  if (base === null || field(pull, 'head') === undefined) return null;
  // The head's repository is null once the fork is deleted.
  return text(pull, 'head', 'repo', 'full_name') === base ? null : 'no_secrets_on_fork';
}

const DEPENDABOT = 'dependabot[bot]';

function doubtAbout(checkout: Checkout, trusted: readonly string[]): string | null {
  switch (checkout.kind) {
    case 'nothing':
      return null;
    case 'unknown':
      return `It cannot be told which commit ${checkout.directory} holds (${checkout.why}).`;
    case 'commit':
      if (!trusted.includes(checkout.commit)) {
        const commit = checkout.commit.slice(0, 12);
        return `${checkout.directory} holds commit ${commit}, which nobody with write access to this repository vouches for.`;
      }
      if (checkout.changed.length > 0) {
        return `${checkout.changed.join(', ')} in ${checkout.directory} is not as in the checked-out commit.`;
      }
      return null;
  }
}

function remedy(eventName: string): string {
  return (
    `A workflow on ${eventName} runs with secrets, and a stranger's config could send the key elsewhere, so nothing was read and no key was used. ` +
    'Run the check on pull_request instead, or check out the base branch (actions/checkout without ref and repository).'
  );
}

/** GITHUB_SHA, and the commit that caused the run where it was pushed to this very repository. */
function trustedCommits({ name, payload, sha }: RunEvent): string[] {
  const repository = text(payload, 'repository', 'full_name');
  const trusted = sha === '' ? [] : [sha];
  const addIfOwn = (owner: string | null, commit: string | null): void => {
    if (repository !== null && owner === repository && commit !== null && commit !== '') trusted.push(commit);
  };
  if (name === 'pull_request_target') {
    const owner = text(payload, 'pull_request', 'head', 'repo', 'full_name');
    addIfOwn(owner, text(payload, 'pull_request', 'head', 'sha'));
    addIfOwn(owner, text(payload, 'pull_request', 'merge_commit_sha'));
  }
  if (name === 'workflow_run') {
    addIfOwn(
      text(payload, 'workflow_run', 'head_repository', 'full_name'),
      text(payload, 'workflow_run', 'head_sha'),
    );
  }
  return trusted;
}

function text(value: unknown, ...path: readonly string[]): string | null {
  const found = path.reduce<unknown>((inner, name) => field(inner, name), value);
  return typeof found === 'string' ? found : null;
}
