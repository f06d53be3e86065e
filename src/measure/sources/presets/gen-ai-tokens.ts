import type { Matchers } from '../prometheus-api.ts';
import { counter, type PrometheusPreset } from './preset.ts';

/** OpenTelemetry writes a unit of `token` into the name, but not one of `{token}`. */
const NAMES = ['gen_ai_client_token_usage', 'gen_ai_client_token_usage_token'];

/**
 * Tokens by OpenTelemetry's conventions for generative AI: a histogram, whose sum is tokens and whose count is the
 * requests that reported them.
 * @param matchers other labels that its series must have
 */
export function genAiTokens(matchers: Matchers = {}): NonNullable<PrometheusPreset['tokens']> {
  const usage = (suffix: '_sum' | '_count', type: string) =>
    counter(
      NAMES.map((name) => name + suffix),
      { ...matchers, gen_ai_token_type: type },
    );
  return {
    input: usage('_sum', 'input'),
    output: usage('_sum', 'output'),
    cachedInput: usage('_sum', 'cached_input'),
    known: usage('_count', 'input'),
  };
}
