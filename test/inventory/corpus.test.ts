import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { takeInventory } from '../../src/inventory/inventory.ts';
import { annotatedApps, corpusLanguages, writeApp } from './annotated-corpus.ts';

let directory: string;

beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'corpus-'));
});

afterEach(() => {
  rmSync(directory, { recursive: true, force: true });
});

describe.each(corpusLanguages())('applications in %s', (language) => {
  it.each(annotatedApps(language))('finds every site of $name, and nothing else', async (app) => {
    writeApp(app, directory);
    const { sites } = await takeInventory(directory);
    const found = sites
      .filter(({ scope }) => scope === 'code')
      .map(({ file, line, kind, value }) => `${file}:${line} ${kind} ${value}`);
    expect({
      missed: app.expected.filter((site) => !found.includes(site)),
      wrong: found.filter((site) => !app.expected.includes(site)),
    }).toEqual({ missed: [], wrong: [] });
    expect(found).toHaveLength(app.expected.length);
  });
});
