import path from 'node:path';
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { startDefaultBranch } from '../support/default-branch.ts';
import { temporaryDirectory, writeFiles } from '../support/files.ts';
import { commitFiles } from '../support/git.ts';
import { type QuirkyGateway, startQuirkyGateway } from '../support/quirky-gateway.ts';
import { runAction } from '../support/run-action.ts';

const CONFIG = '.github/gateway-rollout.yml';
const OWN = 'acme/shop';
const FORK = 'stranger/shop';

let gateway: QuirkyGateway;
let workspace: string;

beforeAll(async () => {
  gateway = await startQuirkyGateway();
});
afterAll(() => gateway.stop());
beforeEach(() => {
  workspace = temporaryDirectory();
  gateway.forgetRequests();
});

/** The line of the quick start's workflow. */
const trusted = (origin = gateway.origin) => ({ 'trusted-origins': origin });

const configText = (): string => `gateway:\n  base_url: ${gateway.baseUrl}\nmodels: [gpt-4o-mini]\n`;

const pull = (from: string, head = 'a'.repeat(40)) => ({
  repository: { full_name: OWN },
  pull_request: {
    head: { sha: head, repo: { full_name: from } },
    base: { repo: { full_name: OWN } },
    user: { login: 'dev' },
  },
});

test('a pull request with a good gateway succeeds, with a summary, a report and outputs', async () => {
  writeFiles(workspace, { [CONFIG]: configText() });
  const run = await runAction({
    workspace,
    eventName: 'pull_request',
    payload: pull(OWN),
    inputs: {
      ...trusted(),
      'api-key': gateway.apiKey,
      only: 'connection,auth.accepted,chat.basic,stream.shape',
    },
  });
  expect(run.log).toContain('Ready');
  expect(run.exitCode).toBe(0);
  expect(run.outputs).toMatchObject({ verdict: 'ready', 'reason-code': 'all_passed', 'models-missing': '' });
  expect(run.report).toMatchObject({ schema: 1, verdict: 'ready', gateway: { baseUrl: gateway.baseUrl } });
  expect(run.summary).toContain('## ✅ Gateway check');
  expect(run.annotations).toEqual([]);
  expect(gateway.count('/chat/completions')).toBeGreaterThan(0);
});

test('the key is masked before any output and never appears, even if the gateway echoes it', async () => {
  const echoing = await startQuirkyGateway({ quirks: ['echoes-key'] });
  const secrets = { 'api-key': 'gw-wrong/key+0123456789', 'official-api-key': 'official-key-0123456789' };
  try {
    writeFiles(workspace, { [CONFIG]: configText().replace(gateway.baseUrl, echoing.baseUrl) });
    const run = await runAction({
      workspace,
      inputs: {
        ...secrets,
        'base-url': echoing.baseUrl,
        'official-base-url': echoing.baseUrl,
        only: 'auth,chat',
      },
      environment: { GATEWAY_DISABLED_KEY: 'disabled-key-0123456789' },
    });
    expect(run.exitCode).toBe(1);
    expect(run.outputs['reason-code']).toBe('auth.accepted');
    const keys = [...Object.values(secrets), 'disabled-key-0123456789'];
    expect(run.masked).toEqual(expect.arrayContaining(keys));
    expect(run.masked).toContain(Buffer.from(secrets['api-key']).toString('base64'));
    expect(run.masked).toContain(encodeURIComponent(secrets['api-key']));
    for (const key of keys) expect(run.everything).not.toContain(key.slice(4, -4));
  } finally {
    await echoing.stop();
  }
});

