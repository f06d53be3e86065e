import { createHash } from 'node:crypto';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Repository } from '../../../app/repository.ts';
import {
  rulesetFor,
  rulesOf,
  StateMemory,
  type StateRead,
  StateStore,
  type StateVersion,
} from '../../../app/state.ts';
import type { RolloutState } from '../../../src/rollout/state.ts';
import { type Github, startGithub } from '../../support/github/github.ts';
import { openRepository } from '../open-repository.ts';
import { firstState } from './states.ts';

const KEY = 'k'.repeat(32);
const BRANCH = 'gateway-rollout/assistant';
const STARTED = Date.parse('2026-11-22T12:00:00Z');

let github: Github;
let repository: Repository;
beforeEach(async () => {
  github = await startGithub();
  await github.pushes({ 'README.md': 'the team’s code' });
  repository = await openRepository(github);
  github.forgetRequests();
});
afterEach(() => github.close());

/** A new memory is another replica, or one that was started anew. */
function open(memory = new StateMemory(), keys: readonly string[] | null = [KEY]): StateStore {
  return new StateStore({ repository, keys, memory, now: () => STARTED, settling: 5 });
}

const at = (issue: number): RolloutState => ({ ...firstState(), issue });

async function claimed(store: StateStore): Promise<StateVersion> {
  const claim = await store.claim('assistant', at(1), 'start');
  if (claim.kind !== 'claimed') throw new Error(claim.kind);
  return claim.version;
}

async function written(store: StateStore, version: StateVersion, issue: number): Promise<StateVersion> {
  const write = await store.write(version, at(issue), `issue ${issue}`);
  if (write.kind !== 'written') throw new Error(write.kind);
  return write.version;
}

const shown = (read: StateRead) => (read.kind === 'state' ? read.state.issue : read);
const reasonOf = (read: StateRead) => (read.kind === 'invalid' ? read.reason : read.kind);

/** Puts the branch back to an earlier commit, as a push with force does. */
async function rewind(commits: number): Promise<void> {
  const where = { owner: 'acme', repo: 'shop' };
  const { data } = await repository.octokit.rest.repos.listCommits({ ...where, sha: BRANCH });
  const sha = data[commits]?.sha ?? '';
  await repository.octokit.rest.git.updateRef({ ...where, ref: `heads/${BRANCH}`, sha, force: true });
}

describe('a rollout that begins', () => {
  it('stands on a branch of its own that shares nothing with the code', async () => {
    const version = await claimed(open());
    expect(github.requests().map(({ method }) => method)).toEqual(['POST', 'POST', 'POST']);
    expect(version).toMatchObject({ name: 'assistant', sequence: 1 });
    expect(await github.commits(BRANCH)).toEqual(['start']);
    expect(await github.file('README.md', BRANCH)).toMatchSnapshot('the README of the branch');
    expect(await github.file('README.md')).toBe('the team’s code');
    expect(shown(await open().read('assistant'))).toBe(1);
  });

  it('is claimed by one of many who try in the same moment', async () => {
    const claims = await Promise.all(
      [1, 2, 3, 4].map((issue) => open().claim('assistant', at(issue), 'start')),
    );
    expect(claims.map(({ kind }) => kind).sort()).toEqual(['claimed', 'exists', 'exists', 'exists']);
    const winner = claims.findIndex(({ kind }) => kind === 'claimed') + 1;
    expect(shown(await open().read('assistant'))).toBe(winner);
  });

  it('that GitHub answered with an error after it was created exists, and is found', async () => {
    github.fails({ kind: 'bad_gateway', when: 'after', method: 'POST', path: /\/git\/refs$/ });
    expect(await open().claim('assistant', at(1), 'start')).toEqual({ kind: 'exists' });
    expect(shown(await open().read('assistant'))).toBe(1);
  });

  it('that may not create its branch says what stands in the way', async () => {
    github.protect({ branches: 'gateway-rollout/**', types: ['creation'], bypass: [] });
    expect(await open().claim('assistant', at(1), 'start')).toMatchInlineSnapshot(`
      {
        "detail": "GitHub does not let the App write the branch gateway-rollout/assistant: Repository rule violations found: Cannot create ref due to creations being restricted. Expected the permission "contents: write", no branch named gateway-rollout, and rules that let the App pass.",
        "kind": "refused",
      }
    `);
  });

  it('is missing before', async () => {
    expect(await open().read('assistant')).toEqual({ kind: 'missing' });
    expect(await open().list()).toEqual([]);
  });
});

