import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { text as readText } from 'node:stream/consumers';
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { bareEnvironment, builtBundle, runNode } from '../support/bundle.ts';
import { temporaryDirectory, writeFiles } from '../support/files.ts';
import { type QuirkyGateway, startQuirkyGateway } from '../support/quirky-gateway.ts';

const KEY = 'gw-test-key-0123456789';
const CONFIG = '.github/gateway-rollout.yml';

let gateway: QuirkyGateway;
let script: string;
let directory: string;

beforeAll(async () => {
  gateway = await startQuirkyGateway({ streamMs: 10 });
  script = path.join(builtBundle(), 'cli.js');
});
afterAll(() => gateway.stop());
beforeEach(() => {
  directory = temporaryDirectory();
});

const cli = (args: readonly string[], environment: Readonly<Record<string, string>> = {}) =>
  runNode(script, args, { cwd: directory, environment });

const pair = (of: Pick<QuirkyGateway, 'baseUrl'>, key: string) => ({
  OPENAI_BASE_URL: of.baseUrl,
  OPENAI_API_KEY: key,
});

test('a good gateway: report on stdout, progress on stderr, exit code 0', async () => {
  const run = await cli(['check', '--only', 'auth.accepted,chat.basic'], pair(gateway, gateway.apiKey));
  expect(run.exitCode).toBe(0);
  expect(run.stdout).toMatch(/^Ready/);
  expect(run.stderr).toMatch(/^note: Checking gpt-4o-mini, because/);
  expect(run.stderr).toMatch(/^ok {3}chat\.basic: /m);
});

test('in a repository without a config, the models and features of its code are checked', async () => {
  writeFiles(directory, {
    '.git/HEAD': '',
    'search.py':
      'from openai import OpenAI\nOpenAI().embeddings.create(model="text-embedding-3-small", input="a")\n',
  });
  const only = ['--only', 'auth.accepted,embeddings.float,stream.shape'];
  const run = await cli(['check', ...only], pair(gateway, gateway.apiKey));
  expect(run.stderr).toContain('because the config lists none: text-embedding-3-small.');
  expect(run.stderr).toMatch(/^ok {3}embeddings\.float: /m);
  expect(run.stderr).not.toContain('stream.shape');
});

test('--json prints the report alone on stdout', async () => {
  const run = await cli(
    ['check', '--json', '--only', 'auth', '--models', 'gpt-4o'],
    pair(gateway, 'gw-wrong-0123456789'),
  );
  expect(run.exitCode).toBe(1);
  const report = JSON.parse(run.stdout);
  expect(report).toMatchObject({
    schema: 1,
    verdict: 'not-ready',
    reasonCode: 'auth.accepted',
    models: [{ name: 'gpt-4o' }],
  });
});

test('the config of the repository is read, and --config names another', async () => {
  const text = `gateway: { base_url: "${gateway.baseUrl}" }\nmodels: [gpt-4o-mini]\n`;
  writeFiles(directory, { [CONFIG]: text, 'other.yml': text.replace('gpt-4o-mini', 'gpt-4o') });
  const key = { GATEWAY_API_KEY: gateway.apiKey };
  const [usual, other] = await Promise.all([
    cli(['check', '--json', '--only', 'chat.basic'], key),
    cli(['check', '--json', '--only', 'chat.basic', '--config', 'other.yml'], key),
  ]);
  expect(JSON.parse(usual.stdout).models).toMatchObject([{ name: 'gpt-4o-mini' }]);
  expect(JSON.parse(other.stdout).models).toMatchObject([{ name: 'gpt-4o' }]);
});

test('init writes what config accepts, and pins this version', async () => {
  writeFiles(directory, { 'ask.py': 'import openai\nopenai.OpenAI().models.list()\nMODEL = "gpt-4o"\n' });
  const run = await cli(['init', '--yes', '--no-app', '--gateway', 'https://gateway.example/v1']);
  expect(run).toMatchObject({ exitCode: 0, stdout: expect.stringContaining('.github/gateway-rollout.yml') });
  expect(await cli(['config'])).toMatchObject({ exitCode: 0 });
  const workflow = readFileSync(path.join(directory, '.github/workflows/gateway-check.yml'), 'utf8');
  expect(workflow).toMatch(/uses: gateway-rollout\/gateway-rollout@v\d+\.\d+\.\d+$/m);
});

