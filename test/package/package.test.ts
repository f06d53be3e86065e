/** The package as npm installs it: into an empty folder, without a network, under the oldest and the newest Node. */
import { execFile, spawnSync } from 'node:child_process';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { promisify } from 'node:util';
import { beforeAll, describe, expect, it } from 'vitest';
import { formatRecord } from '../../src/measure/record.ts';
import { bareEnvironment, builtBundle } from '../support/bundle.ts';
import { sharedDirectory, writeFiles } from '../support/files.ts';
import { type QuirkyGateway, startQuirkyGateway } from '../support/quirky-gateway.ts';

const run = promisify(execFile);
const root = path.resolve(import.meta.dirname, '../..');
const installed = 'node_modules/gateway-rollout';

/** Node 24, which runs the tests, and the host's own, where it is another one: CI has 20. */
const hosts = (process.env.PATH ?? '').split(path.delimiter).map((folder) => path.join(folder, 'node'));
const versionOf = (node: string) => spawnSync(node, ['--version'], { encoding: 'utf8' }).stdout?.trim();
const NODES = new Map(
  [process.execPath, ...hosts.filter(existsSync)].map((node) => [versionOf(node)?.split('.')[0], node]),
);

const folder = sharedDirectory();
let gateway: QuirkyGateway;
let printed: string;

beforeAll(async () => {
  gateway = await startQuirkyGateway();
  ({ stdout: printed } = await run(process.execPath, [
    path.join(root, '.ci/package.ts'),
    folder,
    builtBundle(),
  ]));
  const [tarball = ''] = readdirSync(folder).filter((name) => name.endsWith('.tgz'));
  writeFiles(folder, {
    'package.json': '{ "type": "module" }',
    'ask.js': "new OpenAI({ baseURL: 'https://api.openai.com/v1' });\n",
    'records.jsonl': recordsOfAnHour(),
    '.github/gateway-rollout.yml': `gateway: { base_url: "${gateway.baseUrl}" }\nmodels: [gpt-4o-mini]\nmeasure: { source: jsonl }\n`,
    'ask-once.mjs': `const { OPENAI_BASE_URL: url, OPENAI_API_KEY: key } = process.env;
const answer = await fetch(url + '/models', { headers: { authorization: 'Bearer ' + key } });
await answer.text();
`,
    'split.mjs': `import { rolloutFetch } from 'gateway-rollout/client';
const records = [];
const gateway = { baseUrl: '${gateway.baseUrl}', apiKey: '${gateway.apiKey}' };
const send = rolloutFetch({ gateway, share: () => 100, records: (record) => records.push(record) });
const body = JSON.stringify({ model: 'gpt-4o-mini', messages: [{ role: 'user', content: 'Hi.' }] });
const headers = { 'content-type': 'application/json', authorization: 'Bearer official' };
await (await send('https://api.openai.example/v1/chat/completions', { method: 'POST', headers, body })).json();
console.log(records[0].arm, records[0].status, records[0].input_tokens > 0);
`,
  });
  await run('npm', ['install', '--offline', '--no-audit', '--no-fund', `./${tarball}`], { cwd: folder });
  return () => gateway.stop();
});

/** Two records, older than a window must be. */
function recordsOfAnHour(): string {
  const about = {
    endpoint: '/chat/completions',
    model: 'gpt-4o-mini',
    status: 200,
    duration_ms: 500,
    attempt: 0,
  };
  const ts = Date.now() - 40 * 60_000;
  return (['official', 'gateway'] as const)
    .map((arm) => `${formatRecord({ ...about, arm, ts, task: arm, input_tokens: 10, output_tokens: 5 })}\n`)
    .join('');
}