test('a gateway that is not ready fails the job with one line that names the first failure and its fix', async () => {
  writeFiles(workspace, { [CONFIG]: configText().replace('gpt-4o-mini', 'gpt-4o-mni') });
  const run = await runAction({
    workspace,
    inputs: { ...trusted(), 'api-key': gateway.apiKey, only: 'models.available' },
  });
  expect(run.exitCode).toBe(1);
  expect(run.outputs).toMatchObject({
    verdict: 'not-ready',
    'reason-code': 'models.available',
    'models-missing': 'gpt-4o-mni',
  });
  expect(run.annotations).toMatchInlineSnapshot(`
    [
      "::error::Not ready: 1 of 4 probes failed. models.available: The gateway does not serve gpt-4o-mni. Map gpt-4o-mni to gpt-4o-mini (models: { gpt-4o-mni: gpt-4o-mini } in the config).",
    ]
  `);
  expect(run.summary).toContain('gpt-4o-mini?');
});

test.each([
  ['a fork', { payload: pull(FORK) }, 'no_secrets_on_fork'],
  ['Dependabot', { payload: pull(OWN), actor: 'dependabot[bot]' }, 'no_secrets_for_dependabot'],
])('a pull request from %s has no key and is skipped, visibly', async (_, event, reasonCode) => {
  writeFiles(workspace, { [CONFIG]: configText() });
  const run = await runAction({ workspace, eventName: 'pull_request', inputs: { 'api-key': '' }, ...event });
  expect(run.exitCode).toBe(0);
  expect(run.outputs).toMatchObject({ verdict: 'skipped', 'reason-code': reasonCode, 'models-missing': '' });
  expect(run.report).toMatchObject({ verdict: 'skipped', probes: [], gateway: { baseUrl: gateway.baseUrl } });
  expect(run.annotations).toMatchSnapshot();
  expect(run.summary).toContain('## ⏭️ Gateway check');
  expect(gateway.requests).toEqual([]);
});

test('a pull request from a fork that does get the key is checked', async () => {
  writeFiles(workspace, { [CONFIG]: configText() });
  const main = await startDefaultBranch({ [CONFIG]: configText() });
  const run = await runAction({
    workspace,
    eventName: 'pull_request',
    payload: pull(FORK),
    environment: { ...main.environment, GATEWAY_API_KEY: gateway.apiKey },
    inputs: { only: 'chat.basic' },
  });
  expect(run.outputs.verdict).toBe('ready');
});

test('a missing key fails the job in all other runs', async () => {
  writeFiles(workspace, {
    [CONFIG]: 'gateway:\n  base_url: https://gateway.example/v1\nmodels: [gpt-4o-mini]\n',
  });
  const run = await runAction({ workspace, eventName: 'pull_request', payload: pull(OWN) });
  expect(run.exitCode).toBe(1);
  const { verdict, 'reason-code': reasonCode, ...others } = run.outputs;
  expect([verdict, reasonCode]).toEqual(['not-ready', 'missing_key']);
  expect(Object.keys(others).length).toBeGreaterThan(4);
  expect(new Set(Object.values(others))).toEqual(new Set(['']));
  expect(run.annotations).toMatchSnapshot();
  expect(run.summary).toMatchSnapshot();
});

test("an outsider's commit under pull_request_target is refused before its config is read", async () => {
  const base = commitFiles(workspace, { 'README.md': 'base' });
  const head = commitFiles(workspace, { [CONFIG]: 'this: [is not even YAML' });
  const run = await runAction({
    workspace,
    eventName: 'pull_request_target',
    payload: pull(FORK, head),
    sha: base,
    inputs: { 'api-key': gateway.apiKey, 'base-url': gateway.baseUrl },
  });
  expect(run.exitCode).toBe(1);
  expect(run.outputs).toMatchObject({ verdict: 'not-ready', 'reason-code': 'untrusted_head', report: '' });
  expect(run.log).toContain(`is at commit ${head.slice(0, 12)}`);
  expect(run.log).not.toContain('YAML');
  expect(run.summary).toContain('Nothing was read and no key was used');
  expect(gateway.requests).toEqual([]);
});

