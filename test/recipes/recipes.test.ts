/** What every recipe must have: its page, configs, workflows, and the files that the App writes. */
import { describe, expect, it, onTestFinished } from 'vitest';
import { openTarget } from '../../app/traffic/open.ts';
import { TrafficMemory } from '../../app/traffic/settings.ts';
import { loadConfig } from '../../src/config/load.ts';
import type { Shares } from '../../src/rollout/effect.ts';
import { NO_SHARES } from '../../src/rollout/shares.ts';
import { openRepository } from '../app/open-repository.ts';
import { linksOf, readDocument } from '../support/documents.ts';
import { startGithub } from '../support/github/github.ts';
import { fileTargets, RECIPES, recipeConfig, recipeFile, recipeFiles, written } from './recipe.ts';

const INDEX = 'test/recipes/README.md';
/** The index shows this workflow for records, and links to the one for Prometheus. */
const IN_THE_INDEX = '.github/workflows/gateway-observe.yml';
const HEADINGS = ['Steps', 'Watch out', 'Roll back by hand', 'What the test runs'];

const configPaths = (recipe: string) =>
  Object.keys(recipeFiles(recipe)).filter((path) => /^\.github\/gateway-rollout[./]/.test(path));
const CONFIGS = RECIPES.flatMap((recipe) => configPaths(recipe).map((path) => [recipe, path] as const));

describe('the recipes', () => {
  it('are all in the index, each once', () => {
    const listed = linksOf(readDocument(INDEX)).filter((link) => /^[\w-]+\/README\.md$/.test(link));
    expect(listed.sort()).toEqual(RECIPES.map((recipe) => `${recipe}/README.md`).sort());
  });

  it.each(RECIPES)('%s has a short page that links to each of its files', (recipe) => {
    const page = readDocument(`test/recipes/${recipe}/README.md`);
    expect(page.split('\n').length).toBeLessThan(80);
    expect(page).toContain('\nUse it when ');
    for (const heading of HEADINGS) expect(page).toContain(`\n## ${heading}\n`);
    const linked = linksOf(page);
    expect(Object.keys(recipeFiles(recipe)).filter((path) => !linked.includes(path))).toEqual([]);
    const [, byHand = ''] = page.split('\n## Roll back by hand\n');
    for (const config of configPaths(recipe)) {
      for (const { path } of fileTargets(recipeConfig(recipe, config)))
        expect(byHand).toContain(`\`${path}\``);
    }
  });

  it.each(CONFIGS)('%s: %s is valid, without a warning', (recipe, path) => {
    expect(loadConfig(recipeFile(recipe, path), path)).toMatchObject({ ok: true, warnings: [] });
  });

  it.each(CONFIGS)('%s: the workflows that %s names exist', (recipe, path) => {
    const { measure, rollout } = recipeConfig(recipe, path);
    const named = [measure?.workflow ?? [], ...rollout.stages.map(({ gate }) => gate.workflows ?? [])].flat();
    const there = [...Object.keys(recipeFiles(recipe)), IN_THE_INDEX];
    expect(named.filter((name) => !there.includes(`.github/workflows/${name}`))).toEqual([]);
  });

  it('get the share of every stage from the App, and then the original file back', async () => {
    const github = await startGithub();
    onTestFinished(() => github.close());
    const repository = await openRepository(github);
    for (const [recipe, configPath] of CONFIGS) {
      const { rollout, ...config } = recipeConfig(recipe, configPath);
      for (const target of fileTargets({ rollout, ...config })) {
        const { path } = target;
        const original = recipeFiles(recipe)[path] ?? '';
        await github.pushes({ [path]: original });
        const opened = openTarget(target, {
          repository,
          memory: new TrafficMemory(),
          identity: async () => '',
          now: Date.now,
          wait: async () => undefined,
        });
        const shares = rollout.stages.flatMap((stage): Shares[] => {
          if (stage.kind !== 'share') return [];
          const { slice, share } = stage;
          return [
            slice === null
              ? { everything: share, slices: {} }
              : { everything: 0, slices: { [slice]: share } },
          ];
        });
        for (const [generation, each] of [...shares, NO_SHARES].entries()) {
          const change = {
            rollout: recipe,
            stage: 'any',
            generation,
            purpose: 'advance',
            since: null,
          } as const;
          expect(await opened.write(each, change)).toEqual({ kind: 'done', verified: true });
          expect(await github.file(path), `${recipe}: ${path}`).toBe(written(target, original, each));
        }
        expect(await github.file(path), `${recipe}: ${path}`).toBe(original);
      }
    }
  });
});
