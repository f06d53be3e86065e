/** A real Prometheus while the labels and programs that it scrapes change in the middle of a window. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { SourceResult } from '../../../src/measure/source.ts';
import { PRESETS } from '../../../src/measure/sources/presets/index.ts';
import { prometheusIsInstalled } from '../../support/prometheus.ts';
import { type Labels, LivePrograms, type LiveWindow } from './live-programs.ts';
import { otelSource } from './otel-source.ts';

const TASKS = 'gen_ai_client_operation_duration_seconds_count';
const TOKENS = 'gen_ai_client_token_usage_sum';
const OFFICIAL = { server_address: 'api.openai.com', gen_ai_request_model: 'gpt-4o-mini' };
const GATEWAY = { server_address: 'gateway.example', gen_ai_request_model: 'gpt-4o-mini' };
const NEW = { namespace: 'prod' };

const programs = new LivePrograms();
let live: LiveWindow;

/** Each story is a job of its own; its truth is 600 official and 30 gateway tasks, unless it says so. */
function tell(job: string, name: string, labels: Labels, ...values: Parameters<LivePrograms['show']>[2]) {
  programs.show(name, { job, instance: `${job}:1`, ...labels }, values);
}

function tellStories(): void {
  const official = (job: string) => tell(job, TASKS, OFFICIAL, 50_000, 50_300, 50_300, 50_600);

  tell('label-added', TASKS, OFFICIAL, 102_095, 102_395, null, null);
  tell('label-added', TASKS, { ...OFFICIAL, ...NEW }, null, null, 102_396, 102_695);
  tell('label-added', TASKS, GATEWAY, 5_104, 5_119, null, null);
  tell('label-added', TASKS, { ...GATEWAY, ...NEW }, null, null, 5_119, 5_134);
  tell('label-added', TASKS, { ...GATEWAY, error_type: '429' }, 3, 5, null, null);
  tell('label-added', TASKS, { ...GATEWAY, error_type: '429', ...NEW }, null, null, 5, 7);
  for (const [gen_ai_token_type, each] of [
    ['input', 100],
    ['output', 10],
  ] as const) {
    const labels = { ...GATEWAY, gen_ai_token_type };
    tell('label-added', TOKENS, labels, 5_104 * each, 5_119 * each, null, null);
    tell('label-added', TOKENS, { ...labels, ...NEW }, null, null, 5_119 * each, 5_134 * each);
  }

  // An hour old at the most: its past would pass for a busy birth.
  tell('young', TASKS, OFFICIAL, 20, 320, null, null);
  tell('young', TASKS, { ...OFFICIAL, ...NEW }, null, null, 320, 620);
  tell('young', TASKS, GATEWAY, 2, 17, null, null);
  tell('young', TASKS, { ...GATEWAY, ...NEW }, null, null, 17, 32);

  tell('label-removed', TASKS, { ...OFFICIAL, ...NEW }, 102_095, 102_395, null, null);
  tell('label-removed', TASKS, OFFICIAL, null, null, 102_395, 102_695);
  tell('label-removed', TASKS, { ...GATEWAY, ...NEW }, 5_104, 5_119, null, null);
  tell('label-removed', TASKS, GATEWAY, null, null, 5_119, 5_134);

  const url = { ...GATEWAY, server_address: 'https://gateway.example/v1/' };
  official('arm-rewritten');
  tell('arm-rewritten', TASKS, url, 5_104, 5_119, null, null);
  tell('arm-rewritten', TASKS, GATEWAY, null, null, 5_119, 5_134);

  official('instance-renamed');
  tell('instance-renamed', TASKS, GATEWAY, 5_104, 5_119, null, null);
  tell('instance-renamed', TASKS, { ...GATEWAY, instance: 'pod-a' }, null, null, 5_119, 5_134);

  // It began anew right after it got its other labels.
  official('relabelled-and-reset');
  tell('relabelled-and-reset', TASKS, GATEWAY, 5_104, 5_119, null, null);
  tell('relabelled-and-reset', TASKS, { ...GATEWAY, ...NEW }, null, null, 5_119, 15);

  official('new-to-prometheus');
  tell('new-to-prometheus', TASKS, { ...GATEWAY, instance: 'late:1' }, null, null, 5_104, 5_134);

  // All pods of a deployment are replaced; each new one has served some tasks at its first scrape.
  for (let pod = 0; pod < 20; pod++) {
    const old = { instance: `old-${pod}` };
    const young = { instance: `new-${pod}`, otel_scope_version: '2' };
    tell('deployment', TASKS, { ...OFFICIAL, ...old }, 7 * pod, 7 * pod + 15, null, null);
    tell('deployment', TASKS, { ...OFFICIAL, ...young }, null, null, pod % 5, 15);
    tell('deployment', TASKS, { ...GATEWAY, ...old }, pod, pod + 1, null, null);
    tell('deployment', TASKS, { ...GATEWAY, ...young }, null, null, 0, pod % 2);
  }

  official('created');
  tell('created', TASKS, { ...GATEWAY, instance: 'job:1' }, null, null, 25, 30);
  const created = TASKS.replace('_count', '_created');
  tell(
    'created',
    created,
    { ...GATEWAY, instance: 'job:1' },
    null,
    null,
    Date.now() / 1_000 + 60,
    Date.now() / 1_000 + 60,
  );
  official('started');
  tell('started', TASKS, { ...GATEWAY, instance: 'job:2' }, null, null, 25, 30);
  const start = Date.now() / 1_000 + 60;
  tell('started', 'process_start_time_seconds', { instance: 'job:2' }, null, null, start, start);

  // An outage: 200 calls failed at once in a program that was there all the time.
  official('outage');
  tell('outage', TASKS, GATEWAY, 5_000, 5_015, 5_015, 5_015);
  tell('outage', TASKS, { ...GATEWAY, error_type: '503' }, null, null, 200, 200);
}

describe.skipIf(!prometheusIsInstalled())('what changes in a window', () => {
  beforeAll(async () => {
    tellStories();
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
