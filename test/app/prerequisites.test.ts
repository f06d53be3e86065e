import { describe, expect, it } from 'vitest';
import { missingPermissions } from '../../app/prerequisites.ts';
import { valid } from '../config/configs.ts';
import { MINUTE, type Scenario, startScenario } from './rollout-scenario.ts';

const configOf = (rest: string) =>
  valid(`gateway: { base_url: https://gateway.example/v1 }\nmodels: [gpt-4o-mini]\n${rest}`);

const LOCAL = 'rollout: { stages: [local, 5%, 100%], gates: { local: { manual: true } } }\n';
const CONFIG = `gateway: { base_url: https://gateway.example/v1 }
models: [gpt-4o-mini]
traffic:
  - deployment: { environment: production }
${LOCAL}`;

/** Of everything that the example configs need. */
const ALL = {
  metadata: 'read',
  actions: 'read',
  pull_requests: 'read',
  checks: 'write',
  issues: 'write',
  contents: 'write',
  deployments: 'write',
} as const;

const warnings = ({ app }: Scenario) =>
  app()
    .logged.filter(({ level }) => Number(level) >= 40)
    .map(({ msg }) => msg);

describe('permissions', () => {
  it('are those that the config uses, and no others', () => {
    expect(missingPermissions({}, configOf(''))).toMatchInlineSnapshot(`
      [
        "metadata: read (for the roles of people)",
        "contents: write (for the state of the rollout)",
        "issues: write (for the rollout's issue)",
        "checks: write (for the check run on pull requests)",
        "pull_requests: read (for the check run on pull requests)",
      ]
    `);
    const everything = configOf(`traffic:
  - variable: { name: SHARE }
  - variable: { name: SHARE, environment: production }
  - deployment: { environment: production }
measure: { source: prometheus, workflow: observe.yml }
rollout: { permissions: { force: acme/platform } }
`);
    expect(missingPermissions({ ...ALL, deployments: 'read' }, everything)).toMatchInlineSnapshot(`
      [
        "actions: write (for starting the measurements)",
        "deployments: write (for the deployment target)",
        "actions_variables: write (for the variable target)",
        "environments: write (for the variable target's environment)",
        "members: read (for the team acme/platform)",
      ]
    `);
  });

  it('to start workflows are only needed where a target does', () => {
    const config = configOf('traffic: [{ workflow: { file: gateway-traffic.yml } }]');
    const needed = 'actions: write (for the workflow target)';
    expect(missingPermissions(ALL, config)).toEqual([needed]);
    expect(missingPermissions({ ...ALL, actions: 'write' }, config)).toEqual([]);
    expect(missingPermissions(ALL, configOf(''))).toEqual([]);
  });

  it('are reported on the issue until they are granted', async () => {
    const { deployments: _, ...granted } = ALL;
    const scenario = await startScenario({ permissions: granted });
    await scenario.pushesConfig(CONFIG);
    await scenario.tick();
    expect((await scenario.replies()).join('\n')).toContain(
      'Missing: deployments: write (for the deployment target)',
    );
    expect(await scenario.body()).toContain('The App lacks permissions that the config needs.');
    await scenario.github.permits(ALL);
    await scenario.settled();
    expect(await scenario.lastReply()).toContain('Resolved');
    expect(await scenario.body()).not.toContain('lacks permissions');
  });

  it('are compared once, so that an idle tick sends no more requests', async () => {
    const scenario = await startScenario({ permissions: ALL });
    await scenario.pushesConfig(CONFIG);
    await scenario.passes(MINUTE);
    scenario.github.forgetRequests();
    await scenario.passes(MINUTE);
    const routes = scenario.github.requests().map(({ route }) => route);
    expect(routes.filter((route) => /rules|environments/.test(route))).toEqual([]);
  });
});

describe('the environment of a rollout', () => {
  it('warns of reviewers, who would delay a rollback too', async () => {
    const scenario = await startScenario();
    scenario.github.environment('production', { reviewers: ['olivia'] });
    await scenario.pushesConfig(CONFIG);
    await scenario.tick();
    expect((await scenario.replies()).join('\n')).toMatch(/reviewers.* Environment: production\./);
  });

  it('logs when a rollout starts whether a ruleset protects the states', async () => {
    const scenario = await startScenario();
    await scenario.pushesConfig(CONFIG);
    await scenario.tick();
    expect(warnings(scenario)).toEqual(['no ruleset protects the branch of the state']);
    const other = await startScenario();
    other.github.protect({
      branches: 'gateway-rollout/**',
      types: ['creation', 'update', 'deletion'],
      bypass: ['gateway-rollout'],
    });
    await other.pushesConfig(CONFIG);
    await other.tick();
    expect(warnings(other)).toEqual([]);
    expect(other.app().logged).toContainEqual(
      expect.objectContaining({ msg: 'a ruleset protects the branch of the state', rollout: 'shop' }),
    );
  });
});
