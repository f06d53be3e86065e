import { genAiTokens } from './gen-ai-tokens.ts';
import { counter, type PrometheusPreset, seconds } from './preset.ts';

/** The exporter of OpenTelemetry's JavaScript writes no unit into a name. */
const timed = (name: string, suffix: string) => [`${name}_seconds${suffix}`, `${name}${suffix}`];
const DURATION = 'gen_ai_client_operation_duration';

/**
 * What OpenTelemetry's instrumentations of the OpenAI clients record in the team's own programs, by the semantic
 * conventions for generative AI: the call of the client's function, retries included. `server_address` is the host of
 * the base URL, so it names the arm without any work.
 */
export const otelGenai: PrometheusPreset = {
  name: 'otel-genai',
  counts: 'tasks',
  seenBy: 'client',
  armLabel: 'server_address',
  requests: counter(timed(DURATION, '_count')),
  failures: { counter: null, labels: ['error_type'], means: /./ },
  latency: seconds(timed(DURATION, '_bucket'), 'by-label'),
  ttft: seconds(
    [
      ...timed('gen_ai_client_operation_time_to_first_chunk', '_bucket'),
      ...timed('gen_ai_server_time_to_first_token', '_bucket'),
    ],
    'never',
  ),
  tokens: genAiTokens(),
  cost: null,
  labels: { model: ['gen_ai_request_model', 'gen_ai_response_model'], key: [], member: [] },
};
