/** `command: exec` as a workflow runs it: the bundle around a test suite, in front of a real gateway. */
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { sdkProgram } from '../commands/exec/run-exec.ts';
import { type Stack, startStack } from '../demo/servers.ts';
import { temporaryDirectory, writeFiles } from '../support/files.ts';
import { runAction } from '../support/run-action.ts';

const CONFIG = '.github/gateway-rollout.yml';
/** Of "Reply with the single word: pong", and its price in USD. */
const TOKENS = 14 + 1;
const OFFICIAL_PRICE = (14 * 0.15 + 1 * 0.6) / 1e6;
const GATEWAY_PRICE = (14 * 0.1 + 1 * 0.4) / 1e6;

let stack: Stack;
let workspace: string;

beforeAll(async () => {
  stack = await startStack();
});
afterAll(() => stack.stop());
beforeEach(() => {
  workspace = temporaryDirectory();
  const headers = Object.entries(stack.gateway.headers).map(([name, value]) => `    ${name}: ${value}`);
  writeFiles(workspace, {
    [CONFIG]: [
      `official: { base_url: "${stack.upstream.baseUrl}" }`,
      `gateway:\n  base_url: ${stack.gateway.baseUrl}\n  headers:`,
      ...headers,
      'models: [gpt-4o-mini]',
      'measure: { source: jsonl, prices: { gpt-4o-mini: { input: 0.10, output: 0.40 } } }',
      '',
    ].join('\n'),
  });
});

const keys = () => ({
  'api-key': stack.apiKey,
  'official-api-key': stack.apiKey,
  'base-url': stack.gateway.baseUrl,
  'official-base-url': stack.upstream.baseUrl,
});
const suite = (...args: readonly string[]) => sdkProgram(...args).join(' ');

test('a test suite on both arms: outputs, summary, report and page show what the upstream served', async () => {
  const before = stack.upstream.requests().length;
  const run = await runAction({
    workspace,
    inputs: {
      ...keys(),
      command: 'exec',
      run: `echo begun | cat\n${suite('4', 'streams')}`,
      arm: 'both',
      fault: '503@2',
      out: 'records.jsonl',
      html: 'report.html',
    },
  });
  expect(run.log).toContain('begun');
  expect(run.exitCode).toBe(0);
  const served = stack.upstream.requests().length - before;
  expect(served).toBe(8);
  const { 'official-cost-usd': official, 'gateway-cost-usd': gateway, ...outputs } = run.outputs;
  expect(outputs).toMatchObject({
    verdict: '',
    'reason-code': 'command_succeeded',
    'exit-code': '0',
    'official-success-rate': '100',
    'gateway-success-rate': '100',
    'official-tokens': String(4 * TOKENS),
    'gateway-tokens': String(4 * TOKENS),
  });
  expect(Number(official)).toBeCloseTo(4 * OFFICIAL_PRICE, 12);
  expect(Number(gateway)).toBeCloseTo(4 * GATEWAY_PRICE, 12);
  expect(run.report).toMatchObject({
    schema: 1,
    exitCode: 0,
    arms: [{ arm: 'official' }, { arm: 'gateway' }],
  });
  expect(run.summary).toContain('## ✅ Requests from <code>echo begun');
  expect(run.summary).toContain('|  | Official | Gateway |');
  expect(run.summary).toContain('recovered after 1 retry');
  expect(run.page).toContain('<h1>Requests from echo begun');
  expect(run.page).toContain('Tasks one by one');
  const records = readFileSync(path.join(workspace, 'records.jsonl'), 'utf8').trimEnd().split('\n');
  expect(records).toHaveLength(10);
});

test('with copies to the gateway, the suite sees the official arm alone, and the summary compares them', async () => {
  const before = stack.upstream.requests().length;
  const inputs = { ...keys(), command: 'exec', run: suite('5'), out: 'records.jsonl' };
  const run = await runAction({ workspace, inputs: { ...inputs, shadow: 'true' } });
  expect(run.exitCode).toBe(0);
  // Each request, its copy, and one of five once more.
  expect(stack.upstream.requests().length - before).toBe(5 + 5 + 1);
  expect(run.report).toMatchObject({ shadow: { notCopied: 0, gateway: { pairs: 5 }, again: { pairs: 1 } } });
  expect(run.summary).toContain('### Copies of 5 requests (shadow)');
  expect(run.outputs).toMatchObject({ 'official-success-rate': '100', 'gateway-success-rate': '100' });
  const records = readFileSync(path.join(workspace, 'records.jsonl'), 'utf8');
  expect(records.match(/"shadow":true/g)).toHaveLength(6);
  const refused = await runAction({ workspace, inputs: { ...inputs, shadow: 'yes', arm: 'both' } });
  expect(refused.annotations.join('\n')).toContain('The input shadow is "yes". Expected true or false.');
  const two = await runAction({ workspace, inputs: { ...inputs, shadow: 'true', arm: 'both' } });
  expect(two.annotations.join('\n')).toContain('shadow runs the command on the official arm.');
});

