import { describe, expect, it } from 'vitest';
import { MINUTE, type Scenario, type ScenarioOptions, startScenario } from './rollout-scenario.ts';

const FLAGS = 'deploy/flags.json';

function configOf(targets: string): string {
  return `gateway: { base_url: https://gateway.example/v1 }
models: [gpt-4o-mini]
traffic: ${targets}
rollout: { stages: [local, 5%, 100%], gates: { local: { manual: true }, 5%: { manual: true } } }
`;
}

async function started(targets: string, options: ScenarioOptions = {}): Promise<Scenario> {
  const scenario = await startScenario(options);
  await scenario.github.pushes({ [FLAGS]: '{ "share": 0 }\n' });
  await scenario.pushesConfig(configOf(targets));
  return scenario;
}

const fileAt = (pointer: string, path = FLAGS) => `[{ file: { path: ${path}, set: { ${pointer}: share } } }]`;

describe('a target that cannot be written shows on the first day', () => {
  it.each([
    ['a wrong pointer', fileAt('/shares'), {}, /\/shares/],
    ['a file that is not there', fileAt('/share', 'deploy/nothing.json'), {}, /deploy\/nothing\.json/],
    [
      'a missing permission',
      '[{ variable: { name: GATEWAY_SHARE } }]',
      {
        permissions: {
          metadata: 'read',
          issues: 'write',
          contents: 'write',
          actions: 'read',
          checks: 'write',
        },
      },
      /variables/i,
    ],
  ] as const)('such as %s', async (_what, targets, options, words) => {
    const scenario = await started(targets, options);
    expect(await scenario.headline()).toContain('Paused');
    expect(await scenario.lastReply()).toMatch(words);
  });

  it('such as a protected branch', async () => {
    const scenario = await startScenario();
    await scenario.github.pushes({ [FLAGS]: '{ "share": 3 }\n' });
    scenario.github.protect({
      branches: 'main',
      types: ['pull_request'],
      bypass: ['alice', 'olivia', 'acme'],
    });
    await scenario.pushesConfig(configOf(`[{ file: { path: ${FLAGS}, set: { /share: share } } }]`));
    await scenario.says('mara', '/advance-rollout --force --reason "go"');
    expect(await scenario.replies()).toContainEqual(expect.stringMatching(/protected|rule|branch/i));
    expect(JSON.parse((await scenario.github.file(FLAGS)) ?? '')).toEqual({ share: 3 });
  });
});

describe('a deployment', () => {
  it('that fails pauses the rollout, and a rollback creates another one', async () => {
    const scenario = await started('[{ deployment: { environment: production } }]');
    const { github } = scenario;
    const reports = async (state: 'success' | 'failure', words?: string) => {
      await github.deploymentReports(github.deployments().at(-1)?.id ?? 0, state, words);
      await scenario.settled();
    };
    await reports('success');
    await scenario.says('alice', '/advance-rollout');
    await reports('failure', 'no capacity');
    expect(await scenario.headline()).toContain('Paused');
    expect(await scenario.lastReply()).toContain('No capacity.');
    await scenario.says('alice', '/rollback-rollout');
    expect(JSON.stringify(github.deployments().at(-1)?.payload)).toContain('"everything":0');
    await reports('success');
    expect(await scenario.headline()).toContain('Rolled back');
  });

  it('without a report pauses the rollout after the timeout', async () => {
    const scenario = await started('[{ deployment: { environment: production, timeout: 10m } }]');
    await scenario.passes(11 * MINUTE);
    expect(await scenario.headline()).toContain('Paused');
  });

  it('that somebody else created with the same payload is ignored', async () => {
    const scenario = await started('[{ deployment: { environment: production } }]');
    const { github } = scenario;
    const ours = github.deployments().at(-1);
    const answer = await fetch(`${github.url}/repos/acme/shop/deployments`, {
      method: 'POST',
      headers: { authorization: `token ${github.personToken('alice')}`, 'content-type': 'application/json' },
      body: JSON.stringify({
        ref: 'main',
        task: ours?.task,
        environment: 'production',
        required_contexts: [],
        auto_merge: false,
        payload: ours?.payload,
      }),
    });
    expect(answer.status).toBe(201);
    await github.deploymentReports(github.deployments().at(-1)?.id ?? 0, 'success');
    await scenario.settled();
    await scenario.says('alice', '/advance-rollout');
    expect(await scenario.headline()).toContain('**local**');
  });
});
