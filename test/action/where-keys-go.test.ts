/** Which key reaches which host, by the event of a run and by who named the host; on the bundle, with two new hosts. */
import path from 'node:path';
import { beforeEach, describe, expect, test } from 'vitest';
import { parse } from 'yaml';
import { nameOrigins } from '../../src/commands/action/name-origins.ts';
import { anyoneCanTrigger } from '../../src/commands/action/trust.ts';
import { mayGetKey, readTrustedOrigins } from '../../src/commands/named-origins.ts';
import { valid } from '../config/configs.ts';
import { sendJson, serve } from '../gateway/loopback.ts';
import { startActionsApi } from '../support/actions-api.ts';
import { builtBundle, runNode } from '../support/bundle.ts';
import { type DefaultBranch, startDefaultBranch } from '../support/default-branch.ts';
import { blocksOf, readDocument } from '../support/documents.ts';
import { temporaryDirectory } from '../support/files.ts';
import { commitFiles } from '../support/git.ts';
import { startQuirkyGateway } from '../support/quirky-gateway.ts';
import { type ActionRun, type ActionScenario, runAction } from '../support/run-action.ts';

const CONFIG = '.github/gateway-rollout.yml';
const OWN = 'acme/shop';
const FORK = 'stranger/shop';

/** By where each comes from; no two share a part, so that a host's requests show which of them it got. */
const SECRETS = {
  'api-key': 'gw-4f1c9a7be2d80356',
  'disabled-key': 'di-a93e0c71d5f2b864',
  'empty-key': 'em-7d20b8e4f6193ac5',
  header: 'he-c6519d3fa08e72b4',
  'official-api-key': 'of-e8b07f2a4c95d136',
} as const;
type Secret = keyof typeof SECRETS;
const OF_GATEWAY: readonly Secret[] = ['api-key', 'disabled-key', 'empty-key', 'header'];

/** A host that writes down what it gets, and refuses every key. */
interface Host {
  readonly origin: string;
  /** Of all requests so far, by their kind: `GET /v1/models`. */
  readonly requests: readonly string[];
  received(): Secret[];
}

async function startHost(): Promise<Host> {
  const requests: string[] = [];
  const texts: string[] = [];
  const origin = await serve((request, response) => {
    requests.push(`${request.method} ${request.url}`);
    texts.push(request.url ?? '', ...request.rawHeaders);
    request.on('data', (bytes) => texts.push(String(bytes)));
    request.on('end', () => {
      const error = { message: 'Incorrect API key', type: 'invalid_request_error', code: 'invalid_api_key' };
      sendJson(response, 401, { error });
    });
  });
  const all = () => texts.join('\n');
  const names = Object.keys(SECRETS) as Secret[];
  return { origin, requests, received: () => names.filter((name) => all().includes(SECRETS[name])) };
}

let workspace: string;
let gateway: Host;
let official: Host;

beforeEach(async () => {
  workspace = temporaryDirectory();
  [gateway, official] = await Promise.all([startHost(), startHost()]);
});

const configText = (ofGateway = gateway.origin, ofOfficial = official.origin): string => `gateway:
  base_url: ${ofGateway}/v1
  headers: { x-team: "\${GATEWAY_TEAM}", x-plain: written-in-the-file }
official: { base_url: ${ofOfficial}/v1 }
models: [gpt-4o-mini]
`;

const HEAD = 'a'.repeat(40);
const pull = (from: string, head = HEAD) => ({
  repository: { full_name: OWN, default_branch: 'main' },
  pull_request: {
    head: { sha: head, repo: { full_name: from } },
    base: { ref: 'main', repo: { full_name: OWN } },
    user: { login: 'dev' },
  },
});
const repository = { full_name: OWN, default_branch: 'main' };

/** One kind of run: how SECURITY.md calls it, and what GitHub tells the step. @param head the commit that is checked out */
interface RunKind {
  readonly about: string;
  readonly eventName: string;
  readonly ref: string;
  readonly payload: (head: string) => object;
  /** Whether what the workflow names counts. */
  readonly workflowCounts: boolean;
}

const kind = (
  about: string,
  eventName: string,
  ref: string,
  payload: (head: string) => object = () => ({ repository }),
  workflowCounts = true,
): RunKind => ({ about, eventName, ref, payload, workflowCounts });

