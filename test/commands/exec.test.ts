import { EventEmitter } from 'node:events';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Stack, startStack } from '../../src/commands/demo/servers.ts';
import type { ArmRun, ExecReport } from '../../src/measure/recorder/exec-report.ts';
import { type QuirkyGateway, startQuirkyGateway } from '../support/quirky-gateway.ts';
import { reportOf, runExec, script, sdkProgram } from './exec/run-exec.ts';

/** Of "Reply with the single word: pong", and its price in USD. */
const TOKENS = { input: 14, output: 1 };
const PRICE = (14 * 0.15 + 1 * 0.6) / 1e6;

let stack: Stack;
let gateway: QuirkyGateway;
let directory: string;

beforeAll(async () => {
  [stack, gateway] = await Promise.all([startStack(), startQuirkyGateway({ streamMs: 10 })]);
  directory = mkdtempSync(path.join(tmpdir(), 'gateway-rollout-exec-'));
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
  rmSync(directory, { recursive: true, force: true });
});

const bothArms = () => ({ GATEWAY_API_KEY: stack.apiKey, OFFICIAL_API_KEY: stack.apiKey });

const quirkyEnvironment = () => ({ OPENAI_BASE_URL: gateway.baseUrl, OPENAI_API_KEY: gateway.apiKey });

const armOf = ({ arms }: ExecReport, arm: 'official' | 'gateway'): ArmRun => {
  const found = arms.find((run) => run.arm === arm);
  if (found === undefined) throw new Error(`no run on ${arm}`);
  return found;
};

