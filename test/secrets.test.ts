/**
 * No key appears in any output, whatever the gateway does with it: not whole, not in part, not encoded. The one
 * exception is the command that tells GitHub what to mask.
 */
import path from 'node:path';
import { Writable } from 'node:stream';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { runCheckCommand } from '../src/commands/check.ts';
import { openTerminal } from '../src/commands/terminal.ts';
import { builtBundle, runNode, type Start } from './support/bundle.ts';
import { sharedDirectory, writeFiles } from './support/files.ts';
import {
  type QuirkyGateway,
  type QuirkyGatewayOptions,
  startQuirkyGateway,
} from './support/quirky-gateway.ts';
import { runAction } from './support/run-action.ts';

/** They have no known shape, so only a redactor that knows them can find them. Each encoding gives a different text. */
const SECRETS = {
  GATEWAY_API_KEY: 'gw/Zq7+vB3nMx9=Wp5Lr&Ht2Kd',
  OFFICIAL_API_KEY: 'of/Yd4+cN8rTz1=Qs6Jg&Fm7Wb',
  GATEWAY_DISABLED_KEY: 'di/Rk2+hX5wVp8=Bn3Tc&Lq9Zs',
  GATEWAY_EMPTY_KEY: 'em/Gj6+tS1yKf4=Mv7Dh&Xr5Pn',
  GATEWAY_ROUTING: 'ro/Pc9+mW2uLe7=Kx4Sn&Bt6Vg',
} as const;
const WRONG_KEY = 'wr/Nf3+kD8qHs5=Ty2Cv&Gz6Mw';

/** The config, for scenarios that send a header from the environment. */
const CONFIG = '.github/gateway-rollout.yml';

interface Scenario {
  readonly options: QuirkyGatewayOptions;
  readonly key?: string;
  /** A wrong path for the gateway's address. */
  readonly path?: string;
  readonly only?: string;
}

const SCENARIOS: Readonly<Record<string, Scenario>> = {
  'a good gateway': { options: {} },
  'a gateway that echoes every key': { options: { quirks: ['echoes-key'] } },
  'a gateway that refuses and echoes the key': { options: { quirks: ['echoes-key'] }, key: WRONG_KEY },
  'a gateway that shows the ends of a wrong key': { options: {}, key: WRONG_KEY },
  'a gateway that shows the start of a disabled key': { options: {}, key: SECRETS.GATEWAY_DISABLED_KEY },
  'a gateway that echoes keys behind 400': { options: { quirks: ['echoes-key', 'errors-as-400'] } },
  'a gateway that echoes keys behind 200': { options: { quirks: ['echoes-key', 'refusals-200'] } },
  'a gateway that fails on streams and echoes keys': {
    options: { quirks: ['echoes-key', 'stream-error-chunk'] },
  },
  'a wrong address of a gateway that echoes keys': { options: { quirks: ['echoes-key'] }, path: '/v2' },
  'a page': { options: { quirks: ['html-page', 'echoes-key'] } },
};

/** The first ones are enough for the report for people, which is made from the JSON. */
const SCENARIOS_FOR_PEOPLE = 4;

/** A few are enough for the bundle, which runs the same check but takes longer to start. */
const SCENARIOS_OF_THE_BUNDLE = [
  'a gateway that echoes every key',
  'a gateway that refuses and echoes the key',
];

const home = sharedDirectory();
let official: QuirkyGateway;
const gateways: QuirkyGateway[] = [];

beforeAll(async () => {
  official = await startQuirkyGateway({
    keys: { valid: SECRETS.OFFICIAL_API_KEY },
    quirks: ['echoes-key'],
    streamMs: 10,
  });
});
afterAll(async () => {
  await Promise.all([official, ...gateways].map((gateway) => gateway.stop()));
});