const RUNS: readonly RunKind[] = [
  kind('`pull_request`, from a branch', 'pull_request', 'refs/pull/7/merge', (head) => pull(OWN, head)),
  kind(
    '`pull_request`, from a fork whose runs get secrets',
    'pull_request',
    'refs/pull/7/merge',
    (head) => pull(FORK, head),
    false,
  ),
  kind(
    '`pull_request_review`, from a fork',
    'pull_request_review',
    'refs/pull/7/merge',
    (head) => pull(FORK, head),
    false,
  ),
  kind('`pull_request_target`, at the head of a branch', 'pull_request_target', 'refs/heads/main', (head) =>
    pull(OWN, head),
  ),
  kind('`push` to a branch', 'push', 'refs/heads/feature'),
  kind('`push` to the default branch', 'push', 'refs/heads/main'),
  kind('`push` of a tag', 'push', 'refs/tags/v1'),
  kind('`workflow_run`, at the head of a branch', 'workflow_run', 'refs/heads/main', (head) => ({
    repository,
    workflow_run: { head_sha: head, head_repository: { full_name: OWN } },
  })),
  kind('`workflow_dispatch` on a branch', 'workflow_dispatch', 'refs/heads/feature'),
  kind(
    "`deployment_status` of a commit, which may be a fork's",
    'deployment_status',
    '',
    () => ({ repository, deployment: { ref: HEAD } }),
    false,
  ),
  kind('`merge_group`', 'merge_group', 'refs/heads/gh-readonly-queue/main/pr-7'),
  kind('`schedule`', 'schedule', 'refs/heads/main', () => ({ schedule: '0 5 * * *' })),
  kind('an event that this version does not know', 'commit_teleported', 'refs/heads/main', undefined, false),
];

/** Who names both hosts. */
const NAMERS = ['nobody', 'default branch', 'trusted-origins', 'base URLs'] as const;

async function run(
  { eventName, ref, payload }: RunKind,
  main: DefaultBranch,
  more: Partial<ActionScenario> = {},
  config = configText(),
): Promise<ActionRun> {
  const head = commitFiles(workspace, { [CONFIG]: config });
  const { header, ...keys } = SECRETS;
  return runAction({
    workspace,
    eventName,
    payload: payload(head),
    sha: 'b'.repeat(40),
    ...more,
    environment: { ...main.environment, GITHUB_REF: ref, GATEWAY_TEAM: header, ...more.environment },
    inputs: { ...keys, ...more.inputs },
  });
}

const inputsOf = (namer: (typeof NAMERS)[number]): Readonly<Record<string, string>> => {
  if (namer === 'trusted-origins') return { 'trusted-origins': `${gateway.origin}\n${official.origin}` };
  if (namer !== 'base URLs') return {};
  return { 'base-url': `${gateway.origin}/v1`, 'official-base-url': `${official.origin}/v1` };
};

const isNamedBy = (namer: (typeof NAMERS)[number], { workflowCounts }: RunKind): boolean =>
  namer === 'default branch' || (namer !== 'nobody' && workflowCounts);

const filesOf = (namer: (typeof NAMERS)[number]) =>
  namer === 'default branch' ? { [CONFIG]: configText() } : {};

/** Of these events, the whole Action: the usual one by each who may name a host, and those that differ more than in that. */
const WHOLE = RUNS.flatMap((event, index) => {
  if (index === 0) return NAMERS.map((namer) => ({ event, namer }));
  const isOpen = event.eventName === 'pull_request' || anyoneCanTrigger(event.eventName);
  return isOpen ? [{ event, namer: 'trusted-origins' as const }] : [];
});

describe('the Action', () => {
  test.each(WHOLE)('$event.about, with hosts that are named by: $namer', async ({ event, namer }) => {
    const main = await startDefaultBranch(filesOf(namer));
    const ended = await run(event, main, { inputs: inputsOf(namer) });
    const isNamed = isNamedBy(namer, event);
    expect(gateway.received()).toEqual(isNamed ? OF_GATEWAY : []);
    expect(official.received()).toEqual(isNamed ? ['official-api-key'] : []);
    expect(ended.exitCode).toBe(1);
    expect(ended.outputs.verdict).toBe('not-ready');
    expect(ended.outputs['reason-code']).toBe(isNamed ? 'auth.accepted' : 'new_address');
    expect(gateway.requests).toContain('GET /v1/models');
    expect(ended.summary).not.toContain(gateway.origin);
    const output = ended.outputs['new-address'] ?? '';
    for (const text of [ended.log, ended.summary, ended.reportText, ended.annotations.join(), output]) {
      if (isNamed) expect(text).not.toContain('New address');
      else expect(text).toContain(new URL(gateway.origin).host);
    }
  });
});

