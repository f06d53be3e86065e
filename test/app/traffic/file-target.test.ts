import { describe, expect, it } from 'vitest';
import type { Target } from '../../../src/config/schema/traffic.ts';
import { CHANGE, FLAGS, SHARES, start, ZERO } from './start-target.ts';

const FILE: Target = {
  kind: 'file',
  deployed_by: 'workflow',
  path: 'deploy/flags.json',
  branch: null,
  set: [
    { pointer: '/gateway', value: 'share', slice: null },
    { pointer: '/official', value: 'rest', slice: null },
    { pointer: '/fast', value: 'fraction', slice: 'fast' },
  ],
};

describe('a file', () => {
  it('gets the shares in one commit whose message names them', async () => {
    const { github, open, asked } = await start();
    const target = open(FILE);
    expect(await target.write(SHARES, CHANGE)).toEqual({ kind: 'done', verified: true });
    expect(asked()).toEqual(['GET', 'PUT']);
    expect(await github.file('deploy/flags.json')).toBe(
      '{\n  "gateway": 5, // percent\n  "official": 95,\n  "fast": 0.25\n}\n',
    );
    expect((await github.commits('main'))[0]).toBe(
      'assistant: 5%, fast 25% on the gateway\n\nRollout-Stage: 5%\nRollout-Generation: 7\n',
    );
    expect(await target.read(SHARES, CHANGE)).toEqual({ kind: 'holds' });
    await target.write({ everything: 0, slices: { shadow: 20 } }, CHANGE);
    expect((await github.commits('main'))[0]).toMatch(/^assistant: 0% on the gateway, and copies of 20%\n/);
  });

  it('changes nothing more after a crash between the write and its record', async () => {
    const { github, open } = await start();
    await open(FILE).write(SHARES, CHANGE);
    const before = await github.commits('main');
    expect(await open(FILE).write(SHARES, CHANGE)).toEqual({ kind: 'done', verified: true });
    expect(await github.commits('main')).toEqual(before);
  });

  it("is not written twice when GitHub's response was lost", async () => {
    const { github, open } = await start();
    const before = await github.commits('main');
    github.fails({ kind: 'bad_gateway', when: 'after', method: 'PUT' });
    expect(await open(FILE).write(SHARES, CHANGE)).toEqual({ kind: 'done', verified: true });
    expect(await github.commits('main')).toHaveLength(before.length + 1);
  });

  it('is written after a conflict, and keeps the other change', async () => {
    const { github, repository, open } = await start();
    const target = open(FILE);
    expect(await target.read(ZERO, CHANGE)).toEqual({ kind: 'holds' });
    let isFirst = true;
    repository.octokit.hook.before('request', async ({ method }) => {
      if (method !== 'PUT' || !isFirst) return;
      isFirst = false;
      await github.pushes({ 'deploy/flags.json': FLAGS.replace('// percent', '// of tasks') });
    });
    expect(await target.write(SHARES, CHANGE)).toEqual({ kind: 'done', verified: true });
    expect(await github.file('deploy/flags.json')).toBe(
      '{\n  "gateway": 5, // of tasks\n  "official": 95,\n  "fast": 0.25\n}\n',
    );
  });

  it('is retried later after repeated conflicts', async () => {
    const { github, repository, failureOf } = await start();
    let pushes = 0;
    repository.octokit.hook.before('request', async ({ method }) => {
      if (method !== 'PUT') return;
      pushes += 1;
      await github.pushes({ 'deploy/flags.json': FLAGS.replace('percent', `percent, edit ${pushes}`) });
    });
    expect(await failureOf(FILE)).toBe(
      'for now: Others changed deploy/flags.json several times while the App was writing it.',
    );
    expect(await github.file('deploy/flags.json')).toContain('edit 5');
  });

  it('is tested for write access without a change to its content', async () => {
    const { github, open } = await start();
    await github.pushes({ 'deploy/flags.json': FLAGS.replace('100', '93.0') });
    const before = await github.file('deploy/flags.json');
    expect(await open(FILE).write(ZERO, { ...CHANGE, purpose: 'probe' })).toMatchObject({ kind: 'done' });
    expect(await github.file('deploy/flags.json')).toBe(before);
    expect((await github.commits('main'))[0]).toContain(
      'assistant: test of write access (nothing is changed)',
    );
  });

  it('on its own branch leaves the default branch alone', async () => {
    const { github, open } = await start();
    await github.pushes({ 'flags.yaml': 'share: "0%"\n' }, { branch: 'flags' });
    const own: Target = {
      kind: 'file',
      deployed_by: 'workflow',
      path: 'flags.yaml',
      branch: 'flags',
      set: [{ pointer: 'share', value: 'share', slice: null }],
    };
    const before = await github.commits('main');
    expect(await open(own).write(SHARES, CHANGE)).toEqual({ kind: 'done', verified: true });
    expect(await github.file('flags.yaml', 'flags')).toBe('share: "5%"\n');
    expect(await github.commits('main')).toEqual(before);
  });

  it('that somebody edited has drifted; the details name both values', async () => {
    const { github, open } = await start();
    const target = open(FILE);
    expect(await target.read(SHARES, CHANGE)).toEqual({
      kind: 'drifted',
      found: '/gateway is 0, expected 5; /official is 100, expected 95; /fast is 0, expected 0.25',
    });
    await github.pushes({ 'deploy/flags.json': null });
    expect(await target.read(SHARES, CHANGE)).toEqual({ kind: 'drifted', found: 'no such file' });
    await github.pushes({ 'deploy/flags.json': '{"gateway": 5}' });
    expect(await target.read(SHARES, CHANGE)).toMatchObject({
      found: expect.stringContaining('/official does not exist'),
    });
  });

  it('has not drifted when GitHub is merely slow to show what was written', async () => {
    const { repository, open } = await start();
    const target = open(FILE);
    await target.write(SHARES, CHANGE);
    const stale = {
      sha: 'old',
      type: 'file',
      encoding: 'base64',
      content: Buffer.from(FLAGS).toString('base64'),
    };
    let isFirst = true;
    repository.octokit.hook.after('request', (response) => {
      if (isFirst)
        Object.assign(response, { data: { ...response.data, ...stale }, headers: { etag: '"old"' } });
      isFirst = false;
    });
    expect(await target.read(SHARES, CHANGE)).toEqual({ kind: 'holds' });
  });

  it('costs one request per read, and none of the limit if nothing changed', async () => {
    const { github, open } = await start();
    const target = open(FILE);
    await target.read(ZERO, CHANGE);
    github.forgetRequests();
    expect(await target.read(ZERO, CHANGE)).toEqual({ kind: 'holds' });
    expect(github.requests().map(({ method, status }) => [method, status])).toEqual([['GET', 304]]);
  });

  it.each([
    [{ path: 'deploy/flag.json' }, 'there is no such file'],
    [{ path: 'deploy' }, 'there is a folder'],
    [{ branch: 'flags' }, 'deploy/flags.json on the branch flags cannot be written: there is no such file'],
    [{ set: [{ pointer: '/none', value: 'share', slice: null }] }, '/none does not exist'],
  ] as const)('says what is wrong with %j, once and for all', async (wrong, words) => {
    const { failureOf } = await start();
    const failure = await failureOf({ ...FILE, ...wrong });
    expect(failure).toMatch(/^final: /);
    expect(failure).toContain(words);
  });

  it('on a protected branch fails permanently, and names the two ways out', async () => {
    const { github, failureOf } = await start();
    github.protect({ branches: 'main', types: ['pull_request'], bypass: [] });
    expect(await failureOf(FILE)).toMatchInlineSnapshot(
      `"final: The branch main is protected, so the App cannot write deploy/flags.json: Repository rule violations found: Changes must be made through a pull request. Let the App bypass that rule, or keep the file on an unprotected branch and name it in \`branch:\` of the target."`,
    );
    expect(await github.file('deploy/flags.json')).toBe(FLAGS);
  });

  it('without the permission fails permanently, and names it', async () => {
    const { failureOf } = await start({ permissions: { metadata: 'read', contents: 'read' } });
    expect(await failureOf(FILE)).toMatchInlineSnapshot(
      `"final: GitHub does not let the App write deploy/flags.json: Resource not accessible by integration. Grant it the permission "contents: write"."`,
    );
  });

  it('is retried later while GitHub has an outage', async () => {
    const { github, failureOf } = await start();
    github.fails({ kind: 'bad_gateway', method: 'GET', times: 10 });
    expect(await failureOf(FILE)).toMatchInlineSnapshot(
      `"for now: GitHub could not write the file deploy/flags.json: Server Error. The App tries again."`,
    );
  });

  it('is retried later after a rate limit', async () => {
    const { github, failureOf } = await start();
    github.fails({ kind: 'secondary_rate_limit', method: 'PUT', times: 10 });
    expect(await failureOf(FILE)).toMatch(/^for now: .*secondary rate limit/);
  });
});
