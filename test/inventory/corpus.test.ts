import { describe, expect, it } from 'vitest';
import { takeInventory } from '../../src/inventory/inventory.ts';
import { temporaryDirectory } from '../support/files.ts';
import { annotatedApps, corpusLanguages, writeApp } from './annotated-corpus.ts';

describe.each(corpusLanguages())('applications in %s', (language) => {
  it.each(annotatedApps(language))('finds every site of $name, and nothing else', async (app) => {
    const directory = temporaryDirectory();
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
