/** The recipe's program, scraped by a real Prometheus and read by `observe`, both with the recipe's config. */
import OpenAI from 'openai';
import { describe, expect, it, onTestFinished, vi } from 'vitest';
import { parse } from 'yaml';
import { z } from 'zod';
import { performObserve } from '../../../src/commands/observe/perform.ts';
import type { Config } from '../../../src/config/schema.ts';
import { closedPort, sendJson, serve } from '../../gateway/loopback.ts';
import { prometheusIsInstalled, startPrometheus } from '../../support/prometheus.ts';
import { recipeConfig, recipeFile } from '../recipe.ts';
import { startTelemetry } from './telemetry.ts';

const RECIPE = 'prometheus-opentelemetry';
const MINUTE = 60_000;
/** How long ago a window must have ended for `observe`. */
const LAG = 2 * MINUTE;
const vectorSchema = z.object({
  data: z.object({ result: z.array(z.object({ value: z.tuple([z.number(), z.string()]) })) }),
});
const USAGE = { prompt_tokens: 1200, completion_tokens: 85, total_tokens: 1285 };

describe.skipIf(!prometheusIsInstalled())('the recipe for Prometheus and OpenTelemetry', () => {
  it('counts the program’s tasks, failures and tokens on both arms', async () => {
    const config = recipeConfig(RECIPE);
    const program = await startProgram(config);
    for (let call = 0; call < 20; call += 1) await program.ask('official');
    for (let call = 0; call < 10; call += 1) await program.ask('gateway');
    await program.ask('gateway', { status: 503 });
    await program.ask('gateway', { status: 503 });
    await program.ask('gateway', { status: 429 });
    await program.ask('gateway', { status: 0 });
    const prometheus = await startScraping(program.metrics);
    await vi.waitFor(async () => expect(await prometheus.scrapedCalls()).toBe(34), { timeout: 20_000 });

    const outcome = await performObserve({ since: '5m', stage: '5%' }, withWideInterval(config), {
      directory: import.meta.dirname,
      environment: { PROMETHEUS_URL: prometheus.url },
      front: 'command-line',
      isPrivate: true,
      now: () => Math.ceil(Date.now() / MINUTE) * MINUTE + LAG,
      onSecrets: () => undefined,
      onNote: () => undefined,
    });

    expect(outcome).toMatchObject({
      kind: 'observed',
      measurement: {
        source: 'prometheus',
        arms: {
          official: { tasks: 20, failedTasks: 0, tokens: { input: 24_000, output: 1_700 } },
          gateway: {
            tasks: 14,
            failedTasks: 4,
            errorsByClass: { overloaded: 2, rate_limited: 1, unreachable: 1 },
            tokens: { input: 12_000, output: 850 },
            byModel: [{ name: 'gpt-4o-mini', tasks: 14 }],
          },
        },
      },
    });
  });

  it('counts a call once, whatever its retries, with the bounds of the conventions', async () => {
    const program = await startProgram(recipeConfig(RECIPE));
    await program.ask('gateway', { status: 503, retries: 1 });
    const page = await (await fetch(program.metrics)).text();
    expect(program.requests()).toBe(2);
    expect(page).toMatch(/gen_ai_client_operation_duration_count\{[^}]*error_type="503"[^}]*\} 1\n/);
    expect(page).toContain('le="0.01"');
    expect(page).toContain('le="81.92"');
  });
});

interface Trouble {
  /** The status of every response; 0: the connection breaks. */
  readonly status: number;
  /** Default 0. */
  readonly retries?: number;
}

/** The recipe's telemetry around one client per arm. The host names resolve to this machine. */
async function startProgram({ official, gateway }: Config) {
  let status = 200;
  let requests = 0;
  const api = await serve((_, response) => {
    requests += 1;
    if (status === 0) return response.socket?.destroy();
    if (status !== 200) return sendJson(response, status, { error: { message: 'no', code: 'no' } });
    const choices = [{ index: 0, message: { role: 'assistant', content: 'Hello.' }, finish_reason: 'stop' }];
    return sendJson(response, 200, { id: 'c', object: 'chat.completion', choices, usage: USAGE });
  });
  const telemetry = startTelemetry({ preventServerStart: true });
  onTestFinished(() => telemetry.stop());
  const metrics = await serve((request, response) =>
    telemetry.exporter.getMetricsRequestHandler(request, response),
  );
  const here: typeof fetch = (input, init) => fetch(api + new URL(String(input)).pathname, init);
  const clients = { official: official.base_url, gateway: gateway.base_url };
  return {
    metrics: `${metrics}/metrics`,
    requests: () => requests,
    async ask(arm: keyof typeof clients, trouble: Trouble = { status: 200 }) {
      status = trouble.status;
      const client = new OpenAI({
        baseURL: clients[arm],
        apiKey: 'none',
        maxRetries: trouble.retries ?? 0,
        fetch: here,
      });
      const messages = [{ role: 'user' as const, content: 'Hello?' }];
      const answer = telemetry.calls.chat(client, { model: 'gpt-4o-mini', messages });
      await (status === 200 ? answer : expect(answer).rejects.toThrow());
    },
  };
}

/** A Prometheus with the recipe's file, which scrapes the program here, and more often. */
async function startScraping(metrics: string) {
  const scraping = parse(recipeFile(RECIPE, 'deploy/prometheus.yml'));
  scraping.global = { scrape_interval: '200ms', scrape_timeout: '200ms' };
  scraping.scrape_configs[0].static_configs = [{ targets: [new URL(metrics).host] }];
  const prometheus = await startPrometheus({
    port: await closedPort(),
    // JSON is YAML.
    config: JSON.stringify(scraping),
  });
  onTestFinished(() => prometheus.stop());
  return {
    url: prometheus.url,
    async scrapedCalls(): Promise<number> {
      const query = 'sum(gen_ai_client_operation_duration_count{job="assistant"})';
      const answer = await fetch(`${prometheus.url}/api/v1/query?query=${encodeURIComponent(query)}`);
      const [series] = vectorSchema.parse(await answer.json()).data.result;
      return Number(series?.value[1] ?? 0);
    },
  };
}

/** Instead of waiting two minutes, the test's clock runs ahead. It may run ahead by a tenth of this interval. */
function withWideInterval(config: Config): Config {
  if (config.measure === null) throw new Error('The recipe names no source.');
  return { ...config, measure: { ...config.measure, interval: 60 * MINUTE } };
}
