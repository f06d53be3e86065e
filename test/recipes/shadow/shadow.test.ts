/** The recipe's file at each stage, read by a program with the official SDK, whose records become pairs. */
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import OpenAI from 'openai';
import { expect, it, onTestFinished } from 'vitest';
import { rolloutFetch } from '../../../src/client/index.ts';
import { ARMS } from '../../../src/config/arms.ts';
import { loadPriceBook } from '../../../src/measure/models.ts';
import { jsonlSource } from '../../../src/measure/sources/jsonl.ts';
import { sharesAt } from '../../../src/rollout/shares.ts';
import { startArmServer } from '../../client/arm-server.ts';
import { temporaryDirectory } from '../../support/files.ts';
import { fileTargets, recipeConfig, recipeFile, written } from '../recipe.ts';

const { rollout, ...config } = recipeConfig('shadow');

/** As the App leaves it at a stage. */
function fileAt(label: string): string {
  const index = rollout.stages.findIndex((stage) => stage.label === label);
  const [target] = fileTargets({ rollout, ...config });
  if (target === undefined) throw new Error('The recipe has no file target.');
  return written(target, recipeFile('shadow', target.path), sharesAt(rollout.stages, index, 0));
}

it('copies in its stage alone, and moves no user there', () => {
  const files = rollout.stages.map(({ label }) => JSON.parse(fileAt(label)));
  expect(files).toEqual([
    { gateway: 0, shadow: 0 },
    { gateway: 0, shadow: 0 },
    { gateway: 0, shadow: 100 },
    { gateway: 25, shadow: 0 },
    { gateway: 100, shadow: 0 },
  ]);
});

it('gives the program the official answers, and observe a pair for each request', async () => {
  const [official, gateway] = await Promise.all([startArmServer(), startArmServer()]);
  onTestFinished(() => Promise.all([official.stop(), gateway.stop()]).then(() => undefined));
  const directory = temporaryDirectory();
  const [share, records] = [join(directory, 'share.json'), join(directory, 'records.jsonl')];
  writeFileSync(share, fileAt('shadow: 100%'));
  const apiKey = 'sk-gateway-0123456789';
  const fetch = rolloutFetch({ gateway: { baseUrl: gateway.baseUrl, apiKey }, share, records });
  const client = new OpenAI({ baseURL: official.baseUrl, apiKey: 'sk-official-0123456789', fetch });
  const from = Date.now();
  for (let request = 0; request < 5; request += 1) {
    const messages = [{ role: 'user' as const, content: `Hi ${request}.` }];
    await client.chat.completions.create({ model: 'gpt-4o-mini', messages });
  }
  const lines = () => (existsSync(records) ? readFileSync(records, 'utf8').split('\n').length - 1 : 0);
  await expect.poll(lines, { timeout: 5_000 }).toBe(10);
  const book = await loadPriceBook([], {});
  const now = Date.now() + 1;
  const query = { window: { from, to: now }, now, slice: null, without: [], copies: true };
  const measured = await jsonlSource({ paths: [records], arms: ARMS, book, intervalMs: 900_000 }).measure(
    query,
  );
  expect(measured).toMatchObject({
    arms: { official: { tasks: 5, failedTasks: 0 }, gateway: { tasks: 0 } },
    pairs: [
      { name: 'gpt-4o-mini', official: { tasks: 5 }, gateway: { tasks: 5, failedTasks: 0 }, bothFailed: 0 },
    ],
  });
});
