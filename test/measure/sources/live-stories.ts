/** What programs show to Prometheus in real life, each told by its `job`. */
import type { Labels, LivePrograms } from './live-programs.ts';

const TASKS = 'gen_ai_client_operation_duration_seconds_count';
const TOKENS = 'gen_ai_client_token_usage_sum';
const OFFICIAL = { server_address: 'api.openai.com', gen_ai_request_model: 'gpt-4o-mini' };
const GATEWAY = { server_address: 'gateway.example', gen_ai_request_model: 'gpt-4o-mini' };
const NEW = { namespace: 'prod' };

type Values = Parameters<LivePrograms['show']>[2];

function tellerOf(programs: LivePrograms) {
  return (job: string, name: string, labels: Labels, ...values: Values) =>
    programs.show(name, { job, instance: `${job}:1`, ...labels }, values);
}

/** Labels and programs that change in the middle of the window. */
export function tellChanges(programs: LivePrograms): void {
  const tell = tellerOf(programs);
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

  // A program that stops: all of its series end, first failures with as few calls as streams have, and fewer labels.
  official('stopped');
  tell('stopped', TASKS, GATEWAY, 5_000, 5_015, 5_030, null);
  tell('stopped', TASKS, { server_address: 'gateway.example' }, 1, 3, 3, null);
  tell('stopped', TASKS, { ...GATEWAY, error_type: '429' }, null, null, 3, null);
  tell('stopped', TASKS, { ...GATEWAY, error_type: '503' }, null, null, 9, null);
}

/** Metrics that say something else than the conventions, or say it otherwise. */
export function tellOddities(programs: LivePrograms): void {
  const tell = tellerOf(programs);

  // OpenLLMetry: whole URLs, models by their answers, and failures with nothing but their type.
  const urls = { official: 'https://api.openai.com/v1/', gateway: 'https://gateway.example/v1/' };
  for (const job of ['openllmetry', 'openllmetry-relabelled']) {
    const answered = { gen_ai_response_model: 'gpt-4o-mini-2024-07-18' };
    tell(job, TASKS, { ...answered, server_address: urls.official }, 100, 130, 140, 166);
    tell(job, TASKS, { ...answered, server_address: urls.gateway }, 100, 130, 140, 166);
    const arm = job === 'openllmetry' ? {} : { server_address: urls.gateway };
    tell(job, TASKS, { ...arm, error_type: 'NotFoundError' }, null, 3, 6, 8);
  }

  tell('no-address', TASKS, { gen_ai_request_model: 'gpt-4o-mini' }, 10, 20, 30, 40);

  for (const prometheus_replica of ['a', 'b']) {
    tell('two-servers', TASKS, { ...OFFICIAL, prometheus_replica }, 1_000, 1_100, 1_200, 1_600);
    tell('two-servers', TASKS, { ...GATEWAY, prometheus_replica }, 100, 110, 120, 130);
  }

  // As Prometheus shows a native histogram: by its name, without a suffix.
  tell('native', 'native_calls_seconds', OFFICIAL, 1, 2, 3, 4);

  // LiteLLM counts its own pages, too.
  const total = 'litellm_proxy_total_requests_metric_total';
  const failed = 'litellm_proxy_failed_requests_metric_total';
  const call = { requested_model: 'gpt-4o-mini', route: '/v1/chat/completions' };
  tell('litellm', total, call, 0, 10, 20, 30);
  tell(
    'litellm',
    failed,
    { ...call, exception_class: 'BudgetExceededError', exception_status: '422' },
    0,
    1,
    1,
    2,
  );
  for (const route of ['/metrics', '/key/info', '/v1/models', '/model_group/info']) {
    tell('litellm', total, { route, requested_model: '' }, 0, 5, 10, 15);
    tell('litellm', failed, { route, requested_model: '', exception_status: '401' }, 0, 5, 10, 15);
  }
  // Older versions have no such label.
  tell('litellm', total, { requested_model: 'gpt-4o-mini', user: 'old' }, 0, 1, 2, 3);

  // By LiteLLM's deployments: one of them never answers.
  const requests = 'litellm_deployment_success_responses_total';
  const failures = 'litellm_deployment_failure_responses_total';
  tell('dead-arm', requests, { api_base: urls.official }, 100, 200, 300, 400);
  tell('dead-arm', failures, { api_base: urls.gateway, exception_status: '503' }, 5, 10, 15, 25);

  // A counter of one's own, as prometheus_client writes it.
  const calls = (upstream: string, status: string, ...values: Values) =>
    tell('own', 'llm_calls_total', { upstream, model: 'gpt-4o-mini', status }, ...values);
  calls('api.openai.com', 'ok', 1_000, 1_300, 1_300, 1_590);
  calls('api.openai.com', 'RateLimitError', 4, 8, 8, 14);
  calls('gateway.example', 'ok', 50, 60, 60, 77);
  calls('gateway.example', 'RateLimitError', null, 1, 1, 2);
  calls('gateway.example', 'tool_crash', null, null, 1, 1);
  tell('own', 'llm_call_seconds_bucket', { upstream: 'gateway.example', le: '1' }, 50, 61, 62, 70);
  tell('own', 'llm_call_seconds_bucket', { upstream: 'gateway.example', le: '+Inf' }, 50, 61, 62, 80);
  tell('own', 'llm_cache_entries', {}, 5, 5, 5, 5);
}
