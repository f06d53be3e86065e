import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { parse } from 'yaml';
import { z } from 'zod';
import { dashboardFiles, runDashboardsCommand } from '../../src/commands/dashboards.ts';
import { loadConfig } from '../../src/config/load.ts';
import { type Exported, exportProduction } from '../demo/exported-production.ts';
import { closedPort } from '../gateway/loopback.ts';
import {
  checkRules,
  prometheusIsInstalled,
  type RunningPrometheus,
  startPrometheus,
} from '../support/prometheus.ts';
import { growing, History } from '../support/prometheus-history.ts';

const CONFIG = `
name: assistant
gateway: { base_url: https://gateway.example/v1 }
models: [gpt-4o-mini]
measure:
  source: prometheus
  workflow: gateway-observe.yml
  series:
    requests: llm_calls_total
    latency: llm_call_duration_seconds_bucket
    input_tokens: llm_input_tokens_total
    output_tokens: llm_output_tokens_total
    cached_input_tokens: llm_cached_tokens_total
    cost: llm_cost_total
  label_names: { arm: upstream, model: model, error: { label: status, success: [ok] } }
`;
const rulesSchema = z.object({
  groups: z.array(
    z.object({
      rules: z.array(
        z.object({
          alert: z.string(),
          expr: z.string(),
          labels: z.object({ error: z.string().optional() }),
          annotations: z.record(z.string(), z.string()),
        }),
      ),
    }),
  ),
});
const dashboardSchema = z.object({
  schemaVersion: z.number(),
  panels: z.array(
    z.object({
      title: z.string(),
      gridPos: z.object({ x: z.number(), y: z.number(), w: z.number(), h: z.number() }),
      targets: z.array(z.object({ expr: z.string(), legendFormat: z.string() })).optional(),
      options: z.object({ content: z.string() }).optional(),
    }),
  ),
});

function filesOf(config: string) {
  const loaded = loadConfig(config, 'config.yml');
  if (!loaded.ok) throw new Error(JSON.stringify(loaded.problems));
  const files = dashboardFiles(loaded.config);
  const [, alerts = ''] = files?.[0] ?? [];
  const [, dashboard = '{}'] = files?.[1] ?? [];
  return {
    alerts,
    rules: rulesSchema.parse(parse(alerts)).groups.flatMap(({ rules }) => rules),
    dashboard: dashboardSchema.parse(JSON.parse(dashboard)),
  };
}

let directory = '';
beforeAll(() => {
  directory = mkdtempSync(path.join(tmpdir(), 'dashboards-'));
  writeFileSync(path.join(directory, 'config.yml'), CONFIG);
});
afterAll(() => rmSync(directory, { recursive: true }));

async function run(options: { output?: string; config?: string } = {}) {
  const [out, err]: [string[], string[]] = [[], []];
  const io = { stdout: (text: string) => out.push(text), stderr: (text: string) => err.push(text) };
  const code = await runDashboardsCommand({ cwd: directory, config: 'config.yml', ...options }, io);
  return { code, out: out.join(''), err: err.join('') };
}

describe('dashboards', () => {
  test('writes both files, replaces none, and prints them without a folder', async () => {
    expect((await run({ output: 'monitoring' })).code).toBe(0);
    expect(readdirSync(path.join(directory, 'monitoring'))).toEqual([
      'gateway-rollout-assistant-alerts.yml',
      'gateway-rollout-assistant-dashboard.json',
    ]);
    const again = await run({ output: 'monitoring' });
    expect(again.code).toBe(1);
    expect(again.err).toContain('Existing files are not replaced.');
    const printed = await run();
    expect(printed.out).toContain(
      readFileSync(path.join(directory, 'monitoring/gateway-rollout-assistant-alerts.yml'), 'utf8'),
    );
  });

  test('a config without Prometheus has nothing to show', async () => {
    writeFileSync(
      path.join(directory, 'none.yml'),
      'gateway: { base_url: https://gateway.example/v1 }\nmodels: [gpt-4o-mini]\n',
    );
    const refused = await run({ config: 'none.yml' });
    expect(refused.code).toBe(2);
    expect(refused.err).toContain('Set measure.source: prometheus');
  });

  test.each(['otel-genai', 'litellm', 'envoy-ai-gateway', 'bifrost', 'kong'])(
    'the preset %s has panels and alerts that share no place',
    (preset) => {
      const { dashboard, rules } = filesOf(
        `gateway: { base_url: https://gateway.example/v1 }\nmodels: [gpt-4o-mini]\nmeasure: { source: prometheus, preset: ${preset}, workflow: a.yml }\n`,
      );
      expect(rules.length).toBeGreaterThan(5);
      const places = dashboard.panels.map(({ gridPos: { x, y } }) => `${x},${y}`);
      expect(new Set(places).size).toBe(places.length);
    },
  );
});

