/** The real LiteLLM in front of two upstreams, of which one is down: its metrics and its log must say so. */
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { copyFileSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { loadOfficialPrices } from '../../src/gateway/prices.ts';
import { ModelBook } from '../../src/measure/models.ts';
import { createLitellmSource } from '../../src/measure/sources/litellm.ts';
import { closedPort, sendJson } from '../gateway/loopback.ts';
import { atShare, recipeFile } from '../recipes/recipe.ts';
import { prometheusIsInstalled, type RunningPrometheus, startPrometheus } from '../support/prometheus.ts';
import { realTool } from '../support/real-tools.ts';
import { type LitellmRow, litellmServer } from '../support/usage-servers.ts';
import { observeAll, scrapedBy } from './observe-all.ts';
import { startUpstream, USED } from './upstream.ts';

const RECIPE = 'litellm-weights';
const KEY = 'sk-master-of-this-test';
const CALLS = 30;
const folder = realTool('litellm');

describe.skipIf(folder === null || !prometheusIsInstalled())('the real LiteLLM', () => {
  const running: { stop(): unknown }[] = [];
  /** Of the calls, as their client sees them: served ones reached the official arm, failed ones the gateway. */
  let served = 0;
  let failed = 0;
  let upstream: Awaited<ReturnType<typeof startUpstream>>;
  let proxy: Awaited<ReturnType<typeof startLitellm>>;
  let prometheus: RunningPrometheus;

  beforeAll(async () => {
    upstream = await startUpstream((arm, response) => {
      if (arm === 'gateway')
        sendJson(response, 503, { error: { message: 'down', type: 'none', code: null } });
      return arm === 'gateway';
    });
    running.push(upstream);
    proxy = await startLitellm(upstream.urls);
    running.push(proxy);
    prometheus = await startPrometheus({
      port: await closedPort(),
      config: JSON.stringify({
        global: { scrape_interval: '500ms', scrape_timeout: '500ms' },
        scrape_configs: [
          {
            job_name: 'litellm',
            metrics_path: '/metrics/',
            authorization: { credentials: KEY },
            static_configs: [{ targets: [new URL(proxy.url).host] }],
          },
        ],
      }),
    });
    running.push(prometheus);
    for (let call = 0; call < CALLS; call += 1) {
      const status = await proxy.ask('/v1/chat/completions');
      if (status === 200) served += 1;
      if (status === 503) failed += 1;
    }
    expect([served + failed, served > 0, failed > 0]).toEqual([CALLS, true, true]);
    expect([await proxy.ask('/health'), await proxy.ask('/v1/models', 'sk-wrong')]).toEqual([200, 400]);
    await scrapedBy(prometheus, 1, Date.now());
  }, 180_000);
  afterAll(() => Promise.all(running.map((each) => each.stop())));

  it('shows each arm its own failures, with the recipe', async () => {
    const config = recipeFile(RECIPE, '.github/gateway-rollout.yml')
      .replace('gateway:', `official: { base_url: "${upstream.urls.official}" }\ngateway:`)
      .replace('https://gateway.example/v1', `"${upstream.urls.gateway}"`);
    expect(await observeAll(config, prometheus)).toMatchObject({
      kind: 'observed',
      measurement: {
        arms: {
          official: { tasks: served, failedTasks: 0 },
          gateway: { tasks: failed, failedTasks: failed, errorsByClass: { overloaded: failed } },
        },
      },
    });
  });

  it('counts calls of models only, with the preset', async () => {
    const config = `
gateway: { base_url: "${proxy.url}/v1" }
models: [gpt-4o-mini]
measure: { source: prometheus, preset: litellm }
`;
    expect(await observeAll(config, prometheus)).toMatchObject({
      measurement: {
        arms: {
          gateway: {
            attempts: CALLS,
            failedAttempts: failed,
            errorsByClass: { overloaded: failed },
            tokens: { input: served * USED.input, output: served * USED.output },
          },
        },
      },
    });
  });

  it('logs rows of which only calls of models and served tokens count', async () => {
    const rows = proxy.rows();
    // More, by a health check and a refused request.
    expect(rows.length).toBeGreaterThanOrEqual(CALLS + 2);
    const server = await litellmServer(KEY, rows, rows.length);
    const official = await loadOfficialPrices();
    const source = createLitellmSource({
      endpoint: { baseUrl: server.baseUrl, auth: { kind: 'bearer', token: KEY } },
      book: { official, models: new ModelBook(official, [], {}) },
    });
    const window = { from: Date.now() - 600_000, to: Date.now() };
    expect(await source.measure({ window, now: window.to, slice: null, without: [] })).toMatchObject({
      arms: {
        gateway: {
          attempts: CALLS,
          failedAttempts: failed,
          errorsByClass: { overloaded: failed },
          tokens: { input: served * USED.input, output: served * USED.output, unknown: 0 },
          atOfficialPrices: { priced: CALLS },
        },
      },
    });
  });
});

/** With the recipe's file at 50 %, and the callbacks that it asks for. */
async function startLitellm(urls: Readonly<Record<'official' | 'gateway', string>>) {
  const directory = mkdtempSync(path.join(tmpdir(), 'litellm-'));
  const config = parse(atShare(RECIPE, 50));
  for (const [index, url] of [urls.official, urls.gateway].entries()) {
    config.model_list[index].litellm_params.api_base = url;
  }
  config.litellm_settings = { callbacks: ['prometheus', 'litellm_rows.spend_logger'] };
  config.general_settings = { master_key: KEY };
  // JSON is YAML.
  writeFileSync(path.join(directory, 'litellm.yaml'), JSON.stringify(config));
  copyFileSync(
    path.join(import.meta.dirname, 'programs/litellm_rows.py'),
    path.join(directory, 'litellm_rows.py'),
  );
  const file = path.join(directory, 'rows.jsonl');
  const port = await closedPort();
  const child = spawn(
    path.join(folder ?? '', 'bin/litellm'),
    ['--config', 'litellm.yaml', '--host', '127.0.0.1', '--port', String(port)],
    {
      cwd: directory,
      stdio: 'ignore',
      env: {
        PATH: process.env.PATH,
        HOME: directory,
        // Otherwise it asks the network for its prices.
        LITELLM_LOCAL_MODEL_COST_MAP: 'True',
        OPENAI_API_KEY: 'none',
        GATEWAY_API_KEY: 'none',
        SPEND_ROWS: file,
      },
    },
  );
  const url = `http://127.0.0.1:${port}`;
  await ready(child, url);
  return {
    url,
    rows: (): LitellmRow[] =>
      readFileSync(file, 'utf8')
        .trimEnd()
        .split('\n')
        .map((line) => JSON.parse(line)),
    async ask(path: string, key = KEY): Promise<number> {
      const messages = [{ role: 'user', content: 'Hello?' }];
      const isCall = path.endsWith('/completions');
      const response = await fetch(`${url}${path}`, {
        method: isCall ? 'POST' : 'GET',
        headers: { authorization: `Bearer ${key}`, 'content-type': 'application/json' },
        ...(isCall && { body: JSON.stringify({ model: 'gpt-4o-mini', messages }) }),
      });
      await response.arrayBuffer();
      return response.status;
    },
    async stop() {
      child.kill('SIGKILL');
      if (child.exitCode === null && child.signalCode === null) await once(child, 'exit');
      rmSync(directory, { recursive: true, force: true });
    },
  };
}

async function ready(child: ChildProcess, url: string): Promise<void> {
  for (let tries = 0; tries < 600; tries += 1) {
    if (child.exitCode !== null) throw new Error(`LiteLLM ended at once, with ${child.exitCode}`);
    const response = await fetch(`${url}/health/liveliness`).catch(() => null);
    if (response?.ok) return;
    await new Promise((resolve) => setTimeout(resolve, 200));
  }
  throw new Error('LiteLLM was not ready in time');
}
