/** A real Prometheus while the labels and programs that it scrapes change in the middle of a window. */
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { runInitCommand } from '../../../src/commands/init.ts';
import { runObserveCommand } from '../../../src/commands/observe.ts';
import type { SourceResult } from '../../../src/measure/source.ts';
import { customise, type OwnNames } from '../../../src/measure/sources/presets/customise.ts';
import { PRESETS } from '../../../src/measure/sources/presets/index.ts';
import type { PrometheusPreset } from '../../../src/measure/sources/presets/preset.ts';
import { valid } from '../../config/configs.ts';
import { temporaryDirectory } from '../../support/files.ts';
import { prometheusIsInstalled } from '../../support/prometheus.ts';
import { LivePrograms, type LiveWindow } from './live-programs.ts';
import { tellChanges, tellOddities } from './live-stories.ts';
import { otelSource } from './otel-source.ts';

const programs = new LivePrograms();
let live: LiveWindow;

describe.skipIf(!prometheusIsInstalled())('a window of a real Prometheus', () => {
  beforeAll(async () => {
    tellChanges(programs);
    tellOddities(programs);
    live = await programs.run();
  }, 30_000);
  afterAll(() => live?.stop());

  it.each([
    'label-added',
    'young',
    'label-removed',
    'arm-rewritten',
    'instance-renamed',
    'relabelled-and-reset',
  ])('does not count the past of a counter under other labels: %s', async (job) => {
    const answer = await measure(job);
    expect(tasksIn(answer)).toEqual(job === 'label-added' ? [600, 34] : [600, 30]);
    expect(notesIn(answer)).toContain('counter_relabelled');
  });

  it('counts the failures and tokens of such a counter as they were', async () => {
    expect(await measure('label-added')).toMatchObject({
      arms: { gateway: { failedTasks: 4, tokens: { input: 3_000, output: 300 } } },
    });
  });

  it('is an error with both label sets where a counter is new to Prometheus, and not to the world', async () => {
    const answer = await measure('new-to-prometheus');
    expect(answer).toMatchObject({ kind: 'error', reasonCode: 'counter_history' });
    expect(answer.kind === 'error' && answer.reason).toMatch(/instance="late:1".* at 5104/);
  });

  it('counts new programs from 0, however many replace old ones', async () => {
    const answer = await measure('deployment');
    expect(tasksIn(answer)).toEqual([600, 30]);
    expect(notesIn(answer)).not.toContain('counter_relabelled');
  });

  it.each(['created', 'started'])('believes a program that tells when it began: %s', async (job) => {
    expect(tasksIn(await measure(job))).toEqual([600, 30]);
  });

  it('counts an outage from its first failure', async () => {
    expect(await measure('outage')).toMatchObject({ arms: { gateway: { tasks: 215, failedTasks: 200 } } });
  });

  it('counts the first failures of a program that then stops', async () => {
    const answer = await measure('stopped');
    expect(answer).toMatchObject({ arms: { gateway: { tasks: 44, failedTasks: 12 } } });
    expect(notesIn(answer)).not.toContain('counter_relabelled');
  });

  it('is an error where OpenLLMetry counts failures without their arm, and names them', async () => {
    const answer = await measure('openllmetry');
    expect(answer).toMatchObject({ kind: 'error', reasonCode: 'failures_of_no_arm' });
    expect(answer.kind === 'error' && answer.reason).toMatch(/ 8 failures .*error_type="NotFoundError"/);
  });

  it('counts them once a relabelling names the arm, by whole URLs and the models that answered', async () => {
    const answer = await measure('openllmetry-relabelled');
    expect(answer).toMatchObject({
      arms: {
        official: { tasks: 66, failedTasks: 0, byModel: [{ name: 'gpt-4o-mini-2024-07-18' }] },
        gateway: { tasks: 74, failedTasks: 8, errorsByClass: { model_not_found: 8 } },
      },
    });
    expect(notesIn(answer)).toContain('model_from_answers');
  });

  it('is an error where no series names an endpoint', async () => {
    const answer = await measure('no-address');
    expect(answer).toMatchObject({ kind: 'error', reasonCode: 'unknown_arms' });
    expect(answer.kind === 'error' && answer.reason).toContain('server_address is (none)');
  });

  it('is an error where two servers scrape the same program, until one is chosen', async () => {
    const answer = await measure('two-servers');
    expect(answer).toMatchObject({ kind: 'error', reasonCode: 'replicated_series' });
    expect(answer.kind === 'error' && answer.reason).toContain('measure.labels: { prometheus_replica: b }');
    const one = await measure('two-servers', { labels: { job: 'two-servers', prometheus_replica: 'b' } });
    expect(tasksIn(one)).toEqual([600, 30]);
  });

  it('is an error where there are native histograms alone', async () => {
    const preset = own({ requests: 'native_calls_seconds_count' });
    const answer = await measure('native', { preset });
    expect(answer).toMatchObject({ kind: 'error', reasonCode: 'native_histograms' });
    expect(answer.kind === 'error' && answer.reason).toContain('scrape_classic_histograms');
  });

  it("leaves out what LiteLLM counts besides the models' calls", async () => {
    const answer = await measure('litellm', { preset: PRESETS.litellm, arms: ['gateway'] });
    expect(answer).toMatchObject({
      arms: { gateway: { attempts: 33, failedAttempts: 2, errorsByClass: { key_quota: 2 } } },
    });
  });

  it('never shows an arm that only fails as healthy', async () => {
    const series = {
      requests: 'litellm_deployment_success_responses_total',
      failures: 'litellm_deployment_failure_responses_total',
    };
    const preset = customise(PRESETS.litellm, { series, label_names: { arm: 'api_base' } });
    expect(await measure('dead-arm', { preset })).toMatchObject({
      arms: { official: { attempts: 300, failedAttempts: 0 }, gateway: { attempts: 20, failedAttempts: 20 } },
    });
  });

  const status = { arm: 'upstream', model: 'model', error: { label: 'status', success: ['o.'] } };

  it('counts what a team counts by its own status', async () => {
    const preset = own({ requests: 'llm_calls_total', latency: 'llm_call_seconds_bucket' }, status);
    expect(await measure('own', { preset })).toMatchObject({
      arms: {
        official: { tasks: 600, failedTasks: 10, errorsByClass: { rate_limited: 10 } },
        gateway: {
          tasks: 30,
          failedTasks: 3,
          errorsByClass: { rate_limited: 2, tool_crash: 1 },
          // Unmarked: the fastest are taken as the failed ones.
          latency: [
            { le: 1, count: 17 },
            { le: '+Inf', count: 30 },
          ],
        },
      },
    });
  });

  it('finds such metrics, and proposes the config that counts them', async () => {
    const directory = temporaryDirectory();
    const config = 'gateway: { base_url: "https://gateway.example/v1" }\nmodels: [gpt-4o-mini]\n';
    writeFileSync(join(directory, 'config.yml'), config);
    const printed: string[] = [];
    const problems: string[] = [];
    const terminal = {
      stdout: (text: string) => void printed.push(text),
      stderr: (text: string) => void problems.push(text),
      color: false,
      columns: 80,
    };
    const call = { json: false, directory };
    const environment = { PROMETHEUS_URL: `${live.url}/graph` };
    const code = await runObserveCommand(
      { discover: true, config: 'config.yml' },
      call,
      environment,
      terminal,
    );
    expect([code, ...problems]).toEqual([0]);
    const stdout = printed.join('');
    expect(stdout).toMatchInlineSnapshot(`
      "gen_ai_client_operation_duration_seconds_count (seconds; series: 74)
        error_type: 429, 503, NotFoundError
        gen_ai_request_model: gpt-4o-mini
        namespace: prod
        server_address: api.openai.com, gateway.example, https://api.openai.com/v1/, https://gateway.example/v1/
        otel_scope_version: 2
        prometheus_replica: a, b
        gen_ai_response_model: gpt-4o-mini-2024-07-18
      gen_ai_client_token_usage_sum (tokens; series: 2)
        gen_ai_request_model: gpt-4o-mini
        gen_ai_token_type: input, output
        namespace: prod
        server_address: gateway.example
      litellm_deployment_failure_responses_total (count; series: 1)
        api_base: https://gateway.example/v1/
        exception_status: 503
      litellm_deployment_success_responses_total (count; series: 1)
        api_base: https://api.openai.com/v1/
      litellm_proxy_failed_requests_metric_total (count; series: 5)
        exception_class: BudgetExceededError
        exception_status: 401, 422
        requested_model: gpt-4o-mini
        route: /key/info, /metrics, /model_group/info, /v1/chat/completions, /v1/models
      litellm_proxy_total_requests_metric_total (count; series: 6)
        requested_model: gpt-4o-mini
        route: /key/info, /metrics, /model_group/info, /v1/chat/completions, /v1/models
        user: old
      llm_cache_entries (count; series: 1)
      llm_calls_total (count; series: 5)
        model: gpt-4o-mini
        status: RateLimitError, ok, tool_crash
        upstream: api.openai.com, gateway.example
      llm_call_seconds_bucket (seconds; series: 1)
        upstream: gateway.example

      Presets with metrics here: otel-genai, litellm.
      Proposed config. Compare it with what your program counts:

      measure:
        source: prometheus
        series:
          requests: llm_calls_total
          latency: llm_call_seconds_bucket
        label_names:
          arm: upstream
          model: model
          error:
            label: status
            success:
              - ok
      "
    `);
    const measure = stdout.slice(stdout.indexOf('measure:'));
    expect(valid(`${config}${measure}`).measure?.gateway).toMatchObject({
      series: { requests: 'llm_calls_total' },
      label_names: { error: { label: 'status', success: ['ok'] } },
    });
    const options = { models: 'gpt-4o-mini', gateway: 'https://gateway.example/v1', prometheus: live.url };
    const host = { directory, environment: {}, terminal: { ...terminal, progress: vi.fn() }, ask: null };
    expect(await runInitCommand(options, host)).toBe(0);
    const written = valid(readFileSync(join(directory, '.github/gateway-rollout.yml'), 'utf8'));
    expect(written.measure?.gateway).toMatchObject({ series: { requests: 'llm_calls_total' } });
  });

  it('says which label and values made everything fail', async () => {
    const preset = own({ requests: 'llm_calls_total' }, { ...status, error: 'status' });
    const answer = await measure('own', { preset });
    expect(answer).toMatchObject({ arms: { official: { tasks: 600, failedTasks: 600 } } });
    expect(messagesIn(answer)).toContainEqual(
      expect.stringContaining('both arms: the label status is RateLimitError, ok, tool_crash'),
    );
  });
});

function measure(job: string, changes: Parameters<typeof otelSource>[1] = {}): Promise<SourceResult> {
  const endpoint = { baseUrl: live.url, auth: { kind: 'none' } } as const;
  const source = otelSource(endpoint, { labels: { job }, preset: PRESETS['otel-genai'], ...changes });
  return source.measure({ window: live.window, now: live.window.to, slice: null, without: [] });
}

function tasksIn(answer: SourceResult): unknown {
  return answer.kind === 'measured' ? [answer.arms.official?.tasks, answer.arms.gateway?.tasks] : answer;
}

function notesIn(answer: SourceResult): string[] {
  return answer.kind === 'measured' ? answer.notes.map(({ reasonCode }) => reasonCode) : [];
}

function messagesIn(answer: SourceResult): string[] {
  return answer.kind === 'measured' ? answer.notes.map(({ message }) => message) : [];
}

function own(series: OwnNames['series'], label_names: OwnNames['label_names'] = {}): PrometheusPreset {
  return customise(PRESETS['otel-genai'], { series, label_names });
}