describe.skipIf(!prometheusIsInstalled())('for a real Prometheus', () => {
  const START = Date.UTC(2026, 10, 22, 9);
  const MINUTES = 40;
  let prometheus: RunningPrometheus;
  let served: readonly Exported[] = [];
  const { alerts, rules, dashboard } = filesOf(CONFIG);

  beforeAll(async () => {
    const history = new History(START, MINUTES);
    // The gateway fails 1 of 20, is twice as slow and three times as dear, and caches half as much.
    const arms = [
      { upstream: 'https://api.openai.com/v1', ok: 60, failed: 0.3, seconds: 0.5, usd: 0.001, cached: 0.5 },
      { upstream: 'gateway.example', ok: 19, failed: 1, seconds: 1, usd: 0.003, cached: 0.25 },
    ];
    for (const { upstream, ok, failed, seconds, usd, cached } of arms) {
      const labels = { upstream, model: 'gpt-4o-mini' };
      history.counter('llm_calls_total', { ...labels, status: 'ok' }, growing(ok));
      history.counter('llm_calls_total', { ...labels, status: 'RateLimitError' }, growing(failed));
      history.histogram('llm_call_duration_seconds', labels, [0.5, 1, 2], seconds, growing(ok));
      history.counter('llm_input_tokens_total', labels, growing(100 * ok));
      history.counter('llm_output_tokens_total', labels, growing(10 * ok));
      history.counter('llm_cached_tokens_total', labels, growing(100 * ok * cached));
      history.counter('llm_cost_total', labels, (minute) => minute * (ok + failed) * usd);
    }
    const window = { from: START, to: history.at(MINUTES) };
    const upstreams = { official: 'https://api.openai.com/v1', gateway: 'gateway.example' };
    served = await exportProduction(history, directory, window, upstreams);
    prometheus = await startPrometheus({ port: await closedPort(), history: history.text() });
  });
  afterAll(() => prometheus?.stop());

  async function ask(query: string): Promise<readonly number[]> {
    const body = new URLSearchParams({ query, time: String((START + (MINUTES - 1) * 60_000) / 1_000) });
    const response = await fetch(`${prometheus.url}/api/v1/query`, { method: 'POST', body });
    const read = z.object({
      data: z.object({ result: z.array(z.object({ value: z.tuple([z.number(), z.string()]) })) }),
    });
    return read.parse(await response.json()).data.result.map(({ value }) => Number(value[1]));
  }

  test('promtool accepts the rules', () => {
    const file = path.join(directory, 'rules.yml');
    writeFileSync(file, alerts);
    expect(checkRules(file)).toContain(`SUCCESS: ${rules.length} rules found`);
  });

  test('every query of the dashboard has an answer, with the numbers of each arm', async () => {
    const answers: Record<string, number> = {};
    for (const { title, targets = [] } of dashboard.panels)
      for (const { expr, legendFormat } of targets) {
        const [value = Number.NaN, ...more] = await ask(expr.replaceAll('$__rate_interval', '15m'));
        expect(more).toEqual([]);
        answers[`${title}, ${legendFormat}`] = Number(value.toPrecision(3));
      }
    expect(answers).toMatchInlineSnapshot(`
      {
        "Cached input, gateway": 25,
        "Cached input, official": 50,
        "Cost per request, gateway": 0.003,
        "Cost per request, official": 0.001,
        "Errors by reason, gateway {{status}}": 0.0167,
        "Errors by reason, official {{status}}": 0.00444,
        "Latency, gateway p50": 0.75,
        "Latency, gateway p95": 0.975,
        "Latency, official p50": 0.25,
        "Latency, official p95": 0.475,
        "Requests, gateway": 0.333,
        "Requests, official": 1,
        "Success rate, gateway": 95,
        "Success rate, official": 99.6,
      }
    `);
  });

  test("of the demo's production shows what its records say, and fires because of what fails", async () => {
    const demo = filesOf(CONFIG.replaceAll('llm_', 'demo_'));
    const answers = new Map<string, number>();
    for (const { title, targets = [] } of demo.dashboard.panels)
      for (const { expr, legendFormat } of targets) {
        const [value = Number.NaN] = await ask(expr.replaceAll('$__rate_interval', `${MINUTES}m`));
        answers.set(`${title}, ${legendFormat}`, value);
      }
    for (const arm of ['official', 'gateway'] as const) {
      const own = served.filter((each) => each.arm === arm);
      const ok = own.filter(({ status }) => status === 200);
      expect(answers.get(`Success rate, ${arm}`)).toBeCloseTo((100 * ok.length) / own.length, 5);
      const usd = own.reduce((sum, each) => sum + each.usd, 0);
      expect(answers.get(`Cost per request, ${arm}`)).toBeCloseTo(usd / own.length, 9);
      expect(answers.get(`Latency, ${arm} p50`)).toBeGreaterThan(0);
    }
    expect([...answers.values()].filter(Number.isNaN)).toEqual([]);
    const firing = [];
    for (const { alert, labels, expr } of demo.rules)
      if ((await ask(expr.replaceAll(`[15m]`, `[${MINUTES}m]`))).length > 0)
        firing.push(`${alert} ${labels.error}`);
    expect(firing).toEqual(expect.arrayContaining(['GatewaySuccessRateLow undefined']));
  });

  test('the alerts that fire are those of a gateway that is worse, with what helps', async () => {
    const firing = [];
    for (const each of rules) if ((await ask(each.expr)).length > 0) firing.push(each);
    expect(firing.map(({ alert, labels }) => `${alert} ${labels.error ?? ''}`.trim())).toEqual([
      'GatewaySuccessRateLow',
      'GatewaySlow',
      'GatewayExpensive',
      'GatewayErrors rate_limited',
    ]);
    expect(firing.at(-1)?.annotations).toMatchObject({
      description: expect.stringContaining('ask for a higher rate limit'),
      runbook_url: 'https://platform.openai.com/docs/guides/rate-limits',
    });
  });
});
