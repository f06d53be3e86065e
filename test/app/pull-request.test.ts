import { describe, expect, it } from 'vitest';
import { deliver } from './deliver.ts';
import { openRepository } from './open-repository.ts';
import { HOUR, type Scenario, sharedScenario, startScenario } from './rollout-scenario.ts';

const PATH = '.github/gateway-rollout.yml';
const FLAGS = 'deploy/flags.json';

const CONFIG = `gateway: { base_url: https://gateway.example/v1 }
models: [gpt-4o-mini]
measure: { source: prometheus, workflow: gateway-observe.yml, interval: 1h }
traffic:
  - file: { path: ${FLAGS}, set: { /share: share } }
rollout:
  stages: [local, 5%, 25%, 100%]
  gates: { local: { manual: true } }
`;

const changed = (from: string, to: string): string => {
  const text = CONFIG.replace(from, to);
  if (text === CONFIG) throw new Error(`the config holds no ${from}`);
  return text;
};
const flags = (share: number, more = ''): string => `{ "share": ${share}${more} }\n`;

/** What the check run on the newest commit of the pull request says. */
async function verdictOn({ github, settled }: Scenario, files: Readonly<Record<string, string | null>>) {
  const pull = await github.opensPull(files, { by: 'alice' });
  await settled();
  return { pull, ...(await checkOf(github, headOf(github, pull))) };
}

/** The newest commit of a pull request, according to the last webhook. */
function headOf(github: Scenario['github'], pull: number): string {
  const heads = github.deliveries().flatMap(({ event, payload }) => {
    const { pull_request: about } = Object(payload);
    return event === 'pull_request' && about.number === pull ? [about.head.sha] : [];
  });
  return heads.at(-1) ?? '';
}

async function checkOf(github: Scenario['github'], sha: string) {
  const checks = (await github.checks(sha)).filter(({ name }) => name === 'gateway-rollout');
  const { conclusion, title, summary, app } = checks[0] ?? {
    conclusion: null,
    title: null,
    summary: null,
    app: '',
  };
  return { conclusion, title, summary, app, sha };
}

/** At 5 %, all targets verified. */
async function atFive(config = CONFIG): Promise<Scenario> {
  const scenario = await startScenario();
  await goToFive(scenario, config);
  return scenario;
}

async function goToFive(scenario: Scenario, config = CONFIG): Promise<void> {
  await scenario.github.pushes({ [FLAGS]: flags(0) });
  await scenario.pushesConfig(config);
  await scenario.says('alice', '/advance-rollout');
  expect(await scenario.github.file(FLAGS)).toBe(flags(5));
}

describe('on a pull request without a rollout', () => {
  const idle = sharedScenario((scenario) => scenario.tick());

  it('is neutral if no rollout is affected, after one request for the files', async () => {
    const scenario = idle();
    const { github } = scenario;
    github.forgetRequests();
    const pull = await github.opensPull({ 'src/a.ts': 'export {};\n' }, { by: 'alice' });
    await scenario.settled();
    expect(github.requests().map(({ method, route }) => `${method} ${route}`)).toEqual([
      'GET /repos/:owner/:repo/pulls/:number/files',
      'GET /repos/:owner/:repo/git/matching-refs/*prefix',
      'POST /repos/:owner/:repo/check-runs',
    ]);
    expect(await checkOf(github, headOf(github, pull))).toMatchObject({
      conclusion: 'neutral',
      app: 'gateway-rollout',
      title: 'Touches no config and no traffic target',
    });
  });

  it('says which rollout a config starts', async () => {
    const verdict = await verdictOn(idle(), { [PATH]: CONFIG });
    expect(verdict).toMatchObject({ conclusion: 'success' });
    expect(`${verdict.title}\n${verdict.summary}`).toMatchInlineSnapshot(`
      "Would start a rollout
      **.github/gateway-rollout.yml**

      - Merging starts the rollout <code>shop</code> at stage **local**: the App opens an issue and tests that it can write every traffic target.
      - New address: <code>https&#58;//gateway.example</code> for the gateway's key. Until this is merged, jobs send no key there, unless their workflow names it: somebody who may edit workflows must add <code>trusted-origins: https&#58;//gateway.example</code> to the step."
    `);
  });

  it('names each address that the default branch does not name for this key', async () => {
    const scenario = await startScenario();
    await scenario.pushesConfig(CONFIG);
    const verdict = await verdictOn(scenario, {
      [PATH]: `official: { base_url: https://Gateway.example:443 }\n${CONFIG}`,
    });
    expect(verdict.summary).toContain(
      'New address: <code>https&#58;//gateway.example</code> for the official key.',
    );
    expect(verdict.summary).not.toContain("the gateway's key");
    const same = await verdictOn(scenario, { [PATH]: changed('example/v1', 'example/v2') });
    expect(same.summary).not.toContain('New address');
  });

  it('shows what is wrong with a config at its lines', async () => {
    const scenario = idle();
    const verdict = await verdictOn(scenario, { [PATH]: `${CONFIG}modles: [gpt-4o]\n` });
    expect(verdict).toMatchObject({ conclusion: 'failure' });
    expect(`${verdict.title}\n${verdict.summary}`).toMatchInlineSnapshot(`
      "The config is not valid: 1 problem
      **.github/gateway-rollout.yml**

      - ❌ <code>.github/gateway-rollout.yml</code> is not valid. If merged, nothing advances until it is fixed.
        - .github/gateway-rollout.yml:9:1 modles: the key "modles" is unknown; expected one of name, official, gateway, models, workloads, client, check, policy, quality, rollout, measure, traffic; did you mean "models"?"
    `);
    const { octokit } = await openRepository(scenario.github);
    const about = { owner: 'acme', repo: 'shop', ref: verdict.sha };
    const { data } = await octokit.rest.checks.listForRef(about);
    const [run] = data.check_runs;
    const annotations = await octokit.rest.checks.listAnnotations({ ...about, check_run_id: run?.id ?? 0 });
    expect(annotations.data).toMatchObject({
      check_annotations: [{ path: PATH, start_line: 9, annotation_level: 'failure' }],
    });
  });
});

