/** Copies of a program's requests go to the gateway, and the program sees the official answers alone. */
import { readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { ARMS } from '../../../src/config/arms.ts';
import { loadPriceBook } from '../../../src/measure/models.ts';
import { jsonlSource } from '../../../src/measure/sources/jsonl.ts';
import { type Stack, startStack } from '../../demo/servers.ts';
import { temporaryDirectory } from '../../support/files.ts';
import { type QuirkyGateway, startQuirkyGateway } from '../../support/quirky-gateway.ts';
import { curl, reportOf, runExec, script } from './run-exec.ts';

let stack: Stack;
let official: QuirkyGateway;
beforeAll(async () => {
  [stack, official] = await Promise.all([startStack(), startQuirkyGateway({ streamMs: 10 })]);
});
afterAll(async () => {
  await Promise.all([stack.stop(), official.stop()]);
});

/** Two arms of our own: what each gets is known. */
async function arms(quirks: Parameters<typeof startQuirkyGateway>[0] = {}) {
  const gateway = await startQuirkyGateway({ streamMs: 10, ...quirks });
  official.forgetRequests();
  const environment = {
    GATEWAY_API_KEY: gateway.apiKey,
    OFFICIAL_API_KEY: official.apiKey,
    OFFICIAL_BASE_URL: official.baseUrl,
  };
  return { gateway, environment, settings: { shadow: true, baseUrl: gateway.baseUrl } };
}

const body = (json: object) =>
  JSON.stringify({ model: 'gpt-4o-mini', messages: [{ role: 'user', content: 'hi' }], ...json });
/** Posts each body and prints what comes back. */
const posts = (route: string, ...bodies: readonly object[]) =>
  script(
    `const ask = async (body) => process.stdout.write(await (await fetch(process.env.OPENAI_BASE_URL + ${JSON.stringify(route)}, { method: 'POST', headers: { authorization: 'Bearer ' + process.env.OPENAI_API_KEY, 'content-type': 'application/json' }, body })).text());
     (async () => { for (const body of ${JSON.stringify(bodies.map(body))}) await ask(body); })();`,
  );

it('npm test of the demo through a real gateway: both arms are recorded, and make pairs for a rollout', async () => {
  const directory = temporaryDirectory();
  const headers = Object.entries(stack.gateway.headers).map(([name, value]) => `    ${name}: ${value}`);
  const config = [
    `official: { base_url: "${stack.upstream.baseUrl}" }`,
    `gateway:\n  base_url: ${stack.gateway.baseUrl}\n  headers:\n${headers.join('\n')}`,
    'models: [gpt-4o-mini]\n',
  ].join('\n');
  const file = path.join(directory, 'real.yml');
  writeFileSync(file, config);
  const smokeTest = path.resolve('test/demo/sample/smoke.ts');
  writeFileSync(
    path.join(directory, 'package.json'),
    JSON.stringify({ scripts: { test: `node ${smokeTest}` } }),
  );
  const before = stack.upstream.requests().length;
  const report = await reportOf({
    settings: {
      shadow: true,
      config: file,
      out: path.join(directory, 'records.jsonl'),
      command: ['npm', '--silent', '--prefix', directory, 'test'],
    },
    environment: { GATEWAY_API_KEY: stack.apiKey, OFFICIAL_API_KEY: stack.apiKey },
  });
  // Each request once, its copy, and one of them once more.
  expect(stack.upstream.requests().length - before).toBe(4 + 4 + 1);
  expect(report.arms).toMatchObject([
    { arm: 'official', counts: { tasks: 4, failedTasks: 0 } },
    { arm: 'gateway', counts: { tasks: 4, failedTasks: 0 } },
  ]);
  expect(report.shadow).toMatchObject({
    notCopied: 0,
    gateway: {
      pairs: 4,
      failures: { onlyOther: 0 },
      inputTokens: { told: 4, differ: 0 },
      finishReasonsDiffer: 0,
    },
    again: { pairs: 1 },
  });
  const written = path.join(directory, 'records.jsonl');
  const records = readFileSync(written, 'utf8').trim().split('\n');
  expect(records.filter((line) => line.includes('"shadow":true'))).toHaveLength(5);
  expect(records.join('')).not.toMatch(/hello|colour/i);
  const now = Date.now() + 1;
  const query = { window: { from: now - 600_000, to: now }, now, slice: null, without: [], copies: true };
  const book = await loadPriceBook([], {});
  const source = jsonlSource({ paths: [written], arms: ARMS, book, intervalMs: 900_000 });
  expect(await source.measure(query)).toMatchObject({
    arms: { official: { tasks: 4 }, gateway: { tasks: 0 } },
    pairs: [{ official: { tasks: 4 }, gateway: { tasks: 4, failedTasks: 0 } }],
    notes: [],
  });
});

it('hands on the official bytes, whatever the gateway does', async () => {
  const { gateway, environment, settings } = await arms({ quirks: ['stream-cut'] });
  const plain = await runExec({
    settings: { arm: 'official', command: curl(0, 'whole', 'streamed') },
    environment,
  });
  const shadowed = await runExec({
    settings: { ...settings, command: curl(0, 'whole', 'streamed') },
    environment,
  });
  const withoutIds = (text: Buffer) => text.toString().replace(/"(id|created)":("[^"]*"|\d+)/g, '');
  expect(withoutIds(shadowed.stdout)).toBe(withoutIds(plain.stdout));
  expect(shadowed.stderr).toContain('Copies of 2 requests (shadow)');
  expect(shadowed.stderr).toContain('1 request failed on the gateway alone, 0 on the official API alone');
  await gateway.stop();
});

it('waits for no copy, and needs no gateway that answers', async () => {
  const { gateway, environment, settings } = await arms();
  await gateway.stop();
  const report = await reportOf({
    settings: { ...settings, command: posts('/chat/completions', {}, {}) },
    environment,
  });
  expect(report).toMatchObject({ exitCode: 0, shadow: { gateway: { failures: { onlyOther: 2 } } } });
  expect(report.arms[0]?.counts).toMatchObject({ tasks: 2, failedTasks: 0 });
});

it('copies under the name that the gateway gives the model', async () => {
  const { gateway, environment, settings } = await arms({ models: ['team-mini'] });
  const file = path.join(temporaryDirectory(), 'alias.yml');
  writeFileSync(file, `gateway: { base_url: "${gateway.baseUrl}" }\nmodels: { gpt-4o-mini: team-mini }\n`);
  await reportOf({
    settings: { ...settings, config: file, command: posts('/chat/completions', {}) },
    environment,
  });
  expect(gateway.requests.map((request) => request.body.model)).toEqual(['team-mini']);
  expect(official.requests[0]?.body.model).toBe('gpt-4o-mini');
  await gateway.stop();
});

it('copies nothing that has an effect', async () => {
  const { gateway, environment, settings } = await arms();
  const effects = [
    { store: true },
    { background: true },
    { previous_response_id: 'resp_1' },
    { conversation: 'conv_1' },
    { web_search_options: {} },
    {
      tools: [
        { type: 'function', function: { name: 'f' } },
        { type: 'mcp', server_url: 'https://example.com' },
      ],
    },
    { tools: [{ type: 'code_interpreter' }] },
  ];
  const report = await reportOf({
    settings: { ...settings, command: posts('/chat/completions', ...effects) },
    environment,
  });
  expect(report.shadow?.notCopied).toBe(effects.length);
  for (const route of ['/responses', '/images/generations', '/fine_tuning/jobs', '/batches']) {
    await reportOf({ settings: { ...settings, command: posts(route, {}) }, environment });
  }
  expect(gateway.requests).toEqual([]);
  await reportOf({ settings: { ...settings, command: posts('/responses', { store: false }) }, environment });
  expect(gateway.requests).toHaveLength(1);
  await gateway.stop();
});

it('runs on the official arm, so it takes no other', async () => {
  const { gateway, environment, settings } = await arms();
  const { exitCode, stderr } = await runExec({
    settings: { ...settings, arm: 'both', command: ['true'] },
    environment,
  });
  expect([exitCode, stderr]).toEqual([2, expect.stringContaining('Leave --arm out.')]);
  await gateway.stop();
});
