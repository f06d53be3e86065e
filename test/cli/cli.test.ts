import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { text as readText } from 'node:stream/consumers';
import { generate } from 'selfsigned';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { builtBundle, runNode } from '../support/bundle.ts';
import { writeFiles } from '../support/git.ts';
import {
  type QuirkyGateway,
  type QuirkyGatewayOptions,
  startQuirkyGateway,
} from '../support/quirky-gateway.ts';

const KEY = 'gw-test-key-0123456789';
const CONFIG = '.github/gateway-rollout.yml';

let gateway: QuirkyGateway;
let script: string;
let directory: string;

beforeAll(async () => {
  const [started, dist] = await Promise.all([startQuirkyGateway(), builtBundle()]);
  gateway = started;
  script = path.join(dist, 'cli.js');
});
afterAll(() => gateway.stop());
beforeEach(() => {
  directory = mkdtempSync(path.join(tmpdir(), 'gateway-rollout-cli-'));
});
afterEach(() => rmSync(directory, { recursive: true, force: true }));

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
  expect(run.stderr).toMatch(/^note: No model is named/);
  expect(run.stderr).toMatch(/^ok {3}chat\.basic: /m);
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

test('without a command the help is shown, as an error', async () => {
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
    const env = { PATH: process.env.PATH, ...pair(silent, KEY) };
    const child = spawn(process.execPath, [script, 'check'], { cwd: directory, env, stdio: 'ignore' });
    while (silent.requests.length === 0) await new Promise((resolve) => setTimeout(resolve, 20));
    child.kill('SIGINT');
    expect(await once(child, 'exit')).toEqual([130, null]);
  } finally {
    await silent.stop();
  }
});

test.each(['stdout', 'stderr'] as const)('a reader of %s that leaves early changes nothing', async (left) => {
  const env = { PATH: process.env.PATH, ...pair(gateway, gateway.apiKey) };
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

describe('bad input gives one clear message with the next step, in time and without a stack', () => {
  interface BadInput {
    readonly name: string;
    readonly quirky?: QuirkyGatewayOptions;
    /** Arguments and environment, given the base URL of the gateway of this case. */
    readonly call: (baseUrl: string) => Promise<{
      readonly args?: readonly string[];
      readonly environment?: Readonly<Record<string, string>>;
    }>;
    readonly exitCode: 1 | 2;
    readonly says: readonly RegExp[];
  }
  const withKey = (baseUrl: string) => ({ OPENAI_BASE_URL: baseUrl, OPENAI_API_KEY: KEY });

  const cases: readonly BadInput[] = [
    {
      name: 'no key',
      call: async (baseUrl) => ({ args: ['--base-url', baseUrl] }),
      exitCode: 2,
      says: [/^error: The gateway's key is missing .*Set GATEWAY_API_KEY/],
    },
    {
      name: 'a wrong key',
      call: async (baseUrl) => ({ environment: withKey(baseUrl) }),
      exitCode: 1,
      says: [/^FAIL auth\.accepted$/m],
    },
    {
      name: 'a URL without /v1',
      call: async (baseUrl) => ({
        environment: { OPENAI_BASE_URL: new URL(baseUrl).origin, OPENAI_API_KEY: gateway.apiKey },
      }),
      exitCode: 1,
      says: [/^FAIL connection\.base_url$/m, /\/v1/],
    },
    {
      name: 'a host that does not resolve',
      call: async () => ({ environment: withKey('https://gateway.invalid/v1') }),
      exitCode: 1,
      says: [/^FAIL connection\.reach$/m, /gateway\.invalid/],
    },
    {
      name: 'a port that refuses',
      call: async () => ({ environment: withKey(`http://127.0.0.1:${await freePort()}/v1`) }),
      exitCode: 1,
      says: [/^FAIL connection\.reach$/m, /127\.0\.0\.1/],
    },
    {
      name: 'a server that never answers',
      quirky: { quirks: ['never-answers'] },
      call: async (baseUrl) => ({ args: ['--config', 'impatient.yml'], environment: withKey(baseUrl) }),
      exitCode: 1,
      says: [/^FAIL connection\.reach$/m],
    },
    {
      name: 'an HTML page',
      quirky: { quirks: ['html-page'] },
      call: async (baseUrl) => ({ environment: withKey(baseUrl) }),
      exitCode: 1,
      says: [/^FAIL connection\./m, /HTML/],
    },
    {
      name: 'a config with five mistakes',
      call: async () => ({ args: ['--config', 'five.yml'], environment: { GATEWAY_API_KEY: KEY } }),
      exitCode: 2,
      says: [/^(error: five\.yml:\d+:\d+ .+\n){5}$/],
    },
  ];

  test.each(cases)('$name', async ({ quirky, call, exitCode, says }) => {
    const own = quirky === undefined ? null : await startQuirkyGateway(quirky);
    try {
      const { baseUrl } = own ?? gateway;
      writeFiles(directory, { 'impatient.yml': impatient(baseUrl), 'five.yml': FIVE_MISTAKES });
      const { args = [], environment = {} } = await call(baseUrl);
      const run = await cli(['check', ...args], environment);
      expect(run.exitCode, run.stdout + run.stderr).toBe(exitCode);
      for (const pattern of says) expect(exitCode === 1 ? run.stdout : run.stderr).toMatch(pattern);
      if (exitCode === 1) {
        expect(run.stdout).toMatch(/^Not ready: /);
        expect(run.stdout.match(/^What to do next: \S/gm)).toHaveLength(1);
      }
      expect(run.stdout + run.stderr).not.toMatch(/^\s+at .+:\d+/m);
      expect(run.stdout + run.stderr).not.toContain(KEY);
    } finally {
      await own?.stop();
    }
  });

  test('an expired certificate', async () => {
    const expired = { notBeforeDate: new Date('2020-01-01'), notAfterDate: new Date('2020-02-01') };
    const { cert, private: key } = await generate([{ name: 'commonName', value: 'localhost' }], expired);
    const own = await startQuirkyGateway({ tls: { cert, key } });
    try {
      const run = await cli(['check'], pair(own, own.apiKey));
      expect(run.exitCode).toBe(1);
      expect(run.stdout).toMatch(/^FAIL connection\.reach$/m);
      expect(run.stdout).toMatch(/certificate/);
      expect(own.requests).toEqual([]);
    } finally {
      await own.stop();
    }
  });
});

const impatient = (baseUrl: string): string =>
  `gateway: { base_url: "${baseUrl}" }\nmodels: [gpt-4o-mini]\nclient: { timeout: 1s }\n`;

const FIVE_MISTAKES = `gateway:
  base_url: zivv.pro/v1
models: []
client:
  timeout: 30
  retries: 2
rollout:
  advance: sometimes
`;

/** A port on which nothing listens. */
async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  server.close();
  await once(server, 'close');
  if (address === null || typeof address === 'string') throw new Error('no port');
  return address.port;
}