describe('a state', () => {
  it('is replaced in one request, with the message as log line', async () => {
    const store = open();
    const version = await claimed(store);
    github.forgetRequests();
    const next = await written(store, version, 2);
    await written(store, next, 3);
    expect(github.requests().map(({ method }) => method)).toEqual(['PUT', 'PUT']);
    expect(await github.commits(BRANCH)).toEqual(['issue 3', 'issue 2', 'start']);
    expect(shown(await open().read('assistant'))).toBe(3);
  });

  it('is written by one of many in the same second; the others see a conflict at once', async () => {
    const version = await claimed(open());
    github.forgetRequests();
    const writes = await Promise.all(
      [2, 3, 4, 5].map((issue) => open().write(version, at(issue), `issue ${issue}`)),
    );
    expect(github.requests()).toHaveLength(4);
    expect(writes.map(({ kind }) => kind).sort()).toEqual(['conflict', 'conflict', 'conflict', 'written']);
    const winner = writes.findIndex(({ kind }) => kind === 'written') + 2;
    expect(await github.commits(BRANCH)).toEqual([`issue ${winner}`, 'start']);
  });

  it('that was written though the answer was lost is a conflict with itself, never written twice', async () => {
    const store = open();
    const version = await claimed(store);
    github.fails({ kind: 'bad_gateway', when: 'after', method: 'PUT' });
    expect(await store.write(version, at(2), 'issue 2')).toEqual({ kind: 'conflict' });
    expect(shown(await store.read('assistant'))).toBe(2);
    expect(await github.commits(BRANCH)).toEqual(['issue 2', 'start']);
  });

  it('on a branch that was deleted is not written anywhere', async () => {
    const store = open();
    const version = await claimed(store);
    await repository.octokit.rest.git.deleteRef({ owner: 'acme', repo: 'shop', ref: `heads/${BRANCH}` });
    expect(await store.write(version, at(2), 'issue 2')).toEqual({ kind: 'conflict' });
    expect(await store.read('assistant')).toEqual({ kind: 'missing' });
  });

  it('that could not be read again is never written', async () => {
    const store = open();
    const version = await claimed(store);
    await expect(store.write(version, at(0.5), 'half')).rejects.toThrow(
      'could not be read again, and was not written',
    );
    expect(await github.commits(BRANCH)).toEqual(['start']);
  });

  it('larger than a megabyte is read whole', async () => {
    const store = open();
    const version = await claimed(store);
    const text = Array.from({ length: 18_000 }, (_, line) =>
      createHash('sha256').update(`${line}`).digest('hex'),
    );
    const state = at(2);
    const large = { ...state, config: { ...state.config, text: text.join('\n') } };
    expect(await store.write(version, large, 'large')).toMatchObject({ kind: 'written' });
    expect(await open().read('assistant')).toMatchObject({ kind: 'state', state: { config: large.config } });
  });

  it('is read with a tag of the same name about', async () => {
    const store = open();
    const version = await claimed(store);
    const { data } = await repository.octokit.rest.git.getRef({
      owner: 'acme',
      repo: 'shop',
      ref: `heads/${BRANCH}`,
    });
    const tag = { owner: 'acme', repo: 'shop', ref: `refs/tags/${BRANCH}`, sha: data.object.sha };
    await repository.octokit.rest.git.createRef(tag);
    await written(store, version, 2);
    expect(shown(await open().read('assistant'))).toBe(2);
  });
});

describe('requests', () => {
  it('of a read that changed nothing cost none of the hourly limit', async () => {
    const store = open();
    await claimed(store);
    await store.read('assistant');
    github.forgetRequests();
    expect(shown(await store.read('assistant'))).toBe(1);
    expect(github.requests().map(({ status }) => status)).toEqual([304]);
  });

  it('of all rollouts together are one, and none more for those that stand where they were', async () => {
    const memory = new StateMemory();
    const store = open(memory);
    const version = await claimed(store);
    await store.claim('search', firstState('search'), 'start');
    await written(store, version, 2);
    github.forgetRequests();
    const list = await store.list();
    expect(list.map(({ name }) => name)).toEqual(['assistant', 'search']);
    for (const { name, commit } of list)
      expect(await store.read(name, { commit })).toMatchObject({ kind: 'state' });
    expect(github.requests()).toHaveLength(1);
    await open(memory).list();
    expect(github.requests().at(-1)?.status).toBe(304);
  });

  it('of another replica are one for what it does not know yet', async () => {
    const version = await claimed(open());
    const other = open();
    const [first] = await other.list();
    await other.read('assistant', first);
    github.forgetRequests();
    await other.read('assistant', first);
    expect(github.requests()).toEqual([]);
    await written(open(), version, 2);
    const [second] = await other.list();
    github.forgetRequests();
    expect(shown(await other.read('assistant', second))).toBe(2);
    expect(github.requests()).toHaveLength(1);
  });
});