/** One question by curl for each kind; it repeats them after a failure. */
function curl(retries: number, ...kinds: readonly ('whole' | 'streamed')[]): string[] {
  const asks = kinds.map((kind) => {
    const how = kind === 'streamed' ? ',"stream":true,"stream_options":{"include_usage":true}' : '';
    return `curl -sN --retry ${retries} --retry-delay 1 --retry-all-errors -H "Authorization: Bearer $OPENAI_API_KEY" \
      -H 'Content-Type: application/json' \
      -d '{"model":"gpt-4o-mini","messages":[{"role":"user","content":"Reply with the single word: pong"}]${how}}' \
      "$OPENAI_BASE_URL/chat/completions"`;
  });
  return ['sh', '-c', asks.join(' && ')];
}

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

  it('is counted to the token for plain curl, too, whole and streamed, with a retry', async () => {
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
  it('is paid twice where the first answer came too late', async () => {
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

describe('the program under test', () => {
  it('never sees a real key, and nothing of this program', async () => {
    const run = await runExec({
      settings: { command: script('console.log(JSON.stringify(process.env))') },
      environment: {
        GATEWAY_API_KEY: gateway.apiKey,
        OPENAI_BASE_URL: gateway.baseUrl,
        OFFICIAL_API_KEY: 'official-key-0123456789',
        MY_COPY: `Bearer ${gateway.apiKey}`,
        'INPUT_API-KEY': gateway.apiKey,
        OPENAI_ADMIN_KEY: 'admin',
        PROMETHEUS_TOKEN: 'prometheus-token-0123456789',
        SCRAPE_AS: 'Bearer prometheus-token-0123456789',
        LITELLM_KEY: 'litellm-key-0123456789',
        ACTIONS_RUNTIME_TOKEN: 'runner-0123456789',
        HTTPS_PROXY: 'http://proxy.example:3128',
        NO_PROXY: 'internal.example',
        KEPT: 'yes',
      },
    });
    const seen = JSON.parse(run.stdout.toString());
    expect(seen).toMatchObject({ KEPT: 'yes', NO_PROXY: 'internal.example,127.0.0.1' });
    expect(seen.OPENAI_BASE_URL).toMatch(/^http:\/\/127\.0\.0\.1:\d+\/v1$/);
    expect(seen.OPENAI_API_BASE).toBe(seen.OPENAI_BASE_URL);
    expect(seen.OPENAI_API_KEY).toMatch(/^sk-rollout-/);
    expect(
      Object.keys(seen).filter((name) =>
        /^(GATEWAY|OFFICIAL|INPUT|ACTIONS|PROMETHEUS|LITELLM)_|ADMIN|MY_COPY|SCRAPE_AS/.test(name),
      ),
    ).toEqual([]);
    expect(run.stdout.toString() + run.stderr).not.toContain(gateway.apiKey);
  });

  it('never sees a real key in an answer that echoes it, nor does any reader', async () => {
    const echoing = await startQuirkyGateway({ quirks: ['echoes-key'], streamMs: 10 });
    const code = `
      const ask = (extra) => fetch(process.env.OPENAI_BASE_URL + '/chat/completions', {
        method: 'POST',
        headers: { authorization: 'Bearer ' + process.env.OPENAI_API_KEY, 'content-type': 'application/json' },
        body: JSON.stringify({ model: 'gpt-4o-mini', messages: [{ role: 'user', content: 'Hi' }], ...extra }),
      });
      for (const extra of [{}, { stream: true }, { model: 'no-such' }]) {
        const answer = await ask(extra);
        console.log(JSON.stringify([...answer.headers]), await answer.text());
      }`;
    const out = path.join(directory, 'echoed.jsonl');
    const settings = { out, command: [...script(code), '--input-type=module'] };
    const environment = { OPENAI_BASE_URL: echoing.baseUrl, OPENAI_API_KEY: echoing.apiKey };
    for (const json of [true, false]) {
      const run = await runExec({ settings, environment, json });
      const everything = [run.stdout.toString(), run.stderr, readFileSync(out, 'utf8')].join();
      expect(everything).toContain('chat.completion');
      expect(everything).toContain('model_not_found');
      expect(everything).not.toContain(echoing.apiKey);
    }
    await echoing.stop();
  });

  it('writes what it writes, byte for byte, and ends with its own exit code', async () => {
    const code =
      'process.stdout.write(Buffer.from([0,255,10,27,91])); process.stderr.write("oops\\n"); process.exitCode = 7;';
    const run = await runExec({ settings: { command: script(code) }, environment: quirkyEnvironment() });
    expect(run.exitCode).toBe(7);
    expect(run.stdout).toEqual(Buffer.from([0, 255, 10, 27, 91]));
    expect(run.stderr).toMatch(/^oops\n/);
    expect(run.stderr).toContain('The command sent no request through the recorder.');
  });

  it('may be one line for the shell, which is bash where there is one', async () => {
    const command = 'false | cat; echo "[$0] $((6 * 7))"\n[[ a == a ]]\nexit 4';
    const run = await runExec({ settings: { command }, environment: quirkyEnvironment() });
    // A pipe fails with its first part, and the line ends there.
    expect(run).toMatchObject({ exitCode: 1, stdout: Buffer.alloc(0) });
    const going = await runExec({
      settings: { command: 'echo $((6 * 7)) | cat\n[[ a == a ]] && exit 4' },
      environment: quirkyEnvironment(),
    });
    expect([going.exitCode, going.stdout.toString()]).toEqual([4, '42\n']);
  });

  it('leaves standard output to the report under --json', async () => {
    const run = await runExec({
      settings: { command: script('console.log("hello")') },
      environment: quirkyEnvironment(),
      json: true,
    });
    expect(JSON.parse(run.stdout.toString())).toMatchObject({ schema: 1, exitCode: 0 });
    expect(run.stderr).toContain('hello');
  });

  it('gets the signals that this program gets', async () => {
    const signals = new EventEmitter();
    const code =
      'process.on("SIGTERM", () => process.exit(9)); console.error("ready"); setInterval(() => {}, 1000);';
    const run = await runExec({
      settings: { command: script(code) },
      environment: quirkyEnvironment(),
      signals,
      onStderr: (text) => void (text.includes('ready') && signals.emit('SIGTERM')),
    });
    expect(run.exitCode).toBe(9);
    expect(signals.listenerCount('SIGTERM')).toBe(0);
  });

  it('ended by a signal, has the exit code that a shell gives', async () => {
    const command = script('process.kill(process.pid, "SIGKILL")');
    expect((await runExec({ settings: { command }, environment: quirkyEnvironment() })).exitCode).toBe(137);
  });

  it('is told when it names the requests that failed, and when not', async () => {
    const faults = ['500:retry-after=0.01@1-3', '400@4'];
    const settings = { faults, command: sdkProgram('2', 'logs-ids', 'gives-up') };
    const run = await runExec({ settings, environment: quirkyEnvironment() });
    expect(run.exitCode).toBe(3);
    // Of three attempts that failed, the client shows the last one alone.
    expect(run.stderr).toMatch(/Request ids logged +2 of 4/);
    const silent = await reportOf({
      settings: { faults: ['400@1'], command: curl(0, 'whole') },
      environment: quirkyEnvironment(),
    });
    expect(silent.arms[0]?.loggedIds).toEqual({ failed: 1, logged: 0 });
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
    expect(page).toContain('recovered with 1 retry');
    for (const id of ['success', 'latency', 'cost']) expect(page).toContain(`id="plot-${id}"`);
    expect(page).toContain('By model');
    expect(page).not.toContain(stack.apiKey);
  });

  it('of a program that asked nothing says so, in place of an earlier page', async () => {
    const html = path.join(directory, 'silent.html');
    writeFileSync(html, 'of yesterday');
    await runExec({ settings: { html, command: ['true'] }, environment: quirkyEnvironment() });
    const page = readFileSync(html, 'utf8');
    expect(page).toContain('The command sent no request through the recorder.');
    expect(page).not.toContain('of yesterday');
  });
});

describe('what cannot be run is told in one message, before anything is asked', () => {
  it.each([
    ['no command', { command: [] }, 2, 'No command is named'],
    ['a program that does not exist', { command: ['no-such-program'] }, 127, 'no-such-program was not found'],
    ['a file that is no program', { command: [import.meta.filename] }, 126, 'cannot be run'],
    ['a wrong arm', { arm: 'gatewy', command: ['true'] }, 2, 'The value of --arm is "gatewy"'],
    ['a wrong fault', { faults: ['503@x'], command: ['true'] }, 2, 'The fault "503@x" cannot be read'],
    [
      'a wrong place for the records',
      { out: 'no/such/place.jsonl', command: ['true'] },
      2,
      'records cannot be written',
    ],
    [
      'a wrong place for the page',
      { html: 'no/such/page.html', command: ['true'] },
      2,
      'page cannot be written',
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