test('config prints the config in force, and its problems with exit code 2', async () => {
  writeFiles(directory, { [CONFIG]: `gateway: { base_url: "${gateway.baseUrl}" }\nmodels: [gpt-4o-mini]\n` });
  expect(await cli(['config'])).toMatchObject({
    exitCode: 0,
    stdout: expect.stringContaining('max_retries: 2'),
  });
  const missing = await cli(['config', '--config', 'missing.yml']);
  expect(missing).toMatchObject({ exitCode: 2, stdout: '', stderr: expect.stringContaining('missing.yml') });
});

test.each([
  ['a misspelt command', ['chek']],
  ['a misspelt option', ['check', '--jsn']],
  ['an option without its value', ['check', '--config']],
  ['a stray word', ['check', 'everything']],
])('%s is exit code 2 with a hint', async (_, args) => {
  const run = await cli(args);
  expect(run.exitCode).toBe(2);
  expect(run.stdout).toBe('');
  expect(run.stderr).toMatchSnapshot();
});

test('exec says how to name a command, and judge reports everything that is missing', async () => {
  const [exec, judge] = await Promise.all([
    cli(['exec', '--fault', 'oops'], pair(gateway, gateway.apiKey)),
    cli(['judge', 'nothing.jsonl']),
  ]);
  expect(exec).toMatchObject({ exitCode: 2, stdout: '' });
  expect(exec.stderr).toMatch(/^error: .*oops/m);
  expect(exec.stderr).toContain('gateway-rollout exec -- npm test');
  expect(judge).toMatchObject({ exitCode: 2, stdout: '' });
  expect(judge.stderr).toMatch(/^error: .*there is no config/m);
  expect(judge.stderr).toMatch(/^error: nothing\.jsonl: the file does not exist; expected a JSONL file/m);
});

test('every command reports a folder where the config should be', async () => {
  mkdirSync(path.join(directory, CONFIG), { recursive: true });
  const key = { GATEWAY_API_KEY: KEY };
  const runs = await Promise.all(
    [['config'], ['check'], ['exec', '--', 'true'], ['observe']].map((args) => cli(args, key)),
  );
  for (const { exitCode, stderr } of runs) {
    expect(exitCode).toBe(2);
    expect(stderr).toContain(`${CONFIG}: this is a folder, not a file`);
  }
});

test('a config with Windows line ends is read like any other', async () => {
  const text = `gateway: { base_url: "${gateway.baseUrl}" }\nmodels: [gpt-4o-mini]\nchek: {}\n`;
  writeFiles(directory, { 'unix.yml': text, 'windows.yml': text.replaceAll('\n', '\r\n') });
  const [unix, windows] = await Promise.all(
    ['unix.yml', 'windows.yml'].map((file) => cli(['config', '--config', file])),
  );
  expect(unix?.stderr).toContain('unix.yml:3:1 chek');
  expect(windows?.stderr).toBe(unix?.stderr.replaceAll('unix.yml', 'windows.yml'));
});

test('without a command, the help is shown as an error', async () => {
  const run = await cli([]);
  expect(run).toMatchObject({ exitCode: 2, stdout: '' });
  expect(run.stderr).toContain('Usage: gateway-rollout');
});

test('the help names every variable that is read', async () => {
  const run = await cli(['check', '--help']);
  expect(run.exitCode).toBe(0);
  expect(run.stdout).toMatchSnapshot();
});

test('an interrupted check ends with exit code 130', async () => {
  const silent = await startQuirkyGateway({ quirks: ['never-answers'] });
  try {
    const env = { ...bareEnvironment(), ...pair(silent, KEY) };
    const child = spawn(process.execPath, [script, 'check'], { cwd: directory, env, stdio: 'ignore' });
    while (silent.requests.length === 0) await new Promise((resolve) => setTimeout(resolve, 20));
    child.kill('SIGINT');
    expect(await once(child, 'exit')).toEqual([130, null]);
  } finally {
    await silent.stop();
  }
});

test.each(['stdout', 'stderr'] as const)('a reader of %s that closes early changes nothing', async (left) => {
  const env = { ...bareEnvironment(), ...pair(gateway, gateway.apiKey) };
  const child = spawn(process.execPath, [script, 'check', '--json', '--only', 'chat.basic'], {
    cwd: directory,
    env,
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  child[left].destroy();
  const other = left === 'stdout' ? child.stderr : child.stdout;
  const [text, ended] = await Promise.all([readText(other), once(child, 'close')]);
  expect(ended).toEqual([0, null]);
  expect(text).toContain('chat.basic');
  expect(text).not.toContain('EPIPE');
});
