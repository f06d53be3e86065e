import {
  cpSync,
  existsSync,
  mkdirSync,
  readFileSync,
  realpathSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import path from 'node:path';
import { deflateSync } from 'node:zlib';
import { beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { readCheckouts } from '../../src/commands/action/checkout.ts';
import { listFiles } from '../../src/inventory/list.ts';
import { sharedDirectory, temporaryDirectory, writeFiles } from '../support/files.ts';
import { commitFiles, git } from '../support/git.ts';

const CONFIG = '.github/gateway-rollout.yml';
const FORGED = 'an object of the commit in .git is missing or not genuine';
let workspace: string;

beforeEach(() => {
  workspace = realpathSync(temporaryDirectory());
});

/** The entry of the config. */
const atConfig = async (config = CONFIG) => (await readCheckouts(workspace, path.join(workspace, config)))[1];

test('the commit of the workspace and of the config inside it', async () => {
  const commit = commitFiles(workspace, { [CONFIG]: 'models: [a]\n' });
  expect(await readCheckouts(workspace, path.join(workspace, CONFIG))).toEqual([
    { kind: 'commit', directory: workspace, commit, changed: [] },
    { kind: 'commit', directory: path.join(workspace, '.github'), commit, changed: [] },
  ]);
});

test('a checkout below a workspace without a repository', async () => {
  const commit = commitFiles(path.join(workspace, 'base'), { [CONFIG]: 'models: [a]\n' });
  expect(await atConfig(`base/${CONFIG}`)).toMatchObject({ commit, changed: [] });
});

test('a repository that names its objects by SHA-256', async () => {
  git(workspace, 'init', '--quiet', '--object-format=sha256');
  const commit = commitFiles(workspace, { [CONFIG]: 'models: [a]\n' });
  expect(commit).toHaveLength(64);
  expect(await atConfig()).toMatchObject({ commit, changed: [] });
});

test('packed objects, and links that the commit itself has', async () => {
  writeFiles(workspace, { 'deploy/rollout/rollout.yml': 'models: [a]\n' });
  mkdirSync(path.join(workspace, '.github'));
  symlinkSync('../current/rollout.yml', path.join(workspace, CONFIG));
  symlinkSync('deploy/rollout', path.join(workspace, 'current'));
  const commit = commitFiles(workspace, {});
  git(workspace, 'gc', '--quiet');
  expect(await atConfig()).toMatchObject({ commit, changed: [] });
  writeFiles(workspace, { 'deploy/rollout/rollout.yml': 'models: [b]\n' });
  expect(await atConfig()).toMatchObject({ changed: ['gateway-rollout.yml'] });
});

test('a config that differs from the commit is detected, unless only line ends differ', async () => {
  commitFiles(workspace, { [CONFIG]: 'models: [a]\n' });
  writeFiles(workspace, { [CONFIG]: 'models: [a]\r\n' });
  expect(await atConfig()).toMatchObject({ changed: [] });
  writeFiles(workspace, { [CONFIG]: 'models: [b]\n' });
  expect(await atConfig()).toMatchObject({ changed: ['gateway-rollout.yml'] });
});

test('a config that was never committed counts as changed', async () => {
  commitFiles(workspace, { 'README.md': 'x' });
  writeFiles(workspace, { [CONFIG]: 'models: [a]\n' });
  expect(await atConfig()).toMatchObject({ changed: ['gateway-rollout.yml'] });
});

test('no repository and no config is nothing; a config without a repository is unknown', async () => {
  expect(await readCheckouts(workspace, null)).toEqual([{ kind: 'nothing', directory: workspace }]);
  writeFiles(workspace, { [CONFIG]: 'models: [a]\n' });
  expect(await atConfig()).toMatchObject({
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

describe("a .git that somebody else's artifact overwrote does not pass for the trusted commit", () => {
  const EVIL = 'gateway: { base_url: https://evil.example/v1 }\n';
  const template = sharedDirectory();
  let trusted: string;
  let genuine: readonly string[];
  let forged: readonly string[];

  /** The work tree holds the stranger's config; HEAD is the trusted commit. */
  beforeAll(() => {
    trusted = commitFiles(template, { [CONFIG]: 'models: [a]\n', 'examples/rollout.yml': EVIL });
    const evil = commitFiles(template, { [CONFIG]: EVIL });
    git(template, 'update-ref', 'HEAD', trusted);
    genuine = objectsOf(trusted);
    forged = objectsOf(evil);
  });
  beforeEach(() => cpSync(template, workspace, { recursive: true }));

  /** Commit, tree, directory and file. */
  const objectsOf = (commit: string) =>
    git(template, 'rev-parse', commit, `${commit}^{tree}`, `${commit}:.github`, `${commit}:${CONFIG}`).split(
      '\n',
    );
  const looseObject = (name = '') => path.join(workspace, '.git/objects', name.slice(0, 2), name.slice(2));
  const overwrite = (name: string | undefined, bytes: Buffer) => {
    rmSync(looseObject(name), { force: true });
    writeFileSync(looseObject(name), bytes);
  };

  test('git replace of the commit, a tree or the file', async () => {
    for (const [index, name] of genuine.entries()) {
      git(workspace, 'replace', name, forged[index] ?? '');
      expect(await atConfig()).toMatchObject({ commit: trusted, changed: ['gateway-rollout.yml'] });
    }
    expect(git(workspace, 'status', '--short')).toBe('');
  });

  test('the commit or a tree overwritten', async () => {
    for (const [index, name] of genuine.slice(0, 3).entries()) {
      const honest = readFileSync(looseObject(name));
      overwrite(name, readFileSync(looseObject(forged[index])));
      expect(await atConfig()).toMatchObject({ kind: 'unknown', why: FORGED });
      overwrite(name, honest);
    }
  });

  test('an object that git cannot read, or that is of another type', async () => {
    overwrite(genuine[2], deflateSync(Buffer.from(`blob ${EVIL.length}\0${EVIL}`)));
    expect(await atConfig()).toMatchObject({ kind: 'unknown', why: FORGED });
    overwrite(genuine[2], Buffer.from('no object'));
    expect(await atConfig()).toMatchObject({ kind: 'unknown', why: FORGED });
    rmSync(looseObject(genuine[2]));
    expect(await atConfig()).toMatchObject({ kind: 'unknown', why: FORGED });
  });

  test('an index that calls the file unchanged, and objects from elsewhere', async () => {
    git(workspace, 'read-tree', trusted);
    git(workspace, 'update-index', '--assume-unchanged', CONFIG);
    const elsewhere = temporaryDirectory();
    commitFiles(elsewhere, { [CONFIG]: EVIL });
    writeFiles(workspace, { '.git/objects/info/alternates': `${elsewhere}/.git/objects\n` });
    expect(await atConfig()).toMatchObject({ commit: trusted, changed: ['gateway-rollout.yml'] });
  });

  test('a link to another file of the trusted commit', async () => {
    rmSync(path.join(workspace, CONFIG));
    symlinkSync('../examples/rollout.yml', path.join(workspace, CONFIG));
    expect(await atConfig()).toMatchObject({ commit: trusted, changed: ['gateway-rollout.yml'] });
  });

  test('another repository below the workspace, or a link into one', async () => {
    const inner = path.join(workspace, '.github');
    const theirs = commitFiles(inner, { 'gateway-rollout.yml': EVIL });
    expect(await atConfig()).toMatchObject({ commit: trusted, changed: ['gateway-rollout.yml'] });
    symlinkSync(path.join(inner, 'gateway-rollout.yml'), path.join(workspace, 'link.yml'));
    expect(await atConfig('link.yml')).toMatchObject({ commit: trusted, changed: ['link.yml'] });
    expect(theirs).not.toBe(trusted);
  });

  test('no program that its config names is run, even for objects that a clone may fetch later', async () => {
    const ran = path.join(temporaryDirectory(), 'ran');
    const program = `touch ${ran} #`;
    writeFiles(workspace, {
      '.gitattributes': '* filter=x diff=x\n',
      '.git/config': [
        '[core]\nrepositoryFormatVersion = 1',
        ...['fsmonitor', 'sshCommand', 'pager'].map((name) => `${name} = "${program}"`),
        `[filter "x"]\nclean = "${program}"\nsmudge = "${program}"\nprocess = "${program}"`,
        `[diff]\nexternal = "${program}"\n[diff "x"]\ntextconv = "${program}"`,
        '[protocol]\nallow = always\n[protocol "ext"]\nallow = always',
        '[extensions]\npartialClone = origin',
        `[remote "origin"]\npromisor = true\nuploadpack = "${program}"\n`,
      ].join('\n'),
    });
    rmSync(looseObject(genuine[2]));
    for (const url of [`ext::touch ${ran}`, 'ssh://host.invalid/x', workspace]) {
      git(workspace, 'config', 'remote.origin.url', url);
      expect(await atConfig()).toMatchObject({ kind: 'unknown', why: FORGED });
      for await (const _ of listFiles(workspace));
      expect(existsSync(ran)).toBe(false);
      // Any other call of git runs it.
      expect(() => git(workspace, 'cat-file', 'tree', genuine[2] ?? '')).toThrow();
      expect(existsSync(ran)).toBe(true);
      rmSync(ran);
    }
  });
});
