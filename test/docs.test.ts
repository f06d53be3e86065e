import { existsSync, readFileSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import { describe, expect, it } from 'vitest';
import { PROBES } from '../src/check/probes/index.ts';
import { loadConfig } from '../src/config/load.ts';

const root = resolve(import.meta.dirname, '..');
const read = (path: string) => readFileSync(resolve(root, path), 'utf8');

describe('the documents tell the truth', () => {
  it('lists every probe with its weight, in the order of the report', () => {
    const rows = [...read('src/check/README.md').matchAll(/^\| `([\w.]+)` \| (block|warn|info) \|/gm)];
    const listed = rows.map(([, id, severity]) => ({ id, severity }));
    expect(listed).toEqual(PROBES.map(({ id, severity }) => ({ id, severity })));
  });

  it('names every input and output of the Action', () => {
    const declared = [...read('action.yml').matchAll(/^ {2}([a-z-]+):$/gm)].map(([, name]) => name);
    const named = new Set([...read('README.md').matchAll(/`([a-z-]+)`/g)].map(([, name]) => name));
    expect(declared.filter((name) => name !== undefined && !named.has(name))).toEqual([]);
  });

  it('shows configs that are valid, the very ones that the tests load', () => {
    const blocks = [...read('src/config/README.md').matchAll(/```yaml\n([\s\S]*?)```/g)].map(
      ([, yaml]) => yaml,
    );
    expect(blocks).toEqual([read('test/config/fixtures/least.yml'), read('test/config/fixtures/all.yml')]);
    const snippets = [...read('README.md').matchAll(/```yaml\n([\s\S]*?)```/g)].flatMap(
      ([, yaml]) => yaml ?? [],
    );
    const configs = snippets.filter((yaml) => /^gateway:/m.test(yaml));
    expect(configs).toHaveLength(2);
    for (const yaml of configs) expect(loadConfig(yaml, 'README.md')).toMatchObject({ ok: true });
  });

  it('links to files that are there', () => {
    for (const document of [
      'README.md',
      'CONTRIBUTING.md',
      'SECURITY.md',
      'src/check/README.md',
      'src/config/README.md',
      'src/inventory/README.md',
      'app/README.md',
    ]) {
      const links = [...read(document).matchAll(/\]\((?!https?:|#)([^)#]+)\)/g)].map(
        ([, target]) => target ?? '',
      );
      for (const target of links)
        expect(existsSync(resolve(root, dirname(document), target)), target).toBe(true);
    }
  });
});
