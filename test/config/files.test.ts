import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { beforeEach, describe, expect, it } from 'vitest';
import { findConfigFile, loadConfigFile } from '../../src/config/files.ts';
import { formatProblem } from '../../src/config/problem.ts';
import { temporaryDirectory } from '../support/files.ts';
import { LEAST } from './configs.ts';

let root = '';

beforeEach(async () => {
  root = temporaryDirectory();
  await mkdir(join(root, '.github', 'gateway-rollout'), { recursive: true });
});

async function write(...names: string[]): Promise<void> {
  for (const name of names) await writeFile(join(root, '.github', name), LEAST);
}

async function find(name?: string): Promise<string> {
  const found = await findConfigFile(root, name);
  return found.ok ? found.file : found.problems.map(formatProblem).join('\n').replaceAll(root, '<root>');
}

async function load(content: string | Uint8Array | null): Promise<string> {
  const path = join(root, 'rollout.yml');
  if (content !== null) await writeFile(path, content);
  const loaded = await loadConfigFile(path, 'rollout.yml');
  return loaded.ok ? 'valid' : loaded.problems.map(formatProblem).join('\n');
}

describe('finding the file of a repository', () => {
  it.each(['gateway-rollout.yml', 'gateway-rollout.yaml', 'gateway-rollout/search.yml'])(
    '%s',
    async (name) => {
      await write(name);
      expect(await find()).toBe(`.github/${name}`);
    },
  );

  it('chooses by name among several', async () => {
    await write('gateway-rollout/chat.yml', 'gateway-rollout/search.yaml', 'gateway-rollout.yml');
    expect(await find('search')).toBe('.github/gateway-rollout/search.yaml');
    expect(await find()).toMatchInlineSnapshot(
      `".github/gateway-rollout.yml: there are several configs: .github/gateway-rollout.yml, .github/gateway-rollout/chat.yml, .github/gateway-rollout/search.yaml; expected the name or the path of one of them"`,
    );
    expect(await find('serch')).toMatchInlineSnapshot(
      `".github/gateway-rollout.yml: there is no config named "serch"; expected one of chat, search; did you mean "search"?"`,
    );
  });

  it('says where it looked', async () => {
    expect(await find()).toMatchInlineSnapshot(
      `".github/gateway-rollout.yml: there is no config in <root>; expected .github/gateway-rollout.yml in the root of the repository (at least {gateway: {base_url: https://gateway.example/v1}, models: [gpt-4o-mini]}), or its path in --config (in a workflow: the input config)"`,
    );
    expect(await find('search')).toMatchInlineSnapshot(
      `".github/gateway-rollout.yml: there is no config named "search"; expected .github/gateway-rollout/search.yml"`,
    );
  });

  it('does not choose between two endings', async () => {
    await write('gateway-rollout.yml', 'gateway-rollout.yaml');
    expect(await find()).toMatchInlineSnapshot(
      `".github/gateway-rollout.yml: there are several configs: .github/gateway-rollout.yml, .github/gateway-rollout.yaml; expected the name or the path of one of them"`,
    );
  });
});

describe('reading the file', () => {
  it('reads UTF-8, with and without a mark at its start', async () => {
    expect(await load(LEAST)).toBe('valid');
    expect(await load(`\uFEFF${LEAST.replaceAll('\n', '\r\n')}`)).toBe('valid');
  });

  it('says why a file cannot be read', async () => {
    expect(await load(null)).toMatchInlineSnapshot(
      `"rollout.yml: the file does not exist; expected the path of a readable config"`,
    );
    expect(await load(Buffer.from(LEAST, 'utf16le'))).toMatchInlineSnapshot(
      `"rollout.yml: the file is not encoded as UTF-8; expected a text file saved as UTF-8"`,
    );
    expect(await load(new Uint8Array([0xff, 0xfe, 0xfd]))).toMatchInlineSnapshot(
      `"rollout.yml: the file is not encoded as UTF-8; expected a text file saved as UTF-8"`,
    );
    expect(await load('x'.repeat(300_000))).toMatchInlineSnapshot(
      `"rollout.yml: the file is too large for a config; expected at most 256 KiB"`,
    );
    const folder = await loadConfigFile(root, '.github');
    expect(!folder.ok && folder.problems.map(formatProblem)).toMatchInlineSnapshot(`
      [
        ".github: this is a folder, not a file; expected the path of a readable config",
      ]
    `);
  });
});
