/** What a check takes from the code, from files to its plan. */

import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { inUse } from '../../src/commands/in-use.ts';
import { readInventory } from '../../src/commands/inventory.ts';
import { planCheck } from '../../src/commands/plan-check.ts';
import { loadConfig } from '../../src/config/load.ts';

const folders: string[] = [];
afterAll(() => Promise.all(folders.map((folder) => rm(folder, { recursive: true }))));

async function planOf(files: Readonly<Record<string, string>>, config: string | null) {
  const folder = await mkdtemp(path.join(tmpdir(), 'gateway-rollout-in-use-'));
  folders.push(folder);
  for (const [file, text] of Object.entries(files)) {
    await mkdir(path.dirname(path.join(folder, file)), { recursive: true });
    await writeFile(path.join(folder, file), text);
  }
  const loaded = config === null ? null : loadConfig(config, 'rollout.yml');
  if (loaded?.ok === false) throw new Error('the config should be valid');
  const read = loaded?.config ?? null;
  const inventory = await readInventory(folder, read);
  const planned = planCheck({
    settings: {},
    environment: { GATEWAY_API_KEY: 'sk-gateway-0123456789', OPENAI_BASE_URL: 'https://gateway.example/v1' },
    front: 'command-line',
    config: read,
    inUse: inventory === null ? null : inUse(inventory),
    probeIds: [],
    profileNames: [],
  });
  if (planned.kind === 'problems') throw new Error(planned.problems.map(({ message }) => message).join());
  return planned.plan;
}

const CONFIG = 'gateway: { base_url: https://gateway.example/v1 }\nmodels: [gpt-4o-mini]\n';
const CODE = `
import OpenAI from 'openai';
const client = new OpenAI({ baseURL: process.env.OPENAI_BASE_URL });
await client.chat.completions.create({ model: 'gpt-4o-mini', messages: [], logprobs: true, seed: 7 });
await client.embeddings.create({ model: 'text-embedding-3-small', input: 'x' });
`;

describe('the plan of a check, by the code', () => {
  it('asks for the abilities that the code uses, and for the embedding model in it', async () => {
    const plan = await planOf({ 'src/a.ts': CODE }, CONFIG);
    expect(plan.features).toEqual(expect.arrayContaining(['embeddings', 'logprobs', 'seed']));
    expect(plan.models.map(({ name }) => name)).toEqual(['gpt-4o-mini', 'text-embedding-3-small']);
    expect(plan.policy).toEqual([]);
    expect(plan.usesChat).toBe(true);
    const responses = CODE.replace('chat.completions.create', 'responses.create');
    const other = await planOf({ 'src/a.ts': responses }, CONFIG);
    expect(other).toMatchObject({ usesChat: false, features: expect.arrayContaining(['responses']) });
  });

  it('is an embedding model, where the code names none and does nothing but embed', async () => {
    const embeds = CODE.replace(/await client\.chat.*\n/, '').replace("'text-embedding-3-small'", 'model');
    const plan = await planOf({ 'src/a.ts': embeds }, null);
    expect(plan.models.map(({ name }) => name)).toEqual(['text-embedding-3-small']);
    expect(plan.features).toEqual(['embeddings']);
    const asks = await planOf(
      { 'src/a.ts': embeds.replace('embeddings.create', 'chat.completions.create') },
      null,
    );
    expect(asks.models.map(({ name }) => name)).toEqual(['gpt-4o-mini']);
  });

  it.each([
    ['images', "images.generate({ model, prompt: 'x' })", 'images'],
    ['speech', "audio.speech.create({ model, input: 'x', voice: 'alloy' })", 'audio'],
  ])('calls no chat model, where the code names none and makes only %s', async (_, call, feature) => {
    const code = CODE.replace(/await [\s\S]*/, `await client.${call};\n`);
    expect(await planOf({ 'src/a.ts': code }, null)).toMatchObject({ models: [], features: [feature] });
    const both = `${code}await client.embeddings.create({ model, input: 'x' });\n`;
    const plan = await planOf({ 'src/a.ts': both }, null);
    expect(plan.models.map(({ name }) => name)).toEqual(['text-embedding-3-small']);
  });

  it('takes no config of this tool for a place of use, whatever its name', async () => {
    const other = 'gateway:\n  base_url: https://gateway.example/v1\nmodels:\n  - text-embedding-3-large\n';
    const places = [
      '.github/gateway-rollout/eu.yml',
      'apps/web/.github/gateway-rollout.yml',
      'ops/rollout.yaml',
    ];
    const files = Object.fromEntries(places.map((file) => [file, other]));
    const plan = await planOf({ ...files, 'src/a.ts': CODE }, CONFIG);
    expect(Object.keys(plan.sites)).not.toContain('text-embedding-3-large');
    expect(JSON.stringify(plan.sites)).not.toMatch(/\.ya?ml/);
  });

  it('carries what the policy forbids, with places: a contract, and areas in use', async () => {
    const contract = await planOf({ 'src/a.ts': CODE }, `${CONFIG}policy: { compliance_contract: true }\n`);
    expect(contract.policy).toEqual([expect.stringContaining('compliance_contract')]);
    const files = { 'src/a.ts': `${CODE}await client.files.list();\n` };
    expect((await planOf(files, CONFIG)).policy).toEqual([
      expect.stringMatching(/^files is in use.* src\/a\.ts:\d+$/),
    ]);
    const allowed = await planOf(files, `${CONFIG}policy: { allow_experimental: [files] }\n`);
    expect(allowed.policy).toEqual([]);
    expect(
      (await planOf({ 'README.md': 'x' }, `${CONFIG}policy: { compliance_contract: true }\n`)).policy,
    ).toHaveLength(1);
  });
});
