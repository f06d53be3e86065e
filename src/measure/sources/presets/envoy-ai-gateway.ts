import { genAiTokens } from './gen-ai-tokens.ts';
import type { PrometheusPreset } from './preset.ts';

/** The team's own programs may write metrics of the same names; only the gateway knows an original model. */
const matchers = { gen_ai_original_model: null };

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
  tokens: genAiTokens(matchers),
  cost: null,
  labels: { model: ['gen_ai_original_model', 'gen_ai_request_model'], key: [], member: [] },
};
