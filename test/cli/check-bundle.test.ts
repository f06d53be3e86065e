/** What only the bundle shows: names that minifying changes, and what other versions of Node say. */
import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import path from 'node:path';
import { text } from 'node:stream/consumers';
import { expect, it } from 'vitest';
import { PROBES } from '../../src/check/probes/index.ts';
import type { CheckReport } from '../../src/check/report.ts';
import { bareEnvironment, builtBundle } from '../support/bundle.ts';
import {
  type QuirkyGateway,
  type QuirkyGatewayOptions,
  startQuirkyGateway,
} from '../support/quirky-gateway.ts';

/** This one, and the machine's own where it has another. */
const NODES = [...new Set([process.execPath, '/usr/bin/node'])].filter((node) => existsSync(node));

async function check(options: QuirkyGatewayOptions, node = process.execPath, ...flags: readonly string[]) {
  const gateway: QuirkyGateway = await startQuirkyGateway({ streamMs: 0, ...options });
  const child = spawn(node, [path.join(builtBundle(), 'cli.js'), 'check', '--json', ...flags], {
    cwd: '/tmp',
    env: { ...bareEnvironment(), OPENAI_BASE_URL: gateway.baseUrl, OPENAI_API_KEY: gateway.apiKey },
  });
  const [stdout, stderr] = await Promise.all([text(child.stdout), text(child.stderr)]);
  await gateway.stop();
  const report: CheckReport = JSON.parse(stdout);
  return { report, stderr };
}

it.each(NODES)('%s prints no warning, and the expected cost before the first probe', async (node) => {
  const { report, stderr } = await check({}, node, '--thorough');
  expect(report.verdict).toBe('ready');
  expect(stderr).not.toMatch(/Warning/);
  const lines = stderr.split('\n');
  const cost = lines.findIndex((line) =>
    /About \d+ requests, at most [\d.]+ USD \(limit: 0\.0500 USD\)/.test(line),
  );
  expect(cost).toBeGreaterThanOrEqual(0);
  expect(cost).toBeLessThan(lines.findIndex((line) => line.startsWith('ok ')));
});

it('the errors of the official client have their names', async () => {
  const started = performance.now();
  const { report } = await check({ quirks: ['stream-error-chunk'] });
  // Its timeout is 30 s, and the program does not wait for that.
  expect(performance.now() - started).toBeLessThan(25_000);
  const { summary } = report.probes.find(({ id }) => id === 'client.sdk') ?? {};
  expect(summary).toBe('The official client fails on a stream: APIError: Upstream connection lost.');
});

it.each(['chat', 'test', 'sk', 'models', 'block', 'ready'])(
  'a key that is the word %s masks no name of the report',
  async (word) => {
    const { report } = await check(
      { keys: { valid: word } },
      process.execPath,
      '--only',
      'chat,request_id,client.sdk',
    );
    expect(report.verdict).toBe('ready');
    const known = PROBES.map(({ id }) => id);
    expect(report.probes.length).toBeGreaterThan(3);
    expect(report.probes.filter(({ id }) => !known.includes(id))).toEqual([]);
    expect(report.models).toHaveLength(1);
  },
);
