/** Runs the README's commands exactly as written. */
import { execFile } from 'node:child_process';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { promisify } from 'node:util';
import { beforeAll, beforeEach, expect, it } from 'vitest';
import { loadConfig } from '../src/config/load.ts';
import { sampleFiles } from './demo/sample-application.ts';
import { bareEnvironment, builtBundle } from './support/bundle.ts';
import { blocksOf, readDocument } from './support/documents.ts';
import { temporaryDirectory, writeFiles } from './support/files.ts';
import { type QuirkyGateway, startQuirkyGateway } from './support/quirky-gateway.ts';

const blocks = blocksOf(readDocument('README.md'), 'sh');
let gateway: QuirkyGateway;
let directory: string;

beforeAll(async () => {
  gateway = await startQuirkyGateway();
  return () => gateway.stop();
});
beforeEach(() => {
  directory = temporaryDirectory();
});

/** Runs a block of the README with the built bundle and a local gateway. @throws if it fails */
async function run(
  words: string,
  environment: Readonly<Record<string, string>> = {},
): Promise<{ stdout: string; stderr: string }> {
  const block = blocks.find((each) => each.includes(words));
  if (block === undefined) throw new Error(`No sh block of README.md has "${words}".`);
  const script = block
    .replaceAll(/^gateway-rollout/gm, `'${process.execPath}' '${path.join(builtBundle(), 'cli.js')}'`)
    .replaceAll('https://gateway.example/v1', gateway.baseUrl)
    .replaceAll('…', gateway.apiKey);
  const env = { ...bareEnvironment(), HOME: directory, ...environment };
  return promisify(execFile)('sh', ['-ec', script], { cwd: directory, env });
}

it('inventory prints what the README shows', async () => {
  writeFiles(directory, await sampleFiles());
  const { stdout } = await run('inventory');
  const [shown = ''] = blocksOf(readDocument('README.md'), 'text');
  const lines = shown.split('\n').filter((line) => line !== '');
  expect(stdout.split('\n')).toEqual(expect.arrayContaining(lines));
  expect(lines.length).toBeGreaterThan(5);
});

it('check finds a gateway ready, and exec runs a test suite on both arms and fails the given request', async () => {
  const ask = `const { OPENAI_BASE_URL: url, OPENAI_API_KEY: key } = process.env;
const asks = () => fetch(url + '/models', { headers: { authorization: 'Bearer ' + key } });
asks().then(({ status }) => process.stdout.write('first answer: ' + status + '\\n'));
`;
  writeFiles(directory, {
    'ask.cjs': ask,
    'package.json': JSON.stringify({ scripts: { test: 'node ask.cjs' } }),
    '.github/gateway-rollout.yml': `gateway: { base_url: ${gateway.baseUrl} }\nmodels: [gpt-4o-mini]\n`,
  });
  const { stdout, stderr } = await run('check', { OFFICIAL_BASE_URL: gateway.baseUrl });
  expect(stdout).toMatch(/^Ready/m);
  expect(gateway.count()).toBeGreaterThan(5);
  expect(stdout.match(/first answer: 503/g)).toHaveLength(2);
  expect(stderr).toContain('503@1');
});

it('init writes a config that is valid', async () => {
  const { 'src/assistant.ts': code = '' } = await sampleFiles();
  writeFiles(directory, { 'src/assistant.ts': code });
  const { stdout } = await run('init');
  expect(stdout).toContain('.github/gateway-rollout.yml');
  const config = readFileSync(path.join(directory, '.github/gateway-rollout.yml'), 'utf8');
  expect(loadConfig(config, 'gateway-rollout.yml')).toMatchObject({ ok: true });
});
