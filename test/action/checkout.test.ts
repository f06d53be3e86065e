import { realpathSync, symlinkSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { beforeEach, expect, test } from 'vitest';
import { readCheckouts } from '../../src/commands/action/checkout.ts';
import { temporaryDirectory, writeFiles } from '../support/files.ts';
import { commitFiles, git } from '../support/git.ts';

const CONFIG = '.github/gateway-rollout.yml';
let workspace: string;

beforeEach(() => {
  workspace = realpathSync(temporaryDirectory());
});

test('the commit of the workspace and of the config inside it', async () => {
  const commit = commitFiles(workspace, { [CONFIG]: 'models: [a]\n' });
  expect(await readCheckouts(workspace, path.join(workspace, CONFIG))).toEqual([
    { kind: 'commit', directory: workspace, commit, changed: [] },
    { kind: 'commit', directory: path.join(workspace, '.github'), commit, changed: [] },
  ]);
});

test('a config in another checkout inside the workspace belongs to that checkout, even through a link', async () => {
  const stranger = path.join(workspace, 'pr');
  const theirs = commitFiles(stranger, { 'rollout.yml': 'models: [a]\n' });
  const ours = commitFiles(workspace, { '.gitignore': 'pr\n' });
  expect(theirs).not.toBe(ours);
  symlinkSync(path.join(stranger, 'rollout.yml'), path.join(workspace, 'link.yml'));
  const [inWorkspace, atConfig] = await readCheckouts(workspace, path.join(workspace, 'link.yml'));
  expect(inWorkspace).toMatchObject({ commit: ours });
  expect(atConfig).toMatchObject({ directory: stranger, commit: theirs });
});

test('a config that differs from the commit is detected, unless only line ends differ', async () => {
  commitFiles(workspace, { [CONFIG]: 'models: [a]\n' });
  const config = path.join(workspace, CONFIG);
  writeFileSync(config, 'models: [a]\r\n');
  expect((await readCheckouts(workspace, config))[1]).toMatchObject({ changed: [] });
  writeFileSync(config, 'models: [b]\n');
  expect((await readCheckouts(workspace, config))[1]).toMatchObject({ changed: ['gateway-rollout.yml'] });
});

test('a config that was never committed counts as changed', async () => {
  commitFiles(workspace, { 'README.md': 'x' });
  writeFiles(workspace, { [CONFIG]: 'models: [a]\n' });
  const [, atConfig] = await readCheckouts(workspace, path.join(workspace, CONFIG));
  expect(atConfig).toMatchObject({ changed: ['gateway-rollout.yml'] });
});

test('no repository and no config is nothing; a config without a repository is unknown', async () => {
  expect(await readCheckouts(workspace, null)).toEqual([{ kind: 'nothing', directory: workspace }]);
  writeFiles(workspace, { [CONFIG]: 'models: [a]\n' });
  const [, atConfig] = await readCheckouts(workspace, path.join(workspace, CONFIG));
  expect(atConfig).toMatchObject({
    kind: 'unknown',
    why: 'gateway-rollout.yml is not part of a git repository',
  });
});

test('a repository without a commit is unknown', async () => {
  git(workspace, 'init', '--quiet');
  expect(await readCheckouts(workspace, null)).toMatchObject([
    { kind: 'unknown', why: 'git reports no commit' },
  ]);
});
