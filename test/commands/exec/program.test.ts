import { EventEmitter } from 'node:events';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { sharedDirectory } from '../../support/files.ts';
import { type QuirkyGateway, startQuirkyGateway } from '../../support/quirky-gateway.ts';
import { curl, reportOf, runExec, script, sdkProgram } from './run-exec.ts';

const directory = sharedDirectory();
let gateway: QuirkyGateway;

beforeAll(async () => {
  gateway = await startQuirkyGateway({ streamMs: 10 });
});
afterAll(() => gateway.stop());

const quirkyEnvironment = () => ({ OPENAI_BASE_URL: gateway.baseUrl, OPENAI_API_KEY: gateway.apiKey });

describe('the command under exec', () => {
  it('never sees a real key, nor the settings of gateway-rollout', async () => {
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

  it('never sees a real key in a response that echoes it, nor does any reader', async () => {
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

  it('keeps its output, byte for byte, and its exit code', async () => {
    const code =
      'process.stdout.write(Buffer.from([0,255,10,27,91])); process.stderr.write("oops\\n"); process.exitCode = 7;';
    const run = await runExec({ settings: { command: script(code) }, environment: quirkyEnvironment() });
    expect(run.exitCode).toBe(7);
    expect(run.stdout).toEqual(Buffer.from([0, 255, 10, 27, 91]));
    expect(run.stderr).toMatch(/^oops\n/);
    expect(run.stderr).toContain('No requests reached the recorder.');
  });

  it('can be one line for the shell: bash, if it is installed', async () => {
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

  it('gets the signals that gateway-rollout gets', async () => {
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

  it("has a shell's exit code if a signal ended it", async () => {
    const command = script('process.kill(process.pid, "SIGKILL")');
    expect((await runExec({ settings: { command }, environment: quirkyEnvironment() })).exitCode).toBe(137);
  });

  it('is checked for the request IDs of failed requests in its output', async () => {
    const faults = ['500:retry-after=0.01@1-3', '400@4'];
    const settings = { faults, command: sdkProgram('2', 'logs-ids', 'gives-up') };
    const run = await runExec({ settings, environment: quirkyEnvironment() });
    expect(run.exitCode).toBe(3);
    // Of three attempts that failed, the client shows the last one alone.
    expect(run.stderr).toMatch(/Failed requests in your logs +2 of 4/);
    const silent = await reportOf({
      settings: { faults: ['400@1'], command: curl(0, 'whole') },
      environment: quirkyEnvironment(),
    });
    expect(silent.arms[0]?.loggedIds).toEqual({ failed: 1, logged: 0 });
  });
});
