import { expect, it } from 'vitest';
import { HOUR, type Scenario, startScenario } from './rollout-scenario.ts';

const FLAGS = 'deploy/flags.json';

const BY_TRAFFIC = `gateway: { base_url: https://gateway.example/v1 }
models: [gpt-4o-mini]
measure: { source: prometheus, workflow: gateway-observe.yml, interval: 12h }
traffic:
  - file: { path: ${FLAGS}, set: { /share: share } }
  - variable: { name: GATEWAY_SHARE }
  - deployment: { environment: production }
  - dispatch: { event_type: gateway-rollout }
rollout:
  stages: [local, staging, 5%, 25%, 100%]
  watch: 26h
  gates:
    local: { manual: true }
    staging: { workflows: [staging.yml], manual: true }
`;

const MEASURED = `gateway: { base_url: https://gateway.example/v1 }
measure: { source: prometheus, workflow: gateway-observe.yml, interval: 12h }
`;

const PRODUCTION_ALONE = `${MEASURED}
models: [gpt-4o-mini]
traffic:
  - file: { path: ${FLAGS}, set: { /share: share } }
rollout: { stages: [5%, 25%, 100%], watch: 0 }
`;

const BY_WORKLOAD = `${MEASURED}
models: [gpt-4o-mini]
workloads: [tools, core]
traffic:
  - file: { path: ${FLAGS}, set: { /tools: share(tools), /core: share(core) } }
rollout:
  stages: [tools, core]
  watch: 0
  gates: { default: { metrics: { success_rate: { min: 99% }, latency_p95: { max: 30s } } } }
`;

const ONE_MODEL_FIRST = `${MEASURED}
models: { fast: gpt-4o-mini, gpt-4o: gpt-4o }
traffic:
  - file: { path: ${FLAGS}, set: { /fast: share(fast), /share: share } }
rollout: { stages: ["fast: 5%", "fast: 50%", 25%, 100%], watch: 0 }
`;

/** Every target that holds a value, and what the newest requests to the others ask for. */
function sharesIn({ github }: Scenario, file: string | null): unknown {
  const shareOf = (payload: unknown) => JSON.stringify(payload).match(/"everything":([\d.]+)/)?.[1];
  return {
    file: file === null ? null : JSON.parse(file).share,
    variable: github.variable('GATEWAY_SHARE'),
    deployment: shareOf(github.deployments().at(-1)?.payload),
    dispatch: shareOf(github.dispatches().at(-1)?.payload),
  };
}

async function targets(scenario: Scenario): Promise<unknown> {
  return sharesIn(scenario, await scenario.github.file(FLAGS));
}

const all = (share: number) => ({
  file: share,
  variable: String(share),
  deployment: String(share),
  dispatch: String(share),
});

/** The team's workflow has done what the newest deployment asks for. */
async function deploys(scenario: Scenario): Promise<void> {
  const { github } = scenario;
  const newest = github.deployments().at(-1);
  if (newest === undefined) throw new Error('no deployment was asked for');
  await github.deploymentReports(newest.id, 'success');
  await scenario.settled();
}

/** Days of healthy traffic in one stage, until the rollout moves on. */
async function staysHealthy(scenario: Scenario, stage: string, share: number): Promise<void> {
  for (let window = 0; window < 4; window += 1) await scenario.observesFor(7 * HOUR, stage, share);
}

it('goes from a pushed config to 100 % on the gateway, with a final report', async () => {
  const scenario = await startScenario({ overNetwork: true });
  const { github } = scenario;
  await github.pushes({ [FLAGS]: '{ "share": 0 }\n' });
  await scenario.pushesConfig(BY_TRAFFIC);
  expect((await github.issues()).map(({ title }) => title)).toEqual(['Gateway rollout: shop']);
  await deploys(scenario);
  expect(await scenario.headline()).toContain(': **local**');

  const go = await scenario.says('alice', '/advance-rollout');
  expect(await scenario.reactions(go)).toEqual(['eyes', 'rocket']);
  expect(await scenario.headline()).toContain(': **staging**');

  const early = await scenario.says('alice', '/advance-rollout');
  expect(await scenario.reactions(early)).toEqual(['eyes', 'confused']);
  expect(await scenario.lastReply()).toContain('staging.yml');

  await github.runFinished('staging.yml');
  await scenario.settled();
  await scenario.says('bob', '/advance-rollout');
  expect(await scenario.headline()).toContain(': **5%**');
  expect(await targets(scenario)).toEqual(all(5));
  await deploys(scenario);

  await scenario.observesFor(6 * HOUR, '5%', 5);
  const refused = await scenario.says('alice', '/advance-rollout');
  expect(await scenario.reactions(refused)).toEqual(['eyes', 'confused']);
  expect(await scenario.lastReply()).toMatch(/6 h of 24 h/);

  await staysHealthy(scenario, '5%', 5);
  expect(await scenario.headline()).toContain(': **25%**');
  expect(await targets(scenario)).toEqual(all(25));
  await deploys(scenario);

  await staysHealthy(scenario, '25%', 25);
  expect(await scenario.headline()).toContain(': **100%**');
  expect(await targets(scenario)).toEqual(all(100));
  await deploys(scenario);

  await staysHealthy(scenario, '100%', 100);
  expect(await scenario.headline()).toContain('Watching after the last stage');
  expect(await github.issue(1)).toMatchObject({ state: 'open' });
  await staysHealthy(scenario, '100%', 100);
  expect(await scenario.headline()).toContain('Completed');
  expect(await scenario.lastReply()).toContain('Final report');
  expect(await github.issue(1)).toMatchObject({ state: 'closed', stateReason: 'completed' });
  expect(await github.commits('gateway-rollout/shop')).toContainEqual(
    expect.stringMatching(/^advance 5% → 25%: success rate/),
  );
});

