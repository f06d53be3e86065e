import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import type { Repository } from '../../../app/repository.ts';
import { rulesOf } from '../../../app/state/ruleset.ts';
import type { StateRead } from '../../../app/state/store.ts';
import { blocksOf, readDocument } from '../../support/documents.ts';
import { BRANCH, claimed, shown, start, written } from './start-store.ts';
import { firstState } from './states.ts';

const reasonOf = (read: StateRead) => (read.kind === 'invalid' ? read.reason : read.kind);

/** Puts the branch back to an earlier commit, as a push with force does. */
async function rewind({ octokit }: Repository, commits: number): Promise<void> {
  const where = { owner: 'acme', repo: 'shop' };
  const { data } = await octokit.rest.repos.listCommits({ ...where, sha: BRANCH });
  const sha = data[commits]?.sha ?? '';
  await octokit.rest.git.updateRef({ ...where, ref: `heads/${BRANCH}`, sha, force: true });
}

describe('a state that is not trusted', () => {
  it('is one that somebody edited', async () => {
    const { github, open } = await start();
    await claimed(open());
    const text = (await github.file('state.json', BRANCH)) ?? '';
    await github.pushes({ 'state.json': text.replace('"issue": 1', '"issue": 7') }, { branch: BRANCH });
    const read = await open().read('assistant');
    expect(read).toMatchInlineSnapshot(`
      {
        "detail": "The state on gateway-rollout/assistant was changed by somebody else: its signature is not valid. Restore the App's newest commit on gateway-rollout/assistant, or delete the branch and start the rollout again.",
        "kind": "invalid",
        "reason": "not_verified",
      }
    `);
    await github.pushes({ 'state.json': text }, { branch: BRANCH });
    expect(shown(await open().read('assistant'))).toBe(1);
  });

  it('is one that was copied from another rollout', async () => {
    const { github, open } = await start();
    await claimed(open());
    await open().claim('search', firstState('search'), 'start');
    const text = (await github.file('state.json', BRANCH)) ?? '';
    await github.pushes({ 'state.json': text }, { branch: 'gateway-rollout/search' });
    expect(reasonOf(await open().read('search'))).toBe('not_verified');
  });

  it('is an older one, put back by a push with force', async () => {
    const { open, repository } = await start();
    const store = open();
    await written(store, await written(store, await claimed(store), 2), 3);
    await rewind(repository, 1);
    expect(await store.read('assistant')).toMatchInlineSnapshot(`
      {
        "detail": "The state on gateway-rollout/assistant was put back: it is number 2, but number 3 was seen before. Restore the App's newest commit, or delete the branch and start the rollout again.",
        "kind": "invalid",
        "reason": "rewound",
      }
    `);
    const [{ commit = '' } = {}] = await store.list();
    expect(reasonOf(await store.read('assistant', { commit }))).toBe('rewound');
  });

  it('is an older one, put back by a new commit', async () => {
    const { github, open } = await start();
    const store = open();
    const version = await claimed(store);
    const text = (await github.file('state.json', BRANCH)) ?? '';
    await written(store, version, 2);
    await github.pushes({ 'state.json': text }, { branch: BRANCH });
    expect(reasonOf(await store.read('assistant'))).toBe('rewound');
  });

  it('is an older one for a new process, when the issue shows a later number', async () => {
    const { open, repository } = await start();
    const store = open();
    const version = await written(store, await claimed(store), 2);
    const onIssue = store.seal(version);
    await rewind(repository, 1);
    const fresh = open();
    const shownThere = fresh.shownState('assistant', onIssue);
    expect(reasonOf(await fresh.read('assistant', shownThere === null ? {} : { shown: shownThere }))).toBe(
      'rewound',
    );
    expect(fresh.shownState('assistant', onIssue.replace('2', '9'))).toBeNull();
  });

  it('is one that continues from an older one: the history forked', async () => {
    const { open, repository } = await start();
    const store = open();
    const version = await claimed(store);
    await written(store, version, 2);
    await rewind(repository, 1);
    await written(open(), version, 3);
    expect(await store.read('assistant')).toMatchObject({
      reason: 'rewound',
      detail: expect.stringContaining(
        'is number 2 of a different history than number 2, which was seen before',
      ),
    });
  });

  it('is not one that GitHub is merely slow to show', async () => {
    const { open } = await start();
    const store = open();
    const version = await claimed(store);
    const [{ commit = '' } = {}] = await store.list();
    await written(store, version, 2);
    expect(shown(await store.read('assistant', { commit }))).toBe(2);
  });

  it('is not the first one of a restarted rollout with the same name', async () => {
    const { repository, open } = await start();
    const store = open();
    await written(store, await claimed(store), 2);
    await repository.octokit.rest.git.deleteRef({ owner: 'acme', repo: 'shop', ref: `heads/${BRANCH}` });
    await claimed(store);
    expect(shown(await store.read('assistant'))).toBe(1);
  });
});

const rulesetSchema = z.object({
  enforcement: z.literal('active'),
  conditions: z.object({ ref_name: z.object({ include: z.array(z.string()) }) }),
  rules: z.array(z.object({ type: z.enum(['creation', 'update', 'deletion']) })),
});

describe('the ruleset that the README shows', () => {
  it('lets only the App write the states; the App sees whether there is one', async () => {
    const { github, repository, open } = await start();
    expect(await rulesOf(repository, 'assistant')).toEqual({
      holds: false,
      missing: ['creation', 'update', 'deletion'],
    });
    const ruleset = rulesetSchema.parse(JSON.parse(blocksOf(readDocument('app/README.md'), 'json').join()));
    const [include = ''] = ruleset.conditions.ref_name.include;
    github.protect({
      branches: include.replace('refs/heads/', ''),
      types: ruleset.rules.map(({ type }) => type),
      bypass: [github.app.slug],
    });
    expect(await rulesOf(repository, 'assistant')).toEqual({ holds: true, missing: [] });
    const store = open(null);
    await written(store, await claimed(store), 2);
    await expect(github.pushes({ 'state.json': '{}' }, { branch: BRANCH })).rejects.toThrow(
      'rule violations',
    );
    expect(shown(await open(null).read('assistant'))).toBe(2);
  });
});