describe('on a pull request against a running rollout', () => {
  const running = sharedScenario((scenario) => goToFive(scenario));

  it('passes changes that keep the evidence, and says which ones reset it', async () => {
    const scenario = running();
    const harmless = await verdictOn(scenario, {
      [PATH]: changed('gates: { local', 'notify: [acme/platform]\n  gates: { local'),
    });
    const anew = await verdictOn(scenario, { [PATH]: changed('[gpt-4o-mini]', '[gpt-4o-mini, gpt-4o]') });
    const lost = await verdictOn(scenario, { [PATH]: changed('5%, 25%', '10%, 25%') });
    const targets = await verdictOn(scenario, {
      [PATH]: changed('rollout:', '  - variable: { name: GATEWAY_SHARE }\nrollout:'),
    });
    expect(
      [harmless, anew, lost, targets].map(({ conclusion, title, summary }) => ({
        conclusion,
        title,
        summary,
      })),
    ).toMatchSnapshot();
  });

  it('fails if the share in the target file would go up, and passes other changes to it', async () => {
    const scenario = running();
    const raised = await verdictOn(scenario, { [FLAGS]: flags(50) });
    const lowered = await verdictOn(scenario, { [FLAGS]: flags(1) });
    const other = await verdictOn(scenario, { [FLAGS]: flags(5, ', "color": "blue"') });
    const broken = await verdictOn(scenario, { [FLAGS]: '{ "gateway": 5 }\n' });
    const gone = await verdictOn(scenario, { [FLAGS]: null });
    const verdicts = [raised, lowered, other, broken, gone];
    expect(verdicts.map(({ conclusion }) => conclusion)).toEqual([
      'failure',
      'success',
      'success',
      'failure',
      'failure',
    ]);
    expect(verdicts.map(({ title, summary }) => ({ title, summary }))).toMatchSnapshot();
  });

  it('passes a branch from when the share was higher, and a different gateway after a rollback', async () => {
    const scenario = await atFive();
    const { github } = scenario;
    const pull = await github.opensPull({ [FLAGS]: flags(5, ', "color": "blue"') }, { by: 'alice' });
    await scenario.says('alice', '/rollback-rollout');
    await github.pushesToPull(pull, { 'src/a.ts': 'export {};\n' }, { by: 'alice' });
    await scenario.settled();
    expect(await checkOf(github, headOf(github, pull))).toMatchObject({ conclusion: 'success' });
    const moved = await verdictOn(scenario, { [PATH]: changed('gateway.example', 'other.example') });
    expect(moved.conclusion).toBe('success');
  });

  it('fails a different gateway while it has traffic, and a file whose meaning changes', async () => {
    const scenario = running();
    const moved = await verdictOn(scenario, { [PATH]: changed('gateway.example', 'other.example') });
    const turned = await verdictOn(scenario, { [PATH]: changed('/share: share', '/share: rest') });
    const gone = await verdictOn(scenario, { [PATH]: null });
    expect(
      [moved, turned, gone].map(({ conclusion, title, summary }) => ({ conclusion, title, summary })),
    ).toMatchSnapshot();
  });

  it('reports a gate that would advance the rollout at once', async () => {
    const gate =
      'local: { manual: true }, 5%: { min_tasks: 1, metrics: { success_rate: { min: 50% }, latency_p95: { max: 30s } }, min_duration:';
    const slow = changed('local: { manual: true }', `${gate} 10d }`);
    const scenario = await atFive(slow);
    await scenario.observesFor(3 * HOUR, '5%', 5);
    const verdict = await verdictOn(scenario, { [PATH]: slow.replace('10d', '1h') });
    expect(verdict).toMatchObject({ conclusion: 'success' });
    expect(`${verdict.title}\n${verdict.summary}`).toMatchInlineSnapshot(`
      "Would meet the gate and advance the rollout
      **.github/gateway-rollout.yml**

      - <code>rollout.gates.5%</code> changes: evidence for stage **5%** still counts. No traffic moves.
      - The gate would already be met: within minutes the rollout would advance from **5%** to **25%** (gateway traffic then: 25 %). To wait, comment \`/pause-rollout\` before merging."
    `);
  });

  it('checks what a merge queue would merge, and again when somebody re-runs it', async () => {
    const scenario = await atFive();
    const { github } = scenario;
    const { pull } = await verdictOn(scenario, { [FLAGS]: flags(3) });
    const sha = await github.queues(pull);
    await scenario.settled();
    expect(await checkOf(github, sha)).toMatchObject({ conclusion: 'success' });
    await scenario.says('alice', '/rollback-rollout');
    const { payload } = github.deliveries().findLast(({ event }) => event === 'check_run') ?? {};
    await deliver(scenario, 'check_run', { ...Object(payload), action: 'rerequested' });
    expect(await checkOf(github, sha)).toMatchObject({
      conclusion: 'failure',
      title: 'Would raise the share above stage 5%',
    });
  });
});