it('rolls back when the gateway fails, and continues after /retry-rollout', async () => {
  const scenario = await startScenario();
  const { github } = scenario;
  await github.pushes({ [FLAGS]: '{ "share": 0 }\n' });
  await scenario.pushesConfig(PRODUCTION_ALONE);
  expect(await scenario.headline()).toContain(': **5%**');
  await staysHealthy(scenario, '5%', 5);
  expect(await scenario.headline()).toContain(': **25%**');

  await scenario.observesFor(HOUR, '25%', 25, { failing: 0.2 });
  expect(await scenario.headline()).toContain('Rolled back');
  expect(JSON.parse((await github.file(FLAGS)) ?? '')).toEqual({ share: 0 });
  expect(await scenario.lastReply()).toMatch(/success_rate.*gateway 80 %/);
  expect(await github.commits('gateway-rollout/shop')).toContainEqual(
    expect.stringMatching(/^roll back 25% → 0%/),
  );

  await scenario.says('alice', '/retry-rollout');
  expect(await scenario.headline()).toContain(': **5%**');
  await staysHealthy(scenario, '5%', 5);
  await staysHealthy(scenario, '25%', 25);
  await staysHealthy(scenario, '100%', 100);
  expect(await scenario.headline()).toContain('Completed');
  expect(JSON.parse((await github.file(FLAGS)) ?? '')).toEqual({ share: 100 });
});

it('steps back for three hours after an incident, and continues', async () => {
  const scenario = await startScenario();
  const { github } = scenario;
  const share = async () => JSON.parse((await github.file(FLAGS)) ?? '').share;
  await github.pushes({ [FLAGS]: '{ "share": 0 }\n' });
  await scenario.pushesConfig(
    PRODUCTION_ALONE.replace('watch: 0', 'gates: { default: { min_duration: 9d } }'),
  );
  for (let day = 0; day < 6; day += 1) await scenario.observesFor(24 * HOUR, '5%', 5);
  await scenario.observesFor(HOUR, '5%', 5, { failing: 0.2 });
  expect(await scenario.headline()).toContain('Stepped back from stage **5%** until');
  expect(await share()).toBe(0);
  expect(await scenario.lastReply()).toMatch(/20 % of the tasks on the gateway failed between/);
  await scenario.tick();
  expect(await share()).toBe(0);
  await scenario.passes(3 * HOUR);
  expect(await scenario.headline()).toContain('Stage 1 of 3: **5%**');
  expect(await share()).toBe(5);
  const log = await github.commits('gateway-rollout/shop');
  expect(log).toContainEqual(expect.stringMatching(/^step back 5% → 0%/));
  expect(log).toContainEqual(expect.stringMatching(/^return to 5%/));
});

it('moves one complete workload after another', async () => {
  const scenario = await startScenario();
  const { github } = scenario;
  await github.pushes({ [FLAGS]: '{ "tools": 0, "core": 0 }\n' });
  await scenario.pushesConfig(BY_WORKLOAD);
  expect(JSON.parse((await github.file(FLAGS)) ?? '')).toEqual({ tools: 100, core: 0 });
  await staysHealthy(scenario, 'tools', 100);
  expect(await scenario.headline()).toContain(': **core**');
  expect(JSON.parse((await github.file(FLAGS)) ?? '')).toEqual({ tools: 100, core: 100 });
  await staysHealthy(scenario, 'core', 100);
  expect(await scenario.headline()).toContain('Completed');
});

it('moves one model first, then everything', async () => {
  const scenario = await startScenario();
  const { github } = scenario;
  await github.pushes({ [FLAGS]: '{ "fast": 0, "share": 0 }\n' });
  await scenario.pushesConfig(ONE_MODEL_FIRST);
  const flags = async () => JSON.parse((await github.file(FLAGS)) ?? '');
  expect(await flags()).toEqual({ fast: 5, share: 0 });
  await staysHealthy(scenario, 'fast: 5%', 5);
  expect(await flags()).toEqual({ fast: 50, share: 0 });
  await staysHealthy(scenario, 'fast: 50%', 50);
  expect(await flags()).toEqual({ fast: 50, share: 25 });
  await staysHealthy(scenario, '25%', 25);
  expect(await flags()).toEqual({ fast: 100, share: 100 });
  await staysHealthy(scenario, '100%', 100);
  expect(await scenario.headline()).toContain('Completed');
});