test.each(RUNS.flatMap((event) => NAMERS.map((namer) => [event.about, namer, event] as const)))(
  '%s, with hosts that are named by: %s',
  async (_, namer, event) => {
    const main = await startDefaultBranch(filesOf(namer));
    const inputs = inputsOf(namer);
    const named = await nameOrigins({
      event: { name: event.eventName, payload: event.payload(HEAD), actor: 'dev', sha: 'b'.repeat(40) },
      settings: { baseUrl: inputs['base-url'], officialBaseUrl: inputs['official-base-url'] },
      environment: { ...main.environment, GITHUB_REF: event.ref, GITHUB_REPOSITORY: OWN },
      trusted: readTrustedOrigins(inputs['trusted-origins'] ?? '').origins,
      front: 'action',
      token: main.environment['INPUT_GITHUB-TOKEN'] ?? '',
      workspace,
      file: CONFIG,
      config: valid(configText()),
    });
    const isNamed = isNamedBy(namer, event);
    expect(mayGetKey({ arm: 'gateway', baseUrl: gateway.origin }, named)).toBe(isNamed);
    expect(mayGetKey({ arm: 'official', baseUrl: official.origin }, named, gateway.origin)).toBe(isNamed);
  },
);

test('SECURITY.md shows this table', () => {
  const rows = RUNS.map(
    ({ about, workflowCounts }) =>
      `| ${about} | no key | every key | ${workflowCounts ? 'every key' : 'no key'} |`,
  );
  expect(readDocument('SECURITY.md')).toContain(`| :-- | :-- | :-- | :-- |\n${rows.join('\n')}\n\n`);
});

const [ON_BRANCH, FROM_FORK] = RUNS as [RunKind, RunKind];
const nothing = () => startDefaultBranch({});

test('a new gateway is asked what can be asked without a key, and the config cannot turn the verdict', async () => {
  const config = `${configText()}check: { require: [chat.basic], ignore: { connection.reach: "as we know" } }\n`;
  const ended = await run(ON_BRANCH, await nothing(), { inputs: { only: 'auth,models' } }, config);
  const probes = Object.fromEntries(ended.report?.probes.map(({ id, status }) => [id, status]) ?? []);
  expect(probes).toMatchObject({ new_address: 'fail', 'connection.reach': 'pass', 'auth.refused': 'pass' });
  expect(probes).toMatchObject({ 'models.list': 'skip', 'auth.accepted': 'skip' });
  expect(ended.report).toMatchObject({ verdict: 'not-ready', reasonCode: 'new_address' });
  expect(ended.annotations).toHaveLength(1);
  const shown = ended.annotations.join().replaceAll(gateway.origin, '<gateway>');
  expect(shown.replaceAll(official.origin, '<official>')).toMatchInlineSnapshot(
    `"::error::Not ready: 1 of 5 probes failed. new_address: New address: neither the workflow nor the default branch names <gateway> for the gateway's key or <official> for the official key, so no key was sent there. Somebody who may edit workflows must add "trusted-origins: <gateway> <official>" below "with:" in this step, or the config that names it must be merged into the default branch first. On the default branch, GitHub shows no .github/gateway-rollout.yml to this job."`,
  );
});

test.each(['default branch', 'trusted-origins'] as const)(
  'addresses that change places get no key, also where they are named by: %s',
  async (namer) => {
    const main = await startDefaultBranch({ [CONFIG]: configText() });
    await run(ON_BRANCH, main, { inputs: inputsOf(namer) }, configText(official.origin, gateway.origin));
    expect([...gateway.received(), ...official.received()]).toEqual([]);
  },
);

test('OPENAI_BASE_URL is named for OPENAI_API_KEY, and for no other key', async () => {
  const keys = { 'api-key': '', 'disabled-key': '', 'empty-key': '' };
  const environment = { OPENAI_BASE_URL: `${gateway.origin}/v1`, OPENAI_API_KEY: SECRETS['api-key'] };
  const config = configText(gateway.origin, gateway.origin);
  await run(ON_BRANCH, await nothing(), { environment, inputs: keys }, config);
  expect(gateway.received()).toEqual(['api-key', 'header']);
});