describe('the package', () => {
  it('has no dependencies, prints its size, and holds the licences of what it contains', () => {
    const manifest = JSON.parse(readFileSync(path.join(folder, installed, 'package.json'), 'utf8'));
    expect(manifest).toMatchObject({ dependencies: {}, engines: { node: '>=20' } });
    expect(manifest).not.toHaveProperty('private');
    expect(readdirSync(path.join(folder, 'node_modules')).filter((name) => !name.startsWith('.'))).toEqual([
      'gateway-rollout',
    ]);
    expect(readdirSync(path.join(folder, installed)).sort()).toEqual(
      ['LICENSE', 'README.md', 'action.yml', 'dist', 'package.json'].sort(),
    );
    expect(readdirSync(path.join(folder, installed, 'dist'))).toContain('LICENSES.txt');
    expect(printed).toMatch(/^1\.\d\d MB, unpacked \d\.\d\d MB, \d+ files, 0 dependencies$/m);
  });

  it('types gateway-rollout/client', async () => {
    writeFiles(folder, {
      'typed.ts': `import { type RolloutOptions, rolloutFetch } from 'gateway-rollout/client';
const gateway = { baseUrl: 'https://gateway.example/v1', apiKey: 'key' };
const options: RolloutOptions = { gateway, share: 'share.json', records: ({ status }) => void status };
export const split: typeof fetch = rolloutFetch(options);
// @ts-expect-error it isn't called so
rolloutFetch({ ...options, fallbak: 'none' });
`,
    });
    const settings = ['--noEmit', '--strict', '--module', 'nodenext', '--types', 'node', '--ignoreConfig'];
    const types = ['--typeRoots', path.join(root, 'node_modules/@types')];
    const compiler = path.join(root, 'node_modules/typescript/bin/tsc');
    await run(process.execPath, [compiler, ...settings, ...types, 'typed.ts'], { cwd: folder });
  });
});

describe.each([...NODES])('under Node %s', (_, node) => {
  const call = async (script: string, args: readonly string[] = [], environment = {}) => {
    const env = { ...bareEnvironment(), ...environment };
    return run(node, [script, ...args], { cwd: folder, env }).then(
      ({ stdout, stderr }) => ({ code: 0, stdout, stderr }),
      ({ code, stdout, stderr }) => ({ code: code as number, stdout: `${stdout}`, stderr: `${stderr}` }),
    );
  };
  const cli = path.join(installed, 'dist/cli.js');
  const keys = () => ({ GATEWAY_API_KEY: gateway.apiKey });

  it('inventory, config, check, exec, observe, judge and fidelity run', async () => {
    const measurements = `${path.basename(path.dirname(node))}-${_}.jsonl`;
    const results = await Promise.all([
      call(cli, ['inventory', '.']),
      call(cli, ['config']),
      call(cli, ['check', '--only', 'chat'], keys()),
      call(cli, ['exec', '--', node, 'ask-once.mjs'], keys()),
      call(cli, ['observe', '--since', '1h', '--stage', '5%', '--out', measurements], {
        MEASURE_JSONL: 'records.jsonl',
      }),
      call(cli, ['fidelity'], keys()),
    ]);
    const [inventory, config, check, exec, observe, fidelity] = results;
    expect(results.map(({ code }) => code)).toEqual([0, 0, 0, 0, 0, expect.any(Number)]);
    expect(inventory?.stdout).toContain('ask.js:1');
    expect(config?.stdout).toContain('gpt-4o-mini');
    expect(check?.stdout).toMatch(/ready/i);
    expect(exec?.stderr).toContain('1 request');
    expect(observe?.stdout).toMatch(/official/i);
    expect(`${fidelity?.stdout}${fidelity?.stderr}`).toContain('official');
    expect(await call(cli, ['judge', measurements])).toMatchObject({ code: 0 });
  });

  it('init writes the files of a rollout, with the gateway asked for', async () => {
    const settings = ['--gateway', 'https://gateway.example/v1', '--yes', '--dry-run'];
    const { code, stdout } = await call(cli, ['init', ...settings]);
    expect([code, stdout]).toEqual([expect.any(Number), expect.stringContaining('gateway.example')]);
  });

  it('app shows its help and names what is missing, and the client splits', async () => {
    expect((await call(cli, ['app', '--help'])).stdout).toContain('server');
    expect(await call(cli, ['app'])).toMatchObject({ code: 2, stderr: expect.stringContaining('APP_ID') });
    expect(await call('split.mjs')).toMatchObject({ stdout: 'gateway 200 true\n' });
  });
});
