import type { PrometheusPreset } from './preset.ts';

/** The team's own programs may write metrics of the same names; only the gateway knows an original model. */
const matchers = { gen_ai_original_model: null };

const usage = (suffix: '_sum' | '_count', type: string) => ({
  names: [`gen_ai_client_token_usage${suffix}`, `gen_ai_client_token_usage_token${suffix}`],
  matchers: { ...matchers, gen_ai_token_type: type },
});

/** Envoy AI Gateway: the server side of OpenTelemetry's conventions; the original model is what the client asked for. */
export const envoyAiGateway: PrometheusPreset = {
  name: 'envoy-ai-gateway',
  counts: 'attempts',
  seenBy: 'gateway',
  armLabel: null,
  requests: { names: ['gen_ai_server_request_duration_seconds_count'], matchers },
  failures: { counter: null, labels: ['error_type'], means: /./ },
  latency: {
    names: ['gen_ai_server_request_duration_seconds_bucket'],
    matchers,
    unit: 's',
    failures: 'by-label',
  },
  ttft: {
    names: ['gen_ai_server_time_to_first_token_seconds_bucket'],
    matchers,
    unit: 's',
    failures: 'never',
  },
  tokens: {
    input: usage('_sum', 'input'),
    output: usage('_sum', 'output'),
    cachedInput: usage('_sum', 'cached_input'),
    known: usage('_count', 'input'),
  },
  cost: null,
  labels: { model: ['gen_ai_original_model', 'gen_ai_request_model'], key: [], member: [] },
};
