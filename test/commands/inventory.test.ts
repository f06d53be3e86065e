import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Writable } from 'node:stream';
import { describe, expect, it } from 'vitest';
import { type InventoryCommandOptions, runInventoryCommand } from '../../src/commands/inventory.ts';
import { tree, writeFiles } from '../support/files.ts';
import { git, repository } from '../support/git.ts';

const URL_LINE = 'OPENAI_BASE_URL=https://api.openai.com/v1\n';

async function run(options: Partial<InventoryCommandOptions>) {
  let stdout = '';
  let stderr = '';
  let live = '';
  const code = await runInventoryCommand(
    { version: '1.0.0', ...options },
    {
      stdout: (text) => {
        stdout += text;
      },
      stderr: (text) => {
        stderr += text;
      },
      color: false,
      columns: 80,
      live: new Writable({
        write: (chunk, _encoding, done) => {
          live += String(chunk);
          done();
        },
      }),
    },
  );
  return { code, stdout, stderr, live };
}

describe('gateway-rollout inventory', () => {
  it('prints the JSON of the documentation', async () => {
    const root = repository({ 'a.sh': URL_LINE });
    const { code, stdout, stderr } = await run({ path: root, json: true });
    expect(code).toBe(0);
    expect(stderr).toBe('');
    expect({ ...JSON.parse(stdout), root: '.' }).toMatchSnapshot();
  });

  it('exits with 0 by default, and with 1 for hard-coded sites on request', async () => {
    const bad = repository({ 'a.sh': URL_LINE });
    const good = repository({ 'a.sh': 'echo "$OPENAI_BASE_URL"\n', 'README.md': URL_LINE });
    expect((await run({ path: bad })).code).toBe(0);
    expect((await run({ path: bad, failOn: 'hard-coded' })).code).toBe(1);
    expect((await run({ path: good, failOn: 'hard-coded' })).code).toBe(0);
  });

  it('reports only changed lines, and fails only for them', async () => {
    const root = repository({ 'a.sh': URL_LINE });
    git(root, 'checkout', '--quiet', '-b', 'work');
    writeFiles(root, { 'b.sh': 'echo\n' });
    expect((await run({ path: root, changedSince: 'main', failOn: 'hard-coded' })).code).toBe(0);
    writeFiles(root, { 'b.sh': `echo\n${URL_LINE}` });
    const { code, stdout } = await run({
      path: root,
      changedSince: 'main',
      failOn: 'hard-coded',
      json: true,
    });
    expect(code).toBe(1);
    const told = JSON.parse(stdout);
    expect(told.changedSince).toBe('main');
    expect(told.sites.map(({ file, line }: { file: string; line: number }) => `${file}:${line}`)).toEqual([
      'b.sh:2',
    ]);
    expect(told.readiness.scattered).toBe(2);
  });

  it('writes SARIF of the whole repository', async () => {
    const root = repository({ 'a.sh': URL_LINE });
    const out = tree({});
    const { code } = await run({ path: root, sarif: join(out, 'log.sarif'), changedSince: 'HEAD' });
    expect(code).toBe(0);
    expect(JSON.parse(readFileSync(join(out, 'log.sarif'), 'utf8')).runs[0].results).toHaveLength(1);
  });

  it('suggests fixes on request', async () => {
    const root = repository({ 'a.sh': URL_LINE });
    expect((await run({ path: root })).stdout).not.toContain('→');
    expect((await run({ path: root, suggest: true })).stdout).toMatch(/→ .*OPENAI_BASE_URL:-https/);
    const { stdout } = await run({ path: root, suggest: true, json: true });
    expect(JSON.parse(stdout).sites[0].suggestion).toContain('OPENAI_BASE_URL');
  });

  it('shows no progress line for a tree that is read at once', async () => {
    expect((await run({ path: repository({ 'a.sh': URL_LINE }) })).live).toBe('');
  });

  it.each([
    [{ failOn: 'anything' }, /^error: --fail-on anything is not supported\. Use --fail-on hard-coded\.\n$/],
    [
      { path: '/nowhere/at/all' },
      /^error: Directory "\/nowhere\/at\/all" does not exist\. Pass the path of the repository to read\.\n$/,
    ],
    [
      { changedSince: 'nowhere' },
      /^error: Cannot list the lines changed since "nowhere": .*fetch-depth: 0\.\n$/,
    ],
    [
      { sarif: '/nowhere/at/all.sarif' },
      /^error: Can't write the SARIF file to \/nowhere\/at\/all\.sarif: .*\n$/,
    ],
  ])('refuses %j with one clear message', async (options, message) => {
    const { code, stdout, stderr } = await run({ path: repository({ 'a.sh': URL_LINE }), ...options });
    expect(code).toBe(2);
    expect(stdout).toBe('');
    expect(stderr).toMatch(message);
  });
});
