/** Runs the README's commands exactly as written. */
import { execFile } from 'node:child_process';
import path from 'node:path';
import { promisify } from 'node:util';
import { beforeAll, beforeEach, expect, it } from 'vitest';
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
    .replaceAll('node dist/cli.js', `'${process.execPath}' '${path.join(builtBundle(), 'cli.js')}'`)
    .replaceAll('https://gateway.example/v1', gateway.baseUrl)
    .replaceAll('…', gateway.apiKey);
  const env = { ...bareEnvironment(), HOME: directory, ...environment };
  return promisify(execFile)('sh', ['-ec', script], { cwd: directory, env });
}

it('inventory shows the line of a hard-coded setting, and a fix', async () => {
  const code = `import OpenAI from 'openai';\nconst client = new OpenAI({ baseURL: 'https://api.openai.com/v1' });\n`;
  writeFiles(directory, { 'path/to/your/repository/ask.ts': code });
  const { stdout } = await run('inventory');
  expect(stdout).toContain('ask.ts:2');
  expect(stdout).toContain('OPENAI_BASE_URL');
});

it('check finds a gateway ready', async () => {
  const { stdout } = await run('export OPENAI_BASE_URL');
  expect(stdout).toMatch(/\bready\b/i);
  expect(gateway.count()).toBeGreaterThan(5);
});

it('exec runs a test suite on both arms, and fails the given request', async () => {
  const ask = `const { OPENAI_BASE_URL: url, OPENAI_API_KEY: key } = process.env;
const asks = () => fetch(url + '/models', { headers: { authorization: 'Bearer ' + key } });
asks().then(asks).then(({ status }) => process.stdout.write('second answer: ' + status + '\\n'));
`;
  writeFiles(directory, {
    'ask.cjs': ask,
    'package.json': JSON.stringify({ scripts: { test: 'node ask.cjs' } }),
  });
  const { stdout, stderr } = await run('exec', {
    OPENAI_BASE_URL: gateway.baseUrl,
    OPENAI_API_KEY: gateway.apiKey,
    OFFICIAL_BASE_URL: gateway.baseUrl,
    OFFICIAL_API_KEY: gateway.apiKey,
  });
  expect(stdout.match(/second answer: 503/g)).toHaveLength(2);
  expect(stderr).toContain('503@2');
});
