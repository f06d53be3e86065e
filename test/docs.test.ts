import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { describe, expect, it } from 'vitest';
import { PROBES } from '../src/check/probes/index.ts';

const read = (path: string) => readFileSync(resolve(import.meta.dirname, '..', path), 'utf8');

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
});
