import { FlagdCore } from '@openfeature/flagd-core';
import { expect, it, onTestFinished } from 'vitest';
import { openTarget } from '../../../app/traffic/open.ts';
import { TrafficMemory } from '../../../app/traffic/settings.ts';
import { startGithub } from '../../support/github/github.ts';
import { openRepository } from '../open-repository.ts';

const FLAGS = `{
  "$schema": "https://flagd.dev/schema/v0/flags.json",
  "flags": {
    "llm-gateway": {
      "state": "ENABLED",
      "variants": { "official": "official", "gateway": "gateway" },
      "defaultVariant": "official",
      "targeting": { "fractional": [["gateway", 0], ["official", 100]] }
    }
  }
}
`;
const USERS = Array.from({ length: 10_000 }, (_, number) => `user-${number}`);

/** Those whom flagd itself sends to the gateway. */
function onGateway(flags: string): Set<string> {
  const core = new FlagdCore();
  core.setConfigurations(flags);
  const silent = { debug() {}, info() {}, warn() {}, error() {} };
  const variantOf = (targetingKey: string) =>
    core.resolveStringEvaluation('llm-gateway', 'official', { targetingKey }, silent).value;
  return new Set(USERS.filter((user) => variantOf(user) === 'gateway'));
}

it('a flagd file sends the share of users that the stage says, the same users as before and more', async () => {
  const github = await startGithub();
  onTestFinished(() => github.close());
  await github.pushes({ 'deploy/flags.json': FLAGS });
  const repository = await openRepository(github);
  const target = openTarget(
    {
      kind: 'file',
      deployed_by: 'workflow',
      path: 'deploy/flags.json',
      branch: null,
      set: [
        { pointer: '/flags/llm-gateway/targeting/fractional/0/1', value: 'share', slice: null },
        { pointer: '/flags/llm-gateway/targeting/fractional/1/1', value: 'rest', slice: null },
      ],
    },
    {
      repository,
      memory: new TrafficMemory(),
      identity: async () => '',
      now: Date.now,
      wait: async () => undefined,
    },
  );
  let before = onGateway(FLAGS);
  expect(before.size).toBe(0);
  for (const [generation, share] of [5, 25, 50, 100].entries()) {
    const stage = `${share}%`;
    const change = { rollout: 'assistant', stage, generation, purpose: 'advance' } as const;
    await target.write({ everything: share, slices: {} }, change);
    const now = onGateway((await github.file('deploy/flags.json')) ?? '');
    const expected = (USERS.length * share) / 100;
    // Three standard deviations of a fair split.
    const deviation = Math.sqrt((expected * (100 - share)) / 100);
    expect(Math.abs(now.size - expected)).toBeLessThanOrEqual(3 * deviation);
    expect([...before].filter((user) => !now.has(user))).toEqual([]);
    before = now;
  }
  const back = { rollout: 'assistant', stage: '0%', generation: 9, purpose: 'rollback' } as const;
  await target.write({ everything: 0, slices: {} }, back);
  expect(await github.file('deploy/flags.json')).toBe(FLAGS);
});
