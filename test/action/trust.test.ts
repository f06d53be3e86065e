import { expect, test } from 'vitest';
import {
  assessTrust,
  type CheckedOut,
  excuseForMissingKey,
  mayWorkflowNameOrigins,
  type RunEvent,
} from '../../src/commands/action/trust.ts';

const BASE = 'b'.repeat(40);
const HEAD = 'a'.repeat(40);
const OWN = 'acme/shop';
const FORK = 'stranger/shop';

const event = (name: string, payload: object = {}, actor = 'dev'): RunEvent => ({
  name,
  payload: { repository: { full_name: OWN }, ...payload },
  actor,
  sha: BASE,
});
const pull = (from: string | null, author = 'dev') => ({
  pull_request: {
    head: { sha: HEAD, repo: from === null ? null : { full_name: from, fork: true } },
    base: { repo: { full_name: OWN } },
    user: { login: author },
  },
});
const workflowRun = (from: string) => ({
  workflow_run: { head_sha: HEAD, head_repository: { full_name: from } },
});
const at = (commit: string, changed: readonly string[] = []): CheckedOut => ({
  kind: 'commit',
  directory: '/w',
  commit,
  changed,
});
const unknown: CheckedOut = { kind: 'unknown', directory: '/w', why: 'git is not installed' };
const nothing: CheckedOut = { kind: 'nothing', directory: '/w' };

test.each([
  ['pull_request_target at the base', event('pull_request_target', pull(FORK)), [at(BASE)], 'trusted'],
  [
    "pull_request_target at a stranger's head",
    event('pull_request_target', pull(FORK)),
    [at(HEAD)],
    'untrusted',
  ],
  ['pull_request_target at an own head', event('pull_request_target', pull(OWN)), [at(HEAD)], 'trusted'],
  [
    'pull_request_target of a deleted fork',
    event('pull_request_target', pull(null)),
    [at(HEAD)],
    'untrusted',
  ],
  [
    'pull_request_target with an unreadable event',
    { ...event('pull_request_target'), payload: {} },
    [at(HEAD)],
    'untrusted',
  ],
  ["workflow_run at a stranger's head", event('workflow_run', workflowRun(FORK)), [at(HEAD)], 'untrusted'],
  ['workflow_run at an own head', event('workflow_run', workflowRun(OWN)), [at(HEAD)], 'trusted'],
  ['issue_comment at the default branch', event('issue_comment'), [at(BASE)], 'trusted'],
  ['issue_comment at anything else', event('issue_comment'), [at(HEAD)], 'untrusted'],
  [
    'a trusted workspace with a config from elsewhere',
    event('issue_comment'),
    [at(BASE), at(HEAD)],
    'untrusted',
  ],
  [
    'a config that was changed after the checkout',
    event('issue_comment'),
    [at(BASE, ['gateway-rollout.yml'])],
    'untrusted',
  ],
  ['a checkout of which nothing is known', event('issue_comment'), [unknown], 'untrusted'],
  ['no checkout at all', event('issue_comment'), [nothing], 'trusted'],
  ['no GITHUB_SHA', { ...event('issue_comment'), sha: '' }, [at('')], 'untrusted'],
  [
    'an ordinary pull request, whatever is checked out',
    event('pull_request', pull(FORK)),
    [at(HEAD)],
    'trusted',
  ],
] as const)('%s', (_, run, checkouts, verdict) => {
  expect(assessTrust(run, checkouts).kind).toBe(verdict);
});

test('a refusal says what is checked out, why it is dangerous, and what to do instead', () => {
  expect(assessTrust(event('issue_comment'), [at(HEAD)])).toMatchInlineSnapshot(`
    {
      "kind": "untrusted",
      "message": "/w is at commit aaaaaaaaaaaa, which may be from someone without write access to this repository. Nothing was read and no key was used: a workflow on issue_comment runs with secrets, and an outsider's config could send the key elsewhere. Run the check on pull_request instead, or check out the base branch (actions/checkout without ref and repository).",
    }
  `);
  expect(assessTrust(event('workflow_run'), [unknown])).toMatchInlineSnapshot(`
    {
      "kind": "untrusted",
      "message": "The commit in /w is unknown (git is not installed). Nothing was read and no key was used: a workflow on workflow_run runs with secrets, and an outsider's config could send the key elsewhere. Run the check on pull_request instead, or check out the base branch (actions/checkout without ref and repository).",
    }
  `);
});

test.each([
  ['a pull request from a fork', event('pull_request', pull(FORK)), 'no_secrets_on_fork'],
  ['a review of one', event('pull_request_review', pull(FORK)), 'no_secrets_on_fork'],
  ['a pull request whose fork is gone', event('pull_request', pull(null)), 'no_secrets_on_fork'],
  [
    'a run that Dependabot caused',
    event('pull_request', pull(OWN), 'dependabot[bot]'),
    'no_secrets_for_dependabot',
  ],
  [
    "a person's rerun on Dependabot's pull request",
    event('pull_request', pull(OWN, 'dependabot[bot]')),
    'no_secrets_for_dependabot',
  ],
  ['an own pull request', event('pull_request', pull(OWN)), null],
  ['a push', event('push'), null],
  ['a push of Dependabot', event('push', {}, 'dependabot[bot]'), null],
  ['a pull request whose event cannot be read', event('pull_request'), null],
  ['pull_request_target, which does get secrets', event('pull_request_target', pull(FORK)), null],
] as const)('is a missing key excused? %s', (_, run, excuse) => {
  expect(excuseForMissingKey(run)).toBe(excuse);
});

test.each([
  ['a branch', event('pull_request', pull(OWN)), true],
  ['a fork', event('pull_request', pull(FORK)), false],
  ['a deleted fork', event('pull_request', pull(null)), false],
  ['a fork, for its review', event('pull_request_review', pull(FORK)), false],
  ['a fork, for a comment on its review', event('pull_request_review_comment', pull(FORK)), false],
  ['an unreadable event', event('pull_request'), false],
  ['the base of a fork', event('pull_request_target', pull(FORK)), true],
  ['a run for a fork', event('workflow_run', workflowRun(FORK)), true],
  ['a push', event('push'), true],
  ['a merge queue', event('merge_group'), true],
  ['a release', event('release'), true],
  ['a deployment of a branch', event('deployment_status', { deployment: { ref: 'main' } }), true],
  ['a deployment of a commit', event('deployment_status', { deployment: { ref: HEAD } }), false],
  ['a deployment of a pull request', event('deployment', { deployment: { ref: 'refs/pull/7/head' } }), false],
  ['an unreadable deployment', event('deployment'), false],
  ['an event that is not known', event('push_of_the_future'), false],
  ['no event', event(''), false],
])('whether the workflow of %s may say where keys go: %#', (_, run, may) => {
  expect(mayWorkflowNameOrigins(run)).toBe(may);
});