test("a config in an outsider's checkout beside a trusted one is refused too", async () => {
  const stranger = path.join(workspace, 'pr');
  commitFiles(stranger, { [CONFIG]: configText() });
  const base = commitFiles(workspace, { '.gitignore': 'pr\n' });
  const run = await runAction({
    workspace,
    eventName: 'issue_comment',
    payload: { repository: { full_name: OWN } },
    sha: base,
    inputs: { 'api-key': gateway.apiKey, config: `pr/${CONFIG}` },
  });
  expect(run.outputs['reason-code']).toBe('untrusted_head');
  expect(gateway.requests).toEqual([]);
});

test('the base branch under pull_request_target is trusted and checked', async () => {
  const base = commitFiles(workspace, { [CONFIG]: configText() });
  const run = await runAction({
    workspace,
    eventName: 'pull_request_target',
    payload: pull(FORK, 'c'.repeat(40)),
    sha: base,
    inputs: { ...trusted(), 'api-key': gateway.apiKey, only: 'chat.basic' },
  });
  expect(run.outputs.verdict).toBe('ready');
});

test('every problem in the config is annotated at its line', async () => {
  writeFiles(workspace, {
    [CONFIG]:
      'gateway:\n  base_ulr: https://gateway.example/v1\nmodels: []\nclient:\n  timeout: 30\nrollout:\n  advance: sometimes\n',
  });
  const run = await runAction({ workspace, inputs: { 'api-key': gateway.apiKey } });
  expect(run.exitCode).toBe(1);
  expect(run.outputs).toMatchObject({ verdict: 'not-ready', 'reason-code': 'config_invalid' });
  expect(run.annotations).toMatchSnapshot();
  expect(run.summary).toContain('The check did not run');
});

test('command: config prints the config with its defaults, warns about missing files, and needs no key', async () => {
  const measure = 'measure: { source: jsonl, workflow: gateway-observe.yml }\n';
  commitFiles(workspace, { [CONFIG]: configText() + measure });
  const run = await runAction({ workspace, inputs: { command: 'config' } });
  expect(run.exitCode).toBe(0);
  expect(run.log).toContain('max_retries: 2');
  expect(run.annotations).toEqual([
    expect.stringMatching(/^::warning .*line=4.*gateway-observe\.yml does not exist/),
  ]);
  expect(run.outputs).toMatchObject({ verdict: '', 'reason-code': 'config_valid' });
  expect(gateway.requests).toEqual([]);
});

test('command: config fails on a broken config', async () => {
  writeFiles(workspace, { [CONFIG]: 'models: [gpt-4o-mini]\n' });
  const run = await runAction({ workspace, inputs: { command: 'config' } });
  expect(run.exitCode).toBe(1);
  expect(run.outputs['reason-code']).toBe('config_invalid');
});

test('without a config, base-url and key are enough', async () => {
  const inputs = { 'api-key': gateway.apiKey, 'base-url': gateway.baseUrl, only: 'chat.basic' };
  const run = await runAction({ workspace, inputs });
  expect(run.outputs.verdict).toBe('ready');
  expect(run.log).toContain('note: Checking gpt-4o-mini, because');
});

test('summary: false writes no summary', async () => {
  const run = await runAction({ workspace, inputs: { summary: 'false' } });
  expect(run.exitCode).toBe(1);
  expect(run.summary).toBe('');
});

test('invalid inputs fail in one line', async () => {
  const run = await runAction({ workspace, inputs: { command: 'chek' } });
  expect(run.annotations).toEqual([
    '::error::The input command is "chek". Expected check, fidelity, inventory, config, exec, observe, app.',
  ]);
});

test('a bug in the Action shows one line without a stack', async () => {
  const run = await runAction({
    workspace,
    payload: '{ this is no JSON',
    environment: { GATEWAY_API_KEY: gateway.apiKey },
  });
  expect(run.exitCode).toBe(1);
  expect(run.annotations).toHaveLength(1);
  expect(run.log).toMatch(/^::error::internal error: SyntaxError/m);
  expect(run.log).not.toMatch(/^\s+at /m);
});