/** The scenario's gateway, a repository whose config names it, and all keys in the environment. */
async function prepare(name: string, { options, key, path: basePath }: Scenario) {
  const gateway = await startQuirkyGateway({
    streamMs: 10,
    keys: {
      valid: SECRETS.GATEWAY_API_KEY,
      disabled: SECRETS.GATEWAY_DISABLED_KEY,
      empty: SECRETS.GATEWAY_EMPTY_KEY,
    },
    ...options,
  });
  gateways.push(gateway);
  const directory = path.join(home, name.replaceAll(' ', '-'));
  const baseUrl = basePath === undefined ? gateway.baseUrl : `${gateway.origin}${basePath}`;
  writeFiles(directory, {
    [CONFIG]: [
      'gateway:',
      `  base_url: ${baseUrl}`,
      `  headers: { x-routing: "$\{GATEWAY_ROUTING}" }`,
      `official: { base_url: "${official.baseUrl}" }`,
      'models: [gpt-4o-mini, text-embedding-3-small]',
      '',
    ].join('\n'),
  });
  const environment = { ...SECRETS, ...(key !== undefined && { GATEWAY_API_KEY: key }) };
  return { gateway, directory, environment };
}

/** The forms in which a person or a program could recognize a secret. */
function formsOf(secret: string): Record<string, string> {
  const base64 = Buffer.from(secret).toString('base64');
  return {
    whole: secret,
    'the first 8 characters': secret.slice(0, 8),
    'the last 8 characters': secret.slice(-8),
    'URL-encoded': encodeURIComponent(secret),
    base64: base64.replace(/=+$/, ''),
    'base64 for URLs': Buffer.from(secret).toString('base64url'),
    'base64 of "Bearer" and the key': Buffer.from(`Bearer ${secret}`).toString('base64').slice(-16),
  };
}

/** Runs `gateway-rollout check` in this process. @returns everything that it writes to its terminal */
async function checkHere(directory: string, environment: Readonly<Record<string, string>>, json: boolean) {
  const written = { stdout: '', stderr: '' };
  const stream = (name: keyof typeof written) =>
    new Writable({
      write(chunk, _encoding, done) {
        written[name] += String(chunk);
        done();
      },
    });
  const terminal = openTerminal({ stdout: stream('stdout'), stderr: stream('stderr'), env: environment });
  await runCheckCommand({}, { json, directory }, environment, terminal);
  return written;
}

/** The secrets that a text contains, for example `GATEWAY_API_KEY: base64`. */
function leaksIn(text: string): string[] {
  return Object.entries({ ...SECRETS, WRONG_KEY }).flatMap(([name, secret]) =>
    Object.entries(formsOf(secret))
      .filter(([, form]) => text.includes(form))
      .map(([form]) => `${name}: ${form}`),
  );
}

it('the search finds a secret in each form', () => {
  for (const [name, secret] of Object.entries(SECRETS)) {
    expect(leaksIn(`Incorrect API key provided: ${secret.slice(0, 8)}****`)).toEqual([
      `${name}: the first 8 characters`,
    ]);
    expect(leaksIn(JSON.stringify({ key: [secret] }))).toContain(`${name}: whole`);
    expect(leaksIn(`https://a.example/?key=${encodeURIComponent(secret)}`)).toContain(`${name}: URL-encoded`);
    expect(leaksIn(Buffer.from(secret).toString('base64'))).toContain(`${name}: base64`);
  }
});

describe.each(Object.entries(SCENARIOS))('%s', (name, scenario) => {
  it('leaves no key on the terminal, as JSON or on the way there', async () => {
    const { gateway, directory, environment } = await prepare(`${name} json`, scenario);
    const { stdout, stderr } = await checkHere(directory, environment, true);
    expect(leaksIn(stdout + stderr)).toEqual([]);
    // Otherwise no key was at risk.
    const sent = gateway.requests.map(({ headers }) => headers.authorization);
    expect(sent).toContain(`Bearer ${environment.GATEWAY_API_KEY}`);
    expect(JSON.parse(stdout)).toMatchObject({ schema: 1 });
  });
});

describe.each(Object.entries(SCENARIOS).slice(0, SCENARIOS_FOR_PEOPLE))('%s', (name, scenario) => {
  it('shows no key in the report for people', async () => {
    const { directory, environment } = await prepare(`${name} plain`, scenario);
    const { stdout, stderr } = await checkHere(directory, environment, false);
    expect(leaksIn(stdout + stderr)).toEqual([]);
    expect(stdout).toContain('Gateway: http');
  });
});

