import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { FidelityReport } from '../../src/check/fidelity/report.ts';
import { runFidelityCommand } from '../../src/commands/fidelity.ts';
import type { FidelitySettings } from '../../src/commands/plan-fidelity.ts';
import { cools, shifts } from '../support/answer-model.ts';
import { temporaryDirectory } from '../support/files.ts';
import { type Cheat, type ScriptedModels, SIBLING, startScriptedModels } from '../support/scripted-models.ts';

let official: ScriptedModels;
beforeAll(async () => {
  official = await startScriptedModels(1);
});
afterAll(() => official.stop());

interface Ran {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

interface FidelityOptions {
  readonly directory?: string;
  readonly json?: boolean;
  /** Default: one that cheats, for this run alone. */
  readonly gateway?: ScriptedModels;
  readonly official?: ScriptedModels;
}

async function fidelity(
  cheat: Cheat,
  settings: FidelitySettings = {},
  {
    directory = temporaryDirectory(),
    json = true,
    gateway: running,
    official: arm = official,
  }: FidelityOptions = {},
): Promise<Ran> {
  const gateway = running ?? (await startScriptedModels(2, cheat));
  let [stdout, stderr] = ['', ''];
  try {
    const code = await runFidelityCommand(
      { baseUrl: gateway.baseUrl, maxCostUsd: '1', ...settings },
      { json, directory },
      {
        GATEWAY_API_KEY: 'sk-gateway-0123456789abcdef',
        OFFICIAL_API_KEY: 'sk-official-0123456789abcdef',
        OFFICIAL_BASE_URL: arm.baseUrl,
      },
      {
        stdout: (text) => {
          stdout += text;
        },
        stderr: (text) => {
          stderr += text;
        },
        color: false,
        columns: 80,
        progress: async () => ({ report: () => undefined, stop: () => undefined }),
      },
    );
    return { code, stdout, stderr };
  } finally {
    if (running === undefined) await gateway.stop();
  }
}

const reportOf = ({ stdout }: Ran): FidelityReport => JSON.parse(stdout);

describe('fidelity', () => {
  it('asks on /responses, and says so, where the code uses nothing else', async () => {
    const directory = temporaryDirectory();
    mkdirSync(path.join(directory, '.github'));
    const config = 'gateway: { base_url: https://gateway.example/v1 }\nmodels: [gpt-4o-mini]\n';
    writeFileSync(path.join(directory, '.github/gateway-rollout.yml'), config);
    const code =
      "import OpenAI from 'openai';\nawait new OpenAI().responses.create({ model: 'gpt-4o-mini' });\n";
    writeFileSync(path.join(directory, 'app.ts'), code);
    const gateway = await startScriptedModels(2);
    const ran = await fidelity({}, { pairs: '40' }, { directory, gateway });
    await gateway.stop();
    expect(new Set(gateway.paths)).toEqual(new Set(['/v1/responses']));
    expect(ran.stderr).toContain('note: Asking on /responses: your code does not use chat completions.');
    expect(reportOf(ran).comparisons.gateway.pairs).toBeGreaterThan(30);
  });

  it('finds no difference where the gateway serves the model', async () => {
    const ran = await fidelity({}, { pairs: '300' });
    expect(reportOf(ran)).toMatchObject({
      verdict: 'indistinguishable',
      isControlTold: false,
      failed: { gateway: 0 },
    });
    expect(ran.code).toBe(0);
    expect(ran.stderr).toMatch(
      /Up to [\d,]+ requests \([\d,]+ tokens\), expected 0\.\d+ USD, never more than 1\.00 USD\./,
    );
  });

  it.each([
    ['always', { model: () => SIBLING }],
    ['for most requests', { model: ({ model }, random) => (random() < 0.9 ? SIBLING : model) }],
  ] satisfies [string, Cheat][])('tells another model that answers %s, and exits 1', async (_, cheat) => {
    const ran = await fidelity(cheat);
    expect(reportOf(ran).verdict).toBe('other-model');
    expect(ran.code).toBe(1);
  });

  it('tells a nearer difference as that, and does not block', async () => {
    const ran = await fidelity({ model: ({ model }, random) => (random() < 0.15 ? SIBLING : model) });
    expect(reportOf(ran).verdict).toBe('differs');
    expect(ran.code).toBe(0);
  });

  it('compares probabilities where both arms tell them: no search, and a small shift shows soon', async () => {
    const told = await startScriptedModels(3, { logprobs: true });
    const ask = async (cheat: Cheat, settings: FidelitySettings = {}) =>
      reportOf(await fidelity({ logprobs: true, ...cheat }, settings, { official: told }));
    const same = await ask({}, { pairs: '168' });
    expect(same).toMatchObject({ verdict: 'indistinguishable', comparisons: { gateway: { pairs: 168 } } });
    expect(same.usage.requests).toBeLessThan(900);
    const quantised = shifts(0.02);
    const shifted = await ask({ distribution: (habits) => quantised(habits, habits, Math.random) });
    expect(shifted.verdict).toBe('differs');
    expect(shifted.comparisons.gateway.pairs).toBeLessThan(200);
    expect(JSON.stringify(same.kept)).not.toMatch(/word\d/);
    const curt = await ask({ isCurt: true }, { pairs: '168' });
    expect(curt, 'a gateway that tells less is not another model').toMatchObject({
      verdict: 'indistinguishable',
    });
    await told.stop();
  });

  it('asks a reasoning model what has no right answer, and sees a lower temperature', async () => {
    const cooler = cools(0.3);
    const directory = temporaryDirectory();
    const settings = { models: 'gpt-5', pairs: '600', keep: 'kept.json', html: 'page.html' };
    const cheat: Cheat = { distribution: (habits) => cooler(habits, habits, Math.random) };
    const ran = await fidelity(cheat, settings, { directory });
    const files = ['kept.json', 'page.html'].map((file) => readFileSync(path.join(directory, file), 'utf8'));
    expect([ran.stdout, ran.stderr, ...files].join('\n'), 'no answer is written down').not.toMatch(/word\d/);
    expect(reportOf(ran)).toMatchObject({
      verdict: expect.stringMatching(/differs|other-model/),
      sibling: 'gpt-5-mini',
    });
    expect(official.requests.at(-1)).toMatchObject({ reasoning_effort: 'low' });
    expect(official.requests.at(-1)).not.toHaveProperty('temperature');
  });

  it('sees a cache of responses, and asks so that none has the answer', async () => {
    expect(reportOf(await fidelity({ cache: 'request' }, { pairs: '200' }))).toMatchObject({
      verdict: 'indistinguishable',
      isCached: false,
    });
    expect(reportOf(await fidelity({ cache: 'user' }, { pairs: '200' })).isCached).toBe(true);
  });

  it('says that it has no power where the sibling answers as the model does', async () => {
    const ran = await fidelity({}, { pairs: '80', sibling: 'gpt-4o-mini' }, { json: false });
    expect(ran.stdout).toContain('Nothing can be said of gpt-4o-mini');
    expect(ran.code).toBe(0);
  });

  it('stops at the limit on cost, and carries over what it learnt', async () => {
    const directory = temporaryDirectory();
    const gateway = await startScriptedModels(2);
    const first = await fidelity({}, { pairs: '100', keep: 'kept.json' }, { directory, gateway });
    const kept = readFileSync(path.join(directory, 'kept.json'), 'utf8');
    expect(kept).not.toMatch(/sk-|word\d/);
    const asked = official.requests.length;
    const second = await fidelity(
      {},
      { pairs: '100', keep: 'kept.json', maxCostUsd: '0.0005' },
      { directory, gateway },
    );
    expect(official.requests.length - asked).toBeLessThan(150);
    const pairs = (ran: Ran) => reportOf(ran).comparisons.gateway.pairs;
    expect(reportOf(second).endedBy).toBe('budget');
    expect(pairs(second)).toBeGreaterThan(pairs(first));
    await gateway.stop();
    expect(reportOf(second).kept.prompts).toEqual(reportOf(first).kept.prompts);
  });

  it('holds no evidence of another gateway against this one, and names a file that it cannot write before it asks', async () => {
    const directory = temporaryDirectory();
    const first = await fidelity({ model: () => SIBLING }, { keep: 'kept.json' }, { directory });
    expect(reportOf(first).verdict).toBe('other-model');
    const second = reportOf(await fidelity({}, { keep: 'kept.json', pairs: '200' }, { directory }));
    expect(second.verdict).toBe('indistinguishable');
    expect(second.kept.prompts).toEqual(reportOf(first).kept.prompts);
    const asked = official.requests.length;
    const third = await fidelity({}, { keep: 'no/such/folder.json' }, { directory });
    expect([third.code, official.requests.length]).toEqual([2, asked]);
    expect(third.stderr).toContain("Can't write no/such/folder.json");
  });

  it('ends soon where the gateway does not answer', async () => {
    const ran = await fidelity({ status: 500 });
    expect(reportOf(ran)).toMatchObject({ verdict: 'no-power', failed: { official: 0 } });
    expect(reportOf(ran).comparisons.gateway.pairs).toBe(0);
  });

  it('asks for what is missing, all at once', async () => {
    const ran = await runFidelityCommand(
      { baseUrl: 'https://gateway.example/v1', pairs: '-1', maxCostUsd: 'much' },
      { json: false, directory: temporaryDirectory() },
      { GATEWAY_API_KEY: 'sk-gateway-0123456789abcdef' },
      { ...SILENT, stderr: (text) => said.push(text) },
    );
    expect(ran).toBe(2);
    expect(said.join('')).toMatchInlineSnapshot(`
      "error: --pairs is "-1". Expected a number above 0.
      error: --max-cost is "much". Expected an amount in USD above 0, such as 0.05.
      error: No official key is set. Set OFFICIAL_API_KEY: both arms are asked the same at the same moment.
      "
    `);
  });
});

const said: string[] = [];
const SILENT = {
  stdout: () => undefined,
  color: false,
  columns: 80,
  progress: async () => ({ report: () => undefined, stop: () => undefined }),
};