describe('a state that is not to be believed', () => {
  it('is one that somebody edited', async () => {
    await claimed(open());
    const text = (await github.file('state.json', BRANCH)) ?? '';
    await github.pushes({ 'state.json': text.replace('"issue": 1', '"issue": 7') }, { branch: BRANCH });
    const read = await open().read('assistant');
    expect(read).toMatchInlineSnapshot(`
      {
        "detail": "The state on gateway-rollout/assistant was changed by somebody else: its signature does not fit. Restore the App's newest commit on gateway-rollout/assistant, or delete the branch and start the rollout anew.",
        "kind": "invalid",
        "reason": "not_verified",
      }
    `);
    await github.pushes({ 'state.json': text }, { branch: BRANCH });
    expect(shown(await open().read('assistant'))).toBe(1);
  });

  it('is one that was copied from another rollout', async () => {
    await claimed(open());
    await open().claim('search', firstState('search'), 'start');
    const text = (await github.file('state.json', BRANCH)) ?? '';
    await github.pushes({ 'state.json': text }, { branch: 'gateway-rollout/search' });
    expect(reasonOf(await open().read('search'))).toBe('not_verified');
  });

  it('is an older one, put back by a push with force', async () => {
    const store = open();
    await written(store, await written(store, await claimed(store), 2), 3);
    await rewind(1);
    expect(await store.read('assistant')).toMatchInlineSnapshot(`
      {
        "detail": "The state on gateway-rollout/assistant was put back: it is number 2, and number 3 was seen before. Restore the App's newest commit, or delete the branch and start the rollout anew.",
        "kind": "invalid",
        "reason": "rewound",
      }
    `);
    const [{ commit = '' } = {}] = await store.list();
    expect(reasonOf(await store.read('assistant', { commit }))).toBe('rewound');
  });

  it('is an older one, put back by a new commit', async () => {
    const store = open();
    const version = await claimed(store);
    const text = (await github.file('state.json', BRANCH)) ?? '';
    await written(store, version, 2);
    await github.pushes({ 'state.json': text }, { branch: BRANCH });
    expect(reasonOf(await store.read('assistant'))).toBe('rewound');
  });

  it('is an older one for a process that was started anew, when the issue shows a later number', async () => {
    const store = open();
    const version = await written(store, await claimed(store), 2);
    const onIssue = store.seal(version);
    await rewind(1);
    const fresh = open();
    const shownThere = fresh.shownSequence('assistant', onIssue) ?? 0;
    expect(reasonOf(await fresh.read('assistant', { shown: shownThere }))).toBe('rewound');
    expect(fresh.shownSequence('assistant', onIssue.replace('2', '9'))).toBeNull();
  });

  it('is one that goes on from an older one: the history forked', async () => {
    const store = open();
    const version = await claimed(store);
    await written(store, version, 2);
    await rewind(1);
    await written(open(), version, 3);
    expect(await store.read('assistant')).toMatchObject({
      reason: 'rewound',
      detail: expect.stringContaining(
        'is number 2 of another history than the one whose number 2 was seen before',
      ),
    });
  });

  it('is not one that GitHub is merely slow to show', async () => {
    const store = open();
    const version = await claimed(store);
    const [{ commit = '' } = {}] = await store.list();
    await written(store, version, 2);
    expect(shown(await store.read('assistant', { commit }))).toBe(2);
  });

  it('is none of a rollout that was forgotten and begins anew under the same name', async () => {
    const store = open();
    await written(store, await claimed(store), 2);
    await repository.octokit.rest.git.deleteRef({ owner: 'acme', repo: 'shop', ref: `heads/${BRANCH}` });
    await claimed(store);
    expect(shown(await store.read('assistant'))).toBe(1);
  });
});

describe('the ruleset', () => {
  it('lets only the App write the states; the App sees whether it is there', async () => {
    expect(await rulesOf(repository, 'assistant')).toEqual({
      holds: false,
      missing: ['creation', 'update', 'deletion'],
    });
    const ruleset = rulesetFor(github.app.appId);
    const [include] = ruleset.conditions.ref_name.include;
    github.protect({
      branches: include.replace('refs/heads/', ''),
      types: ruleset.rules.map(({ type }) => type),
      bypass: [github.app.slug],
    });
    expect(await rulesOf(repository, 'assistant')).toEqual({ holds: true, missing: [] });
    const store = open(new StateMemory(), null);
    await written(store, await claimed(store), 2);
    await expect(github.pushes({ 'state.json': '{}' }, { branch: BRANCH })).rejects.toThrow(
      'rule violations',
    );
    expect(shown(await open(new StateMemory(), null).read('assistant'))).toBe(2);
  });
});
