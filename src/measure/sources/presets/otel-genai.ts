import { genAiTokens } from './gen-ai-tokens.ts';
import type { PrometheusPreset } from './preset.ts';

/** The exporter of OpenTelemetry's JavaScript writes no unit into a name. */
const timed = (name: string) => [`${name}_seconds`, name];
const named = (names: readonly string[], suffix: string) => names.map((name) => name + suffix);
const DURATION = timed('gen_ai_client_operation_duration');
const TTFT = [
  ...timed('gen_ai_client_operation_time_to_first_chunk'),
  ...timed('gen_ai_server_time_to_first_token'),
];

/**
 * What OpenTelemetry's instrumentations of the OpenAI clients record in the team's own programs, by the semantic
 * conventions for generative AI: the call of the client's function, retries included. `server_address` is the
 * host of the base URL, so the arms are told apart without any work.
 */
export const otelGenai: PrometheusPreset = {
  name: 'otel-genai',
  counts: 'tasks',
  seenBy: 'client',
  armLabel: 'server_address',
  requests: { names: named(DURATION, '_count'), matchers: {} },
  failures: { counter: null, labels: ['error_type'], means: /./ },
  latency: {
    names: named(DURATION, '_bucket'),
    matchers: {},
    unit: 's',
    failures: 'by-label',
  },
  ttft: {
    names: named(TTFT, '_bucket'),
    matchers: {},
    unit: 's',
    failures: 'never',
  },
  tokens: genAiTokens(),
  cost: null,
  labels: { model: ['gen_ai_request_model'], key: [], member: [] },
};
