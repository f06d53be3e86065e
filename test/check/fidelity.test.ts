/** The probe that asks whether the gateway serves the same model, within a check. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { CheckPlan } from '../../src/check/plan.ts';
import { type CheckProgress, runCheck } from '../../src/check/run.ts';
import { planFor } from '../support/plan.ts';
import { type Cheat, type ScriptedModels, SIBLING, startScriptedModels } from '../support/scripted-models.ts';

let official: ScriptedModels;
beforeAll(async () => {
  official = await startScriptedModels(1, { logprobs: true });
});
afterAll(() => official.stop());

/** A check of the probe alone. */
async function check(cheat: Cheat, overrides: Partial<CheckPlan> = {}) {
  const gateway = await startScriptedModels(2, { logprobs: true, ...cheat });
  const progress: CheckProgress[] = [];
  const plan = planFor(
    { baseUrl: gateway.baseUrl, apiKey: 'sk-gateway-0123456789' },
    {
      official: { baseUrl: official.baseUrl, apiKey: 'sk-official-0123456789' },
      models: [{ name: 'gpt-4o-mini', gatewayName: 'gpt-4o-mini' }],
      features: [],
      only: ['fidelity'],
      fidelity: true,
      maxCostUsd: 1,
      ...overrides,
    },
  );
  const report = await runCheck(plan, (each) => progress.push(each));
  await gateway.stop();
  const probe = report.probes.find(({ id }) => id === 'fidelity.model');
  return { report, probe, paths: gateway.paths, begun: progress.find(({ kind }) => kind === 'begun') };
}

describe('the probe fidelity.model', () => {
  it('blocks another model, and its requests are said before and counted after', async () => {
    const { report, probe, begun } = await check({ model: () => SIBLING });
    expect([report.verdict, report.reasonCode]).toEqual(['not-ready', 'fidelity.model']);
    expect(probe?.summary).toMatch(/^The gateway serves a different model than gpt-4o-mini: /);
    expect(begun).toMatchObject({ requests: expect.any(Number), mostUsd: 1 });
    expect(begun?.kind === 'begun' && begun.requests).toBeGreaterThan(report.usage.requests);
    expect(report.usage.requests).toBeGreaterThan(50);
  });

  it.each([true, false])('asks on /responses alone, where the code does (logprobs: %s)', async (logprobs) => {
    // Enough for a few hundred pairs; 160 distinguish the sibling.
    const plan = { usesChat: false, features: ['responses'], maxCostUsd: 0.006 } as const;
    const asked = official.paths.length;
    const same = await check({ logprobs }, plan);
    expect(same.probe).toMatchObject({ status: 'pass', summary: expect.stringMatching(/^No difference/) });
    const other = await check({ logprobs, model: () => SIBLING }, plan);
    expect(other.probe).toMatchObject({ status: 'fail' });
    const paths = [...same.paths, ...other.paths, ...official.paths.slice(asked)];
    expect(new Set(paths)).toEqual(new Set(['/v1/responses']));
  });

  it('is a note where the team accepts it', async () => {
    const ignore = { 'fidelity.model': 'a contract names this model' };
    const { report, probe } = await check({ model: () => SIBLING }, { ignore });
    expect(report.verdict).toBe('ready');
    expect(probe).toMatchObject({ status: 'warn', severity: 'info' });
    expect(probe?.summary).toContain('(accepted: a contract names this model)');
  });

  it('spends no more than the check may, and a run without power passes as that, but not where it is required', async () => {
    // Too few pairs for any proof: each can double the evidence at most.
    const maxCostUsd = 0.0002;
    const { report, probe } = await check({ logprobs: false }, { maxCostUsd });
    expect(report.usage.costUsd).toBeLessThanOrEqual(maxCostUsd);
    expect(probe).toMatchObject({ status: 'pass', summary: expect.stringMatching(/^Nothing can be said/) });
    const required = await check({ logprobs: false }, { maxCostUsd, require: ['fidelity.model'] });
    expect(required.probe).toMatchObject({ status: 'fail', severity: 'block' });
  });

  it('is skipped, visibly, without the official key, where nothing answers, and where nobody asked for it', async () => {
    const summary = async (cheat: Cheat, overrides: Partial<CheckPlan>) =>
      (await check(cheat, overrides)).probe?.summary;
    expect(await summary({}, { official: null })).toBe('No official API key was given.');
    expect(await summary({}, { fidelity: false })).toBe('Only with check.fidelity: true in the config.');
    const asked = official.requests.length;
    expect(await summary({ status: 500 }, {})).toMatch(/^No question was answered by both/);
    expect(official.requests.length - asked).toBeLessThan(150);
  });
});
