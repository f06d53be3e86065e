import { genAiTokens } from './gen-ai-tokens.ts';
import { counter, type PrometheusPreset, seconds } from './preset.ts';

/** The team's own programs may write metrics of the same names; only the gateway knows an original model. */
const matchers = { gen_ai_original_model: null };

/** Envoy AI Gateway: the server side of OpenTelemetry's conventions. The original model is the client's. */
export const envoyAiGateway: PrometheusPreset = {
  name: 'envoy-ai-gateway',
  counts: 'attempts',
  seenBy: 'gateway',
  armLabel: null,
  requests: counter('gen_ai_server_request_duration_seconds_count', matchers),
  failures: { counter: null, labels: ['error_type'], means: /./ },
  latency: seconds('gen_ai_server_request_duration_seconds_bucket', 'by-label', matchers),
  ttft: seconds('gen_ai_server_time_to_first_token_seconds_bucket', 'never', matchers),
  tokens: genAiTokens(matchers),
  cost: null,
  labels: { model: ['gen_ai_original_model', 'gen_ai_request_model'], key: [], member: [] },
};
