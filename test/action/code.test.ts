/** What a run of the Action tells about the code of a pull request. */
import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { temporaryDirectory } from '../support/files.ts';
import { commitFiles, git } from '../support/git.ts';
import { type QuirkyGateway, startQuirkyGateway } from '../support/quirky-gateway.ts';
import { runAction } from '../support/run-action.ts';

let gateway: QuirkyGateway;
let folder: string;
let origin: string;

beforeAll(async () => {
  gateway = await startQuirkyGateway({ quirks: ['tools-dropped'] });
});
afterAll(() => gateway.stop());
beforeEach(() => {
  folder = temporaryDirectory();
  origin = path.join(folder, 'origin');
});

const OLD = `import OpenAI from 'openai';
export const client = new OpenAI({ baseURL: 'https://api.openai.com/v1' });
`;
const NEW = `import { client } from './client.ts';
import type OpenAI from 'openai';

export async function plan(question: string, tools: OpenAI.ChatCompletionTool[]) {
  return client.chat.completions.create({
    model: 'gpt-4o-mini',
    messages: [{ role: 'user', content: question }],
    tools,
  });
}
`;

/** A repository with one commit on its base, and a pull request's commit on top. */
function pullRequest(): { base: string; payload: object } {
  const config = `gateway:\n  base_url: ${gateway.baseUrl}\nmodels: [gpt-4o-mini]\n`;
  const base = commitFiles(origin, { '.github/gateway-rollout.yml': config, 'src/client.ts': OLD });
  commitFiles(origin, { 'src/plan.ts': NEW });
  const repo = { full_name: 'acme/shop' };
  return { base, payload: { repository: repo, pull_request: { base: { sha: base, repo }, head: { repo } } } };
}

const run = (workspace: string, payload: object, inputs: Readonly<Record<string, string>> = {}) =>
  runAction({
    workspace,
    eventName: 'pull_request',
    payload,
    inputs: { 'api-key': gateway.apiKey, 'trusted-origins': gateway.origin, ...inputs },
  });

test('what the code uses is probed, and the failing probe names the place', async () => {
  const { payload } = pullRequest();
  const { report, outputs, summary } = await run(origin, payload, { only: 'tools' });
  expect(report?.features).toEqual(['tools']);
  expect(report?.reasonCode).toBe('tools.call');
  const failing = report?.probes.find(({ id }) => id === 'tools.call');
  expect(failing?.evidence).toEqual(['tools, used in src/plan.ts:8']);
  expect(outputs).toMatchObject({ 'hard-coded': '2', readiness: '33' });
  expect(summary).toContain('Code readiness');
  expect(summary).toContain('src/client.ts:2');
});

test('only lines that the pull request changes get annotations', async () => {
  const { payload } = pullRequest();
  const { annotations } = await run(origin, payload, { command: 'inventory' });
  expect(annotations.filter((line) => line.startsWith('::notice'))).toEqual([
    expect.stringMatching(/^::notice .*file=src\/plan\.ts,line=6,.*The model gpt-4o-mini is hard-coded/),
  ]);
});

test('a shallow checkout fetches the base of the pull request', async () => {
  const { payload } = pullRequest();
  git(origin, 'config', 'uploadpack.allowReachableSHA1InWant', 'true');
  const shallow = path.join(folder, 'shallow');
  git(folder, 'clone', '--quiet', '--depth=1', `file://${origin}`, shallow);
  const { annotations } = await run(shallow, payload, { command: 'inventory' });
  expect(annotations).toEqual([expect.stringContaining('file=src/plan.ts,line=6')]);
});

test('without the base commit there are no annotations, but the run continues', async () => {
  const { payload } = pullRequest();
  const shallow = path.join(folder, 'shallow');
  git(folder, 'clone', '--quiet', '--depth=1', `file://${origin}`, shallow);
  git(shallow, 'remote', 'remove', 'origin');
  const { exitCode, annotations, log } = await run(shallow, payload, { command: 'inventory' });
  expect(exitCode).toBe(0);
  expect(annotations).toEqual([]);
  expect(log).toMatch(/note: no annotations on lines of code\. .*fetch-depth: 0/);
});

test('fail-on: hard-coded fails the job and says where', async () => {
  const { payload } = pullRequest();
  const { exitCode, annotations } = await run(origin, payload, {
    command: 'inventory',
    'fail-on': 'hard-coded',
  });
  expect(exitCode).toBe(1);
  expect(annotations.at(-1)).toBe(
    '::error::2 settings are hard-coded: src/client.ts:2, src/plan.ts:6. Read them from the environment, or remove fail-on.',
  );
});

test('sarif writes what is hard-coded for code scanning', async () => {
  const { payload } = pullRequest();
  const { outputs } = await run(origin, payload, { command: 'inventory', sarif: 'gateway.sarif' });
  expect(outputs).toMatchObject({
    verdict: '',
    'reason-code': 'inventory_taken',
    report: '',
    readiness: '33',
  });
  const file = path.join(origin, 'gateway.sarif');
  expect(existsSync(file)).toBe(true);
  const { runs } = JSON.parse(readFileSync(file, 'utf8'));
  const places = runs[0].results.map(
    (result: { locations: [{ physicalLocation: { artifactLocation: { uri: string } } }] }) =>
      result.locations[0].physicalLocation.artifactLocation.uri,
  );
  expect(new Set(places)).toEqual(new Set(['src/client.ts', 'src/plan.ts']));
});