test('one new address does not keep the key from the other one', async () => {
  const main = await startDefaultBranch({ [CONFIG]: configText(gateway.origin, 'https://proxy.example') });
  const ended = await run(ON_BRANCH, main);
  expect(gateway.received()).toEqual(OF_GATEWAY);
  expect(official.received()).toEqual([]);
  expect(ended.outputs['reason-code']).toBe('new_address');
  expect(ended.report?.probes.find(({ id }) => id === 'compare.latency')?.summary).toContain('new_address');
});

test.each([
  ['that is no longer valid', (text: string) => `${text}retries: 3\n`, true],
  ['that is not YAML', (text: string) => `${text}models: [\n`, false],
  ['that names no address', () => 'models: [gpt-4o-mini]\n', false],
])('a config of the default branch %s', async (_, change, names) => {
  const main = await startDefaultBranch({ [CONFIG]: change(configText()) });
  await run(ON_BRANCH, main);
  expect(gateway.received()).toEqual(names ? OF_GATEWAY : []);
});

test.each([
  ['403', 403, {}, 'GitHub responded with status 403'],
  ['404', 404, {}, `GitHub shows no ${CONFIG} to this job`],
  ['502', 502, {}, 'GitHub responded with status 502'],
  ['no token', 200, { 'INPUT_GITHUB-TOKEN': '' }, 'the input github-token is empty'],
])('what GitHub does not show names nothing: %s', async (_, status, environment, why) => {
  const main = await startDefaultBranch({ [CONFIG]: configText() }, status);
  const ended = await run(ON_BRANCH, main, { environment });
  expect([...gateway.received(), ...official.received()]).toEqual([]);
  expect(ended.annotations.join()).toContain(why);
});

test('the same file of the default branch counts, and no tag or branch can pretend to be it', async () => {
  const config = 'deploy/shop/rollout.yml';
  const main = await startDefaultBranch({
    [CONFIG]: configText(),
    [config]: configText('https://a.example'),
  });
  commitFiles(workspace, { [config]: configText() });
  await run(ON_BRANCH, main, { inputs: { config } });
  expect(gateway.received()).toEqual([]);
  expect(main.asked).toEqual([config]);
});

test('on the default branch its own checkout counts, and no other', async () => {
  const main = await nothing();
  const sha = commitFiles(workspace, { [CONFIG]: configText() });
  const go = (sha: string, ref = 'refs/heads/main', payload: object = { repository }) =>
    runAction({
      workspace,
      eventName: 'workflow_dispatch',
      sha,
      payload,
      inputs: { 'api-key': SECRETS['api-key'] },
      environment: { ...main.environment, GITHUB_REF: ref, GATEWAY_TEAM: SECRETS.header },
    });
  await go('b'.repeat(40));
  await go(sha, 'refs/tags/main');
  // The names of a default branch that the event does not name.
  for (const name of ['null', 'undefined']) await go(sha, `refs/heads/${name}`, {});
  expect(gateway.received()).toEqual([]);
  await go(sha);
  expect(gateway.received()).toEqual(['api-key', 'header']);
  expect(main.asked).toHaveLength(4);
});

test.each(['trusted-origins', 'nobody'] as const)('exec, with hosts that are named by: %s', async (namer) => {
  const suite =
    'curl -s "$OPENAI_BASE_URL/models" -H "authorization: Bearer $OPENAI_API_KEY" && echo suite ran';
  const inputs = { command: 'exec', arm: 'both', run: suite, ...inputsOf(namer) };
  const ended = await run(ON_BRANCH, await nothing(), { inputs });
  const isNamed = namer !== 'nobody';
  expect(gateway.received()).toEqual(isNamed ? ['api-key', 'header'] : []);
  expect(official.received()).toEqual(isNamed ? ['official-api-key'] : []);
  if (isNamed) return expect(ended.log).toContain('suite ran');
  expect(ended.log).not.toContain('suite ran');
  expect(ended.outputs['reason-code']).toBe('new_address');
  for (const text of [ended.annotations.join(), ended.outputs['new-address']])
    expect(text).toContain(gateway.origin);
  expect(ended.summary).toContain(new URL(gateway.origin).host);
});

test.each(['trusted-origins', 'nobody'] as const)(
  'fidelity, with hosts that are named by: %s',
  async (namer) => {
    const ended = await run(ON_BRANCH, await nothing(), {
      inputs: { command: 'fidelity', ...inputsOf(namer) },
    });
    const isNamed = namer !== 'nobody';
    expect(gateway.received()).toEqual(isNamed ? ['api-key', 'header'] : []);
    expect(official.received()).toEqual(isNamed ? ['official-api-key'] : []);
    expect(ended.outputs['reason-code']).toBe(isNamed ? 'no_power' : 'new_address');
    expect(ended.exitCode).toBe(isNamed ? 0 : 1);
  },
);