describe.concurrent.each(SCENARIOS_OF_THE_BUNDLE)('%s', (name) => {
  it('shows no key in the log, outputs, summary or report of the Action', async ({ expect }) => {
    const scenario = SCENARIOS[name] ?? { options: {} };
    const { gateway, directory, environment } = await prepare(`${name} action`, scenario);
    const { GATEWAY_API_KEY: key, ...rest } = environment;
    const inputs = { 'api-key': key, 'trusted-origins': `${gateway.origin} ${official.origin}` };
    const run = await runAction({ workspace: directory, inputs, environment: rest });
    expect(gateway.requests.map(({ headers }) => headers.authorization)).toContain(`Bearer ${key}`);
    expect(leaksIn(run.everything)).toEqual([]);
    expect(run.report).toMatchObject({ schema: 1 });
    expect(run.summary).toContain('Gateway check');
    expect(run.masked).toEqual(expect.arrayContaining(Object.values(environment)));
  });
});

const cli = (args: readonly string[], start: Start) =>
  runNode(path.join(builtBundle(), 'cli.js'), ['check', ...args], start);

it('the bundled command line shows no key either', async () => {
  const { directory, environment } = await prepare('shipped', { options: { quirks: ['echoes-key'] } });
  const { stdout, stderr } = await cli([], { cwd: directory, environment });
  expect(stdout).toContain('Gateway: http');
  expect(leaksIn(stdout + stderr)).toEqual([]);
});

describe.concurrent('a call that is refused', () => {
  const withLineBreak = { GATEWAY_API_KEY: `${SECRETS.GATEWAY_API_KEY}\nmore` };

  it('shows no part of an invalid key', async ({ expect }) => {
    const { directory, environment } = await prepare('refused cli', { options: {} });
    const start = { cwd: directory, environment: { ...environment, ...withLineBreak } };
    const ended = await cli([], start);
    expect(ended).toMatchObject({ exitCode: 2, stderr: expect.stringContaining('line break') });
    expect(leaksIn(ended.stdout + ended.stderr)).toEqual([]);
  });

  it('shows no part of it in the Action either, and masks it line by line', async ({ expect }) => {
    const { directory, environment } = await prepare('refused action', { options: {} });
    const run = await runAction({ workspace: directory, environment: { ...environment, ...withLineBreak } });
    expect(run.annotations.join()).toContain('line break');
    expect(leaksIn(run.everything)).toEqual([]);
    expect(run.masked).toContain(SECRETS.GATEWAY_API_KEY);
  });

  it('shows no key from the address', async ({ expect }) => {
    const { directory, environment } = await prepare('address', { options: {} });
    const address = `https://user:${encodeURIComponent(SECRETS.GATEWAY_API_KEY)}@gateway.example/v1`;
    const ended = await cli(['--base-url', address], { cwd: directory, environment });
    expect(ended.exitCode).toBe(2);
    expect(leaksIn(ended.stdout + ended.stderr)).toEqual([]);
  });
});

it('the Action masks every key before it prints anything else', async () => {
  const { directory, environment } = await prepare('order', { options: { quirks: ['echoes-key'] } });
  const { GATEWAY_API_KEY: key, GATEWAY_ROUTING: _, ...rest } = environment;
  writeFiles(directory, { [CONFIG]: 'models: [gpt-4o-mini]\n' });
  const { stdout } = await runNode(path.join(builtBundle(), 'index.js'), [], {
    cwd: directory,
    environment: {
      ...rest,
      'INPUT_API-KEY': key,
      INPUT_SUMMARY: 'false',
      GITHUB_WORKSPACE: directory,
      RUNNER_TEMP: home,
    },
  });
  const lines = stdout.split('\n');
  const firstOther = lines.findIndex((line) => !line.startsWith('::add-mask::'));
  const masked = lines.slice(0, firstOther).join('\n');
  for (const secret of [key, ...Object.values(rest)]) expect(masked).toContain(secret);
  expect(lines.slice(firstOther).filter((line) => line !== '').length).toBeGreaterThan(0);
  expect(leaksIn(lines.slice(firstOther).join('\n'))).toEqual([]);
});
