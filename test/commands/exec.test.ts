import { readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { ArmRun, ExecReport } from '../../src/measure/recorder/exec-report.ts';
import { type Stack, startStack } from '../demo/servers.ts';
import { sharedDirectory } from '../support/files.ts';
import { type QuirkyGateway, startQuirkyGateway } from '../support/quirky-gateway.ts';
import { curl, reportOf, runExec, sdkProgram } from './exec/run-exec.ts';

/** Of "Reply with the single word: pong", and its price in USD. */
const TOKENS = { input: 14, output: 1 };
const PRICE = (14 * 0.15 + 1 * 0.6) / 1e6;

const directory = sharedDirectory();
let stack: Stack;
let gateway: QuirkyGateway;

beforeAll(async () => {
  [stack, gateway] = await Promise.all([startStack(), startQuirkyGateway({ streamMs: 10 })]);
  const headers = Object.entries(stack.gateway.headers).map(([name, value]) => `    ${name}: ${value}`);
  writeFileSync(
    path.join(directory, 'real.yml'),
    [
      `official: { base_url: "${stack.upstream.baseUrl}" }`,
      'gateway:',
      `  base_url: ${stack.gateway.baseUrl}`,
      '  headers:',
      ...headers,
      'models: [gpt-4o-mini]',
      'measure: { source: jsonl, prices: { gpt-4o-mini: { input: 0.10, output: 0.40 } } }',
      '',
    ].join('\n'),
  );
});
afterAll(async () => {
  await Promise.all([stack.stop(), gateway.stop()]);
});

const bothArms = () => ({ GATEWAY_API_KEY: stack.apiKey, OFFICIAL_API_KEY: stack.apiKey });

const quirkyEnvironment = () => ({ OPENAI_BASE_URL: gateway.baseUrl, OPENAI_API_KEY: gateway.apiKey });

const armOf = ({ arms }: ExecReport, arm: 'official' | 'gateway'): ArmRun => {
  const found = arms.find((run) => run.arm === arm);
  if (found === undefined) throw new Error(`no run on ${arm}`);
  return found;
};

describe('a test suite on both arms, through a real gateway', () => {
  it('costs what the upstream served, to the token', async () => {
    const before = stack.upstream.requests().length;
    const report = await reportOf({
      settings: {
        arm: 'both',
        config: path.join(directory, 'real.yml'),
        command: sdkProgram('6', 'streams'),
      },
      environment: bothArms(),
    });
    expect(stack.upstream.requests().length - before).toBe(12);
    expect(report).toMatchObject({ exitCode: 0, arms: [{ arm: 'official' }, { arm: 'gateway' }] });
    for (const { counts, retries, models, endpoints, requestIds } of report.arms) {
      expect(counts).toMatchObject({ tasks: 6, failedTasks: 0, attempts: 6, failedAttempts: 0 });
      expect(counts.tokens).toEqual({
        input: 6 * TOKENS.input,
        cachedInput: 0,
        output: 6 * TOKENS.output,
        unknown: 0,
      });
      expect([retries, counts.retryCost.usd]).toEqual([0, 0]);
      expect(models).toMatchObject([{ model: 'gpt-4o-mini', requests: 6 }]);
      expect(endpoints).toEqual([{ endpoint: '/chat/completions', requests: 6, failed: 0 }]);
      expect(requestIds.answers).toBe(6);
    }
    expect(armOf(report, 'official').counts.cost.usd).toBeCloseTo(6 * PRICE, 12);
    expect(armOf(report, 'gateway').counts.cost.usd).toBeCloseTo(6 * (14 * 0.1 + 0.4) * 1e-6, 12);
    expect(armOf(report, 'gateway').counts.atOfficialPrices.usd).toBeCloseTo(6 * PRICE, 12);
  });

  it('is counted to the token for plain curl too, whole and streamed, with a retry', async () => {
    const before = stack.upstream.requests().length;
    const report = await reportOf({
      settings: {
        arm: 'both',
        config: path.join(directory, 'real.yml'),
        faults: ['503@1'],
        command: curl(2, 'whole', 'streamed'),
      },
      environment: bothArms(),
    });
    // What a fault refuses goes no further.
    expect(stack.upstream.requests().length - before).toBe(4);
    expect(report.exitCode).toBe(0);
    for (const { counts, retries, faults } of report.arms) {
      expect(counts).toMatchObject({ tasks: 2, failedTasks: 0, attempts: 3, failedAttempts: 1 });
      expect(counts.tokens).toMatchObject({ input: 2 * TOKENS.input, output: 2 * TOKENS.output });
      expect([retries, counts.retryCost.usd]).toEqual([1, 0]);
      expect(faults).toMatchObject([{ fault: '503@1', recovered: true, requests: 2 }]);
    }
    expect(armOf(report, 'official').counts.cost.usd).toBeCloseTo(2 * PRICE, 12);
  });

  it('shows what each fault did, and what its retries cost', async () => {
    const before = stack.upstream.requests().length;
    const out = path.join(directory, 'records.jsonl');
    const report = await reportOf({
      settings: {
        arm: 'official',
        config: path.join(directory, 'real.yml'),
        faults: ['503@2', '429:retry-after=1@5', 'stall:30s@7', 'cut@9', 'balance@20'],
        out,
        command: sdkProgram('7', 'hurries'),
      },
      environment: bothArms(),
    });
    const run = armOf(report, 'official');
    // Six that were answered, and one that was cut: served, and of no use.
    expect(stack.upstream.requests().length - before).toBe(7);
    expect(run.counts).toMatchObject({ tasks: 7, failedTasks: 1, attempts: 10, failedAttempts: 4 });
    expect(run.counts.tokens).toMatchObject({
      input: 7 * TOKENS.input,
      output: 7 * TOKENS.output,
      unknown: 0,
    });
    expect(run.counts.cost).toEqual({ usd: expect.closeTo(7 * PRICE, 12), priced: 7, unpriced: 0 });
    expect([run.retries, run.counts.retryCost.usd]).toEqual([3, 0]);
    expect(run.faults).toMatchObject([
      { fault: '503@2', error: 'overloaded', recovered: true, requests: 2 },
      { fault: '429:retry-after=1@5', error: 'rate_limited', recovered: true, requests: 2 },
      { fault: 'stall:30s@7', status: 0, error: 'timeout', recovered: true, requests: 2 },
      { fault: 'cut@9', error: 'unreachable', recovered: false, requests: 1 },
    ]);
    expect(run.faults[1]?.durationMs).toBeGreaterThan(1_000);
    expect(run.faults[2]?.durationMs).toBeGreaterThan(1_000);
    expect(run.unusedFaults).toEqual(['balance@20']);
    expect(run.counts.errorsByClass).toEqual({
      overloaded: 1,
      rate_limited: 1,
      timeout: 1,
      unreachable: 1,
    });
    const lines = readFileSync(out, 'utf8').trimEnd().split('\n');
    expect(lines).toHaveLength(10);
    expect(report.records).toBe(out);
  });
});

describe('clients that count nothing', () => {
  it.each([
    ['503@1', 1, 0],
    ['cut@1', 2, 1],
  ])(
    'curl under %s: one task of two attempts, of which %i were served and %i in vain',
    async (fault, served, inVain) => {
      gateway.forgetRequests();
      const report = await reportOf({
        settings: { faults: [fault], command: curl(2, 'whole') },
        environment: quirkyEnvironment(),
      });
      const run = armOf(report, 'gateway');
      expect(gateway.count('/chat/completions')).toBe(served);
      expect(run.counts).toMatchObject({ tasks: 1, failedTasks: 0, attempts: 2 });
      expect(run.counts.tokens).toMatchObject({
        input: served * TOKENS.input,
        output: served * TOKENS.output,
      });
      expect(run.counts.cost.usd).toBeCloseTo(served * PRICE, 12);
      expect(run.counts.retryCost.usd).toBeCloseTo(inVain * PRICE, 12);
      expect(run.faults).toMatchObject([{ recovered: true, requests: 2 }]);
    },
  );
});

describe('a retry that costs', () => {
  it('is paid twice if the first response came too late', async () => {
    gateway.forgetRequests();
    const settings = { faults: ['slow:1500ms@1'], command: sdkProgram('1', 'hurries') };
    const run = armOf(await reportOf({ settings, environment: quirkyEnvironment() }), 'gateway');
    expect(gateway.count('/chat/completions')).toBe(2);
    expect(run.counts).toMatchObject({
      tasks: 1,
      failedTasks: 0,
      attempts: 2,
      errorsByClass: { timeout: 1 },
    });
    expect(run.counts.cost.usd).toBeCloseTo(2 * PRICE, 12);
    expect(run.counts.retryCost.usd).toBeCloseTo(PRICE, 12);
    expect(run.faults).toMatchObject([{ recovered: true, requests: 2, error: 'timeout' }]);
  });
});

describe('the page', () => {
  it('shows both arms side by side and over time, what faults did, and nothing secret', async () => {
    const html = path.join(directory, 'exec.html');
    const settings = {
      arm: 'both',
      config: path.join(directory, 'real.yml'),
      faults: ['503@2'],
      html,
      command: curl(1, 'streamed', 'whole'),
    };
    await runExec({ settings, environment: bothArms() });
    const page = readFileSync(html, 'utf8');
    expect(page).toContain('recovered after 1 retry');
    expect(page).toContain('Tasks one by one');
    expect(page).toContain('Cost by model');
    expect(page).not.toContain(stack.apiKey);
  });

  it('says that the command sent no requests, and replaces an earlier page', async () => {
    const html = path.join(directory, 'silent.html');
    writeFileSync(html, 'of yesterday');
    await runExec({ settings: { html, command: ['true'] }, environment: quirkyEnvironment() });
    const page = readFileSync(html, 'utf8');
    expect(page).toContain('No requests reached the recorder.');
    expect(page).not.toContain('of yesterday');
  });
});

describe('a command that bypasses the recorder', () => {
  it.each([false, true])('gets a warning, and so do faults that hit nothing; --json: %s', async (json) => {
    const settings = { faults: ['503@1'], command: ['true'] };
    const run = await runExec({ settings, environment: quirkyEnvironment(), json });
    expect(run.exitCode).toBe(0);
    expect(run.stderr.replaceAll(/\s+/g, ' ')).toMatch(
      /warning: no requests reached the recorder, and fault 503@1 hit no request\./i,
    );
  });
});

describe('an invalid run is refused in one message, before any request', () => {
  it.each([
    ['no command', { command: [] }, 2, 'No command to run'],
    ['a program that does not exist', { command: ['no-such-program'] }, 127, 'no-such-program was not found'],
    ['a file that is no program', { command: [import.meta.filename] }, 126, "Can't run"],
    ['a wrong arm', { arm: 'gatewy', command: ['true'] }, 2, 'The value of --arm is "gatewy"'],
    ['a wrong fault', { faults: ['503@x'], command: ['true'] }, 2, '"503@x" is not a valid fault'],
    [
      'a wrong place for the records',
      { out: 'no/such/place.jsonl', command: ['true'] },
      2,
      "Can't write the records",
    ],
    [
      'a wrong place for the page',
      { html: 'no/such/page.html', command: ['true'] },
      2,
      "Can't write the page",
    ],
    ['no official key', { arm: 'both', command: ['true'] }, 2, 'The key of the official API is missing'],
    ['a missing config', { config: 'missing.yml', command: ['true'] }, 2, 'missing.yml'],
  ])('%s', async (_, settings, exitCode, message) => {
    const run = await runExec({ settings, environment: quirkyEnvironment(), directory });
    expect(run.exitCode).toBe(exitCode);
    expect(run.stderr).toContain(message);
    expect(run.stderr).toMatch(/^error: /);
    expect(run.stderr).not.toMatch(/^ {4}at /m);
    expect(run.stdout).toHaveLength(0);
  });

  it('no key at all', async () => {
    const run = await runExec({ settings: { command: ['true'] }, environment: {}, directory });
    expect(run).toMatchObject({
      exitCode: 2,
      stderr: expect.stringContaining("The gateway's key is missing"),
    });
  });

  it('the official key alone is enough for the official arm', async () => {
    const config = path.join(directory, 'official.yml');
    writeFileSync(
      config,
      `official: { base_url: "${gateway.baseUrl}" }\ngateway: { base_url: "https://gateway.example/v1" }\nmodels: [gpt-4o-mini]\n`,
    );
    const report = await reportOf({
      settings: { arm: 'official', config, command: curl(0, 'whole') },
      environment: { OPENAI_API_KEY: gateway.apiKey },
    });
    expect(report).toMatchObject({ exitCode: 0, arms: [{ arm: 'official', counts: { tasks: 1 } }] });
  });
});