test('observe sends no credentials to addresses that the workflow of a fork names', async () => {
  const config = `${configText()}measure: { source: prometheus }\n`;
  const inputs = {
    command: 'observe',
    'prometheus-url': gateway.origin,
    'prometheus-token': SECRETS['api-key'],
  };
  const environment = await (await startActionsApi()).environment();
  const ended = await run(FROM_FORK, await nothing(), { inputs, environment }, config);
  expect(gateway.requests).toEqual([]);
  expect(ended.outputs['reason-code']).toBe('new_address');
  expect(ended.annotations.join()).toContain(gateway.origin);
});

test('the command line keeps to the rule in a job, and to nothing elsewhere', async () => {
  commitFiles(workspace, { [CONFIG]: configText() });
  const { environment: api } = await nothing();
  const keys = { GATEWAY_API_KEY: SECRETS['api-key'], GATEWAY_TEAM: SECRETS.header };
  const job = { GITHUB_ACTIONS: 'true', GITHUB_EVENT_NAME: 'push', GITHUB_REPOSITORY: OWN, ...api };
  const check = (environment: Readonly<Record<string, string>>, ...args: readonly string[]) =>
    runNode(path.join(builtBundle(), 'cli.js'), ['check', ...args], {
      cwd: workspace,
      environment: { ...keys, ...environment },
    });
  const held = await check(job);
  expect([held.exitCode, gateway.received()]).toEqual([1, []]);
  expect(held.stdout.replaceAll(/\s+/g, ' ')).toContain(`--base-url ${gateway.origin}/v1`);
  await check(job, '--base-url', `${gateway.origin}/v1`);
  expect(gateway.received()).toEqual(['api-key', 'header']);
});

test('outside of jobs, the command line sends the key to the address in the config', async () => {
  commitFiles(workspace, { [CONFIG]: configText() });
  await runNode(path.join(builtBundle(), 'cli.js'), ['check'], {
    cwd: workspace,
    environment: { GATEWAY_API_KEY: SECRETS['api-key'], GATEWAY_TEAM: SECRETS.header },
  });
  expect(gateway.received()).toEqual(['api-key', 'header']);
});

test('a trusted origin that is none fails the step with one sentence, which repeats no password', async () => {
  const inputs = { 'trusted-origins': 'https://me:pass-word@gateway.example' };
  const ended = await run(ON_BRANCH, await nothing(), { inputs });
  expect(ended.outputs['reason-code']).toBe('malformed_input');
  expect(ended.annotations.join()).toContain('trusted-origins contains a user name or a password');
  expect(ended.everything).not.toContain('pass-word');
  expect(gateway.requests).toEqual([]);
});

test('the workflow that init writes is ready as a first pull request', async () => {
  const good = await startQuirkyGateway();
  try {
    const config = blocksOf(readDocument('README.md'), 'yaml')
      .join('\n')
      .replace('https://zivv.pro', good.origin);
    const workflow = readDocument('src/commands/init/templates/gateway-check.yml').replace(
      'https://gateway.example',
      good.origin,
    );
    expect([config, workflow].map((text) => text.includes(good.origin))).toEqual([true, true]);
    const [, step] = parse(workflow).jobs.check.steps;
    // OPENAI_API_KEY is optional, and without it nothing is asked on the Internet.
    const secrets = { GATEWAY_API_KEY: good.apiKey, OPENAI_API_KEY: '' };
    const inputs = Object.fromEntries(
      Object.entries<string>(step.with).map(([name, value]) => [
        name,
        value.replace(/\$\{\{ secrets\.(\w+) \}\}/, (_, secret: keyof typeof secrets) => secrets[secret]),
      ]),
    );
    const main = await nothing();
    const head = commitFiles(workspace, {
      [CONFIG]: config,
      '.github/workflows/gateway-check.yml': workflow,
    });
    const ended = await runAction({
      workspace,
      eventName: 'pull_request',
      payload: pull(OWN, head),
      environment: main.environment,
      inputs,
    });
    expect(ended.outputs.verdict).toBe('ready');
    expect(ended.exitCode).toBe(0);
    expect(main.asked).toEqual([CONFIG]);
  } finally {
    await good.stop();
  }
});
