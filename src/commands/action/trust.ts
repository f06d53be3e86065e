/**
 * May this run use its keys on what is checked out? And if it has no key, is that expected?
 *
 * GitHub runs some events with the repository's secrets although anyone can trigger them. If such a workflow checks out
 * an outsider's commit, the config in it could send the key to the outsider's server.
 */
import { field } from '../../gateway/json.ts';

/** The event as GitHub reports it; nothing here comes from the checked-out files. */
export interface RunEvent {
  readonly name: string;
  readonly payload: unknown;
  readonly actor: string;
  /** GITHUB_SHA: for events that anyone can trigger, the last commit of the base or default branch. */
  readonly sha: string;
}

/** What is checked out in a directory that the check reads. */
export type CheckedOut =
  /** `changed`: files of this directory that the check reads and that differ from the commit. */
  | {
      readonly kind: 'commit';
      readonly directory: string;
      readonly commit: string;
      readonly changed: readonly string[];
    }
  /** Not a repository, and without files that the check would read. */
  | { readonly kind: 'nothing'; readonly directory: string }
  | { readonly kind: 'unknown'; readonly directory: string; readonly why: string };

export type Trust = { readonly kind: 'trusted' } | { readonly kind: 'untrusted'; readonly message: string };

/** Events that anyone can trigger and that run with the repository's secrets. */
const OPEN_EVENTS: readonly string[] =
  'pull_request_target workflow_run issue_comment issues discussion discussion_comment'.split(' ');

/** Whether the checkout must be examined before it is used. */
export function anyoneCanTrigger(eventName: string): boolean {
  return OPEN_EVENTS.includes(eventName);
}

/**
 * Refuses every checkout that is not a commit of someone with write access, and every unknown one.
 * @param checkouts one entry for each directory from which the check reads
 */
export function assessTrust(event: RunEvent, checkouts: readonly CheckedOut[]): Trust {
  if (!anyoneCanTrigger(event.name)) return { kind: 'trusted' };
  const trusted = trustedCommits(event);
  for (const checkout of checkouts) {
    const danger = whyUntrusted(checkout, trusted);
    if (danger !== null) return { kind: 'untrusted', message: `${danger} ${remedy(event.name)}` };
  }
  return { kind: 'trusted' };
}

/** Events whose runs use a workflow of this repository: only somebody who may edit workflows can have written it. */
const OWN_WORKFLOW_EVENTS: readonly string[] = [
  ...OPEN_EVENTS,
  ...'branch_protection_rule check_run check_suite create delete fork gollum label merge_group'.split(' '),
  ...'milestone page_build public push registry_package release repository_dispatch schedule'.split(' '),
  ...'status watch workflow_dispatch'.split(' '),
];

/** Whether the workflow of the run may say where keys go. Not that of a fork, nor one of an event that is not known. */
export function mayWorkflowNameOrigins(event: RunEvent): boolean {
  if (PULL_REQUEST.test(event.name)) return originOfHead(event) === 'own';
  if (/^deployment(_status)?$/.test(event.name)) {
    // Of the deployed commit, which a fork may have made unless it is named by a branch or a tag.
    const ref = text(event.payload, 'deployment', 'ref');
    return ref !== null && !/^[0-9a-f]{7,}$|^refs\/pull\//i.test(ref);
  }
  return OWN_WORKFLOW_EVENTS.includes(event.name);
}

/** Why a pull request has no key, or null where a missing key is a mistake. */
export function excuseForMissingKey(
  event: RunEvent,
): 'no_secrets_on_fork' | 'no_secrets_for_dependabot' | null {
  if (!PULL_REQUEST.test(event.name)) return null;
  if (event.actor === DEPENDABOT || text(event.payload, 'pull_request', 'user', 'login') === DEPENDABOT)
    return 'no_secrets_for_dependabot';
  return originOfHead(event) === 'fork' ? 'no_secrets_on_fork' : null;
}

const DEPENDABOT = 'dependabot[bot]';

/** Events that run the workflow of the pull request's head. */
const PULL_REQUEST = /^pull_request(_review(_comment)?)?$/;

function originOfHead({ payload }: RunEvent): 'own' | 'fork' | 'unknown' {
  const pull = field(payload, 'pull_request');
  const base = text(pull, 'base', 'repo', 'full_name') ?? text(payload, 'repository', 'full_name');
  if (base === null || field(pull, 'head') === undefined) return 'unknown';
  // The head's repository is null once the fork is deleted.
  return text(pull, 'head', 'repo', 'full_name') === base ? 'own' : 'fork';
}

function whyUntrusted(checkout: CheckedOut, trusted: readonly string[]): string | null {
  const { kind, directory } = checkout;
  if (kind === 'nothing') return null;
  if (kind === 'unknown') return `The commit in ${directory} is unknown (${checkout.why}).`;
  const { commit, changed } = checkout;
  if (!trusted.includes(commit)) {
    return `${directory} is at commit ${commit.slice(0, 12)}, which may be from someone without write access to this repository.`;
  }
  return changed.length === 0
    ? null
    : `${changed.join(', ')} in ${directory} differs from the checked-out commit.`;
}

function remedy(eventName: string): string {
  return (
    `Nothing was read and no key was used: a workflow on ${eventName} runs with secrets, and an outsider's config could send the key elsewhere. ` +
    'Run the check on pull_request instead, or check out the base branch (actions/checkout without ref and repository).'
  );
}

/** GITHUB_SHA, and the commit that triggered the run if it was pushed to this repository. */
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