test('the step ends with the exit code of the command, and with the first command that fails', async () => {
  const run = await runAction({
    workspace,
    inputs: { ...keys(), command: 'exec', run: 'sh -c "exit 7" | cat\necho never' },
  });
  expect(run.exitCode).toBe(7);
  expect(run.log).not.toMatch(/^never$/m);
  expect(run.outputs).toMatchObject({
    'reason-code': 'command_failed',
    'exit-code': '7',
    'gateway-cost-usd': '0',
  });
  expect(run.annotations).toEqual([expect.stringContaining('The command failed with exit code 7')]);
});

test('no key, source credential or runner token reaches the command or any output', async () => {
  const secrets = {
    PROMETHEUS_PASSWORD: 'pass/Zq7+vB3nMx9=Wp5Lr',
    OPENAI_ADMIN_KEY: 'admin/Yd4+cN8rTz1=Qs6Jg',
    NEW_API_TOKEN: 'token/Rk2+hX5wVp8=Bn3Tc',
    ACTIONS_RUNTIME_TOKEN: 'runner/Gj6+tS1yKf4=Mv7Dh',
  };
  const run = await runAction({
    workspace,
    inputs: { ...keys(), 'litellm-key': 'litellm/Pc9+mW2uLe7=Kx4S', command: 'exec', run: 'env' },
    environment: { ...secrets, MY_COPY: `x ${secrets.NEW_API_TOKEN}`, KEPT: 'yes' },
  });
  expect(run.log).toMatch(/^KEPT=yes$/m);
  expect(run.log).toMatch(/^OPENAI_API_KEY=sk-rollout-/m);
  for (const secret of [...Object.values(secrets), 'litellm/Pc9+mW2uLe7=Kx4S', stack.apiKey])
    expect(run.everything).not.toContain(secret);
  const { ACTIONS_RUNTIME_TOKEN: _, ...credentials } = secrets;
  expect(run.masked).toEqual(
    expect.arrayContaining([...Object.values(credentials), 'litellm/Pc9+mW2uLe7=Kx4S', stack.apiKey]),
  );
});

test('a pull request from a fork has no key and is skipped, visibly; elsewhere a missing key is an error', async () => {
  const fork = {
    repository: { full_name: 'acme/shop' },
    pull_request: {
      head: { sha: 'a'.repeat(40), repo: { full_name: 'stranger/shop' } },
      base: { repo: { full_name: 'acme/shop' } },
    },
  };
  const inputs = { command: 'exec', run: 'echo ran' };
  const skipped = await runAction({ workspace, eventName: 'pull_request', payload: fork, inputs });
  expect([skipped.exitCode, skipped.outputs['reason-code']]).toEqual([0, 'no_secrets_on_fork']);
  expect(skipped.summary).toContain('## ⏭️ Requests from the command');
  const lost = await runAction({ workspace, inputs });
  expect([lost.exitCode, lost.outputs['reason-code'], lost.outputs.verdict]).toEqual([1, 'missing_key', '']);
  expect(lost.summary).toContain('The command did not run');
  for (const run of [skipped, lost]) expect(run.log).not.toMatch(/^ran$/m);
});

test('all invalid inputs are reported together, by name', async () => {
  const run = await runAction({
    workspace,
    inputs: { ...keys(), command: 'exec', arm: 'gatewy', fault: '503@x' },
  });
  expect(run.exitCode).toBe(1);
  expect(run.summary).toContain(
    'The value of the input arm is "gatewy". Expected gateway, official or both.',
  );
  expect(run.summary).toContain('"503@&#8203;x" is not a valid fault.');
  expect(run.summary).toContain('Expected a command line in the input run');
});
