/** A gateway's own metrics, by platform: ten served requests a minute and one that fails, of 0.8 s each. */
import { growing, type History } from '../../support/prometheus-history.ts';

const BOUNDS = [0.5, 1, 2];

export function rememberPlatforms(history: History): void {
  for (const remember of [envoy, litellm, bifrost, kong]) remember(history);
}

const SOME_TOKENS = { input: 15_000, cachedInput: 0, output: 1_500, unknown: 0 };

/** What tells the platforms' metrics apart, in a quarter of an hour. */
export const PLATFORMS = {
  'envoy-ai-gateway': {
    errorsByClass: { unknown: 15 },
    tokens: { input: 15_000, cachedInput: 3_000, output: 1_500, unknown: 15 },
    cost: { usd: 0.002_925, priced: 150, unpriced: 15 },
    byModel: [{ name: 'gpt-4o-mini', attempts: 165 }],
  },
  litellm: {
    errorsByClass: { rate_limited: 15 },
    tokens: SOME_TOKENS,
    // As the platform accounts for it, not as the tokens would cost.
    cost: { usd: 0.15, priced: 165, unpriced: 0 },
    atOfficialPrices: { usd: 0.003_15, priced: 165, unpriced: 0 },
    byKey: [{ name: 'backend', attempts: 165, cost: { usd: 0.15 } }],
    byMember: [{ name: 'ada', attempts: 165 }],
  },
  bifrost: {
    errorsByClass: { timeout: 15 },
    tokens: { input: 15_000, cachedInput: 3_000, output: 1_500, unknown: 15 },
    cost: { usd: 0.3, priced: 165, unpriced: 0 },
    byKey: [{ name: 'backend', attempts: 165 }],
  },
  kong: {
    errorsByClass: { upstream_error: 15 },
    tokens: SOME_TOKENS,
    // Its requests name no model, its tokens do.
    cost: { usd: 0.003_15, priced: 165, unpriced: 0 },
    byModel: [
      { name: '', attempts: 165 },
      { name: 'gpt-4o-mini', attempts: 0, tokens: SOME_TOKENS },
    ],
  },
};

function envoy(history: History): void {
  const model = { gen_ai_original_model: 'gpt-4o-mini', gen_ai_response_model: 'gpt-4o-mini-2024-07-18' };
  const name = 'gen_ai_server_request_duration_seconds';
  history.histogram(name, model, BOUNDS, 0.8, growing(10));
  history.histogram(name, { ...model, error_type: '_OTHER' }, BOUNDS, 0.1, growing(1));
  for (const [type, each] of Object.entries({ input: 100, cached_input: 20, output: 10 })) {
    const labels = { ...model, gen_ai_token_type: type };
    history.counter('gen_ai_client_token_usage_token_sum', labels, growing(10 * each));
    history.counter('gen_ai_client_token_usage_token_count', labels, growing(10));
  }
}

function litellm(history: History): void {
  const who = { requested_model: 'gpt-4o-mini', api_key_alias: 'backend', user: 'ada' };
  const total = 'litellm_proxy_total_requests_metric_total';
  history.counter(total, { ...who, status_code: '200' }, growing(10));
  history.counter(total, { ...who, status_code: '429' }, growing(1));
  const failed = { ...who, exception_status: '429', exception_class: 'Openai.RateLimitError' };
  history.counter('litellm_proxy_failed_requests_metric_total', failed, growing(1));
  history.histogram('litellm_request_total_latency_metric', who, BOUNDS, 0.8, growing(10));
  history.counter(
    'litellm_input_tokens_metric_total',
    { ...who, model: 'openai/gpt-4o-mini' },
    growing(1_000),
  );
  history.counter(
    'litellm_output_tokens_metric_total',
    { ...who, model: 'openai/gpt-4o-mini' },
    growing(100),
  );
  const account = { model: 'gpt-4o-mini', api_key_alias: 'backend', user: 'ada' };
  history.counter('litellm_spend_metric_total', account, (minute) => minute * 0.01);
}

function bifrost(history: History): void {
  const base = { provider: 'openai', model: 'gpt-4o-mini', method: 'chat', virtual_key_name: 'backend' };
  history.counter('bifrost_upstream_requests_total', base, growing(11));
  const failed = { ...base, status_code: '504', error_type: 'timeout' };
  history.counter('bifrost_error_requests_total', failed, growing(1));
  const latency = 'bifrost_upstream_latency_seconds';
  history.histogram(latency, { ...base, is_success: 'true' }, BOUNDS, 0.8, growing(10));
  history.histogram(latency, { ...base, is_success: 'false' }, BOUNDS, 0.1, growing(1));
  history.counter('bifrost_input_tokens_total', base, growing(1_000));
  history.counter('bifrost_cache_read_input_tokens_total', base, growing(200));
  history.counter('bifrost_output_tokens_total', base, growing(100));
  history.counter('bifrost_cost_total', base, (minute) => minute * 0.02);
}

function kong(history: History): void {
  const route = { service: 'ai', route: 'chat', workspace: 'default', consumer: '' };
  history.counter('kong_http_requests_total', { ...route, code: '200', source: 'service' }, growing(10));
  history.counter('kong_http_requests_total', { ...route, code: '502', source: 'kong' }, growing(1));
  history.counter('kong_http_requests_total', { ...route, service: 'shop', code: '500' }, growing(50));
  const latency = { service: 'ai', route: 'chat', workspace: 'default' };
  history.histogram('kong_request_latency_ms', latency, [500, 1_000, 2_000], 800, growing(11));
  const ai = { ai_provider: 'openai', ai_model: 'gpt-4o-mini', workspace: 'default', consumer: '' };
  const used = 'kong_ai_llm_tokens_total';
  history.counter(used, { ...ai, token_type: 'prompt_tokens' }, growing(1_000));
  history.counter(used, { ...ai, token_type: 'completion_tokens' }, growing(100));
  history.counter(used, { ...ai, token_type: 'total_tokens' }, growing(1_100));
}
