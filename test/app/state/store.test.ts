import { createHash } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { at, BRANCH, claimed, shown, start, written } from './start-store.ts';
import { firstState } from './states.ts';

describe('a rollout that begins', () => {
  it('gets its own branch, which has no history in common with the code', async () => {
    const { github, open } = await start();
    const version = await claimed(open());
    expect(github.requests().map(({ method }) => method)).toEqual(['POST', 'POST', 'POST']);
    expect(version).toMatchObject({ name: 'assistant', sequence: 1 });
    expect(await github.commits(BRANCH)).toEqual(['start']);
    expect(await github.file('README.md', BRANCH)).toMatchSnapshot('the README of the branch');
    expect(await github.file('README.md')).toBe('the team’s code');
    expect(shown(await open().read('assistant'))).toBe(1);
  });

  it('is claimed by one of several processes that try at once', async () => {
    const { open } = await start();
    const claims = await Promise.all(
      [1, 2, 3, 4].map((issue) => open().claim('assistant', at(issue), 'start')),
    );
    expect(claims.map(({ kind }) => kind).sort()).toEqual(['conflict', 'conflict', 'conflict', 'written']);
    const winner = claims.findIndex(({ kind }) => kind === 'written') + 1;
    expect(shown(await open().read('assistant'))).toBe(winner);
  });

  it('exists and is found if GitHub created it and then reported an error', async () => {
    const { github, open } = await start();
    github.fails({ kind: 'bad_gateway', when: 'after', method: 'POST', path: /\/git\/refs$/ });
    expect(await open().claim('assistant', at(1), 'start')).toEqual({ kind: 'conflict' });
    expect(shown(await open().read('assistant'))).toBe(1);
  });

  it('that may not create its branch says what prevents it', async () => {
    const { github, open } = await start();
    github.protect({ branches: 'gateway-rollout/**', types: ['creation'], bypass: [] });
    expect(await open().claim('assistant', at(1), 'start')).toMatchInlineSnapshot(`
      {
        "detail": "GitHub does not let the App write the branch gateway-rollout/assistant: Repository rule violations found: Cannot create ref due to creations being restricted. The App needs the permission "contents: write" and a bypass of the branch rules, and there must be no branch named gateway-rollout.",
        "kind": "refused",
      }
    `);
  });

  it('is missing before', async () => {
    const { open } = await start();
    expect(await open().read('assistant')).toEqual({ kind: 'missing' });
    expect(await open().list()).toEqual([]);
  });
});

describe('a state', () => {
  it('is replaced in one request, with the message as log line', async () => {
    const { github, open } = await start();
    const store = open();
    const version = await claimed(store);
    github.forgetRequests();
    const next = await written(store, version, 2);
    await written(store, next, 3);
    expect(github.requests().map(({ method }) => method)).toEqual(['PUT', 'PUT']);
    expect(await github.commits(BRANCH)).toEqual(['issue 3', 'issue 2', 'start']);
    expect(shown(await open().read('assistant'))).toBe(3);
  });

  it('is written by one of several processes in the same second; the others get a conflict at once', async () => {
    const { github, open } = await start();
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

  it('that was written without a response conflicts with itself, and is never written twice', async () => {
    const { github, open } = await start();
    const store = open();
    const version = await claimed(store);
    github.fails({ kind: 'bad_gateway', when: 'after', method: 'PUT' });
    expect(await store.write(version, at(2), 'issue 2')).toEqual({ kind: 'conflict' });
    expect(shown(await store.read('assistant'))).toBe(2);
    expect(await github.commits(BRANCH)).toEqual(['issue 2', 'start']);
  });

  it('on a branch that was deleted is not written anywhere', async () => {
    const { repository, open } = await start();
    const store = open();
    const version = await claimed(store);
    await repository.octokit.rest.git.deleteRef({ owner: 'acme', repo: 'shop', ref: `heads/${BRANCH}` });
    expect(await store.write(version, at(2), 'issue 2')).toEqual({ kind: 'conflict' });
    expect(await store.read('assistant')).toEqual({ kind: 'missing' });
  });

  it('that cannot be read back is never written', async () => {
    const { github, open } = await start();
    const store = open();
    const version = await claimed(store);
    await expect(store.write(version, at(0.5), 'half')).rejects.toThrow(
      'was not written, because it could not be read back',
    );
    expect(await github.commits(BRANCH)).toEqual(['start']);
  });

  it('larger than a megabyte is read whole', async () => {
    const { repository, open } = await start();
    // So GitHub answers: the content of a large file has to be asked for by its blob.
    repository.octokit.hook.after('request', ({ data }) => {
      if (data.type === 'file' && data.size > 1_048_576)
        Object.assign(data, { content: '', encoding: 'none' });
    });
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

  it("is read even if a tag has the branch's name", async () => {
    const { repository, open } = await start();
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
    const { github, open } = await start();
    const store = open();
    await claimed(store);
    await store.read('assistant');
    github.forgetRequests();
    expect(shown(await store.read('assistant'))).toBe(1);
    expect(github.requests().map(({ status }) => status)).toEqual([304]);
  });

  it('are one for all rollouts together, and none for each unchanged one', async () => {
    const { github, open } = await start();
    const store = open();
    const version = await claimed(store);
    await store.claim('search', firstState('search'), 'start');
    await written(store, version, 2);
    github.forgetRequests();
    const list = await store.list();
    expect(list.map(({ name }) => name)).toEqual(['assistant', 'search']);
    for (const { name, commit } of list)
      expect(await store.read(name, { commit })).toMatchObject({ kind: 'state' });
    expect(github.requests()).toHaveLength(1);
    await store.list();
    expect(github.requests().at(-1)?.status).toBe(304);
  });

  it('are one for each state that a replica does not know yet', async () => {
    const { github, open } = await start();
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
