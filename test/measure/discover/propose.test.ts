import { describe, expect, it } from 'vitest';
import { metricsOf, propose } from '../../../src/measure/discover/propose.ts';
import { hostNames } from '../../../src/measure/sources/arm-of-labels.ts';

const KNOWN = {
  armValues: {
    official: [...hostNames('https://api.openai.com/v1'), 'official'],
    gateway: [...hostNames('https://gateway.example/v1'), 'gateway'],
  },
  isModel: (name: string) => name.startsWith('gpt-'),
};

/** Series written as in Prometheus: `calls_total{target="official"}`. */
function proposed(...series: readonly string[]) {
  const read = series.map((each) => {
    const pairs = [...each.matchAll(/(\w+)="([^"]*)"/g)].map(([, label = '', value = '']) => [label, value]);
    return { __name__: each.split('{')[0] ?? '', job: 'app', instance: 'a:1', ...Object.fromEntries(pairs) };
  });
  return propose(metricsOf(read), KNOWN);
}

describe('the config for metrics of a program', () => {
  it('names the arm by hosts or words, the model by its values, and success by a status', () => {
    expect(
      proposed(
        'llm_calls_total{upstream="api.openai.com", model="gpt-4o", status="ok"}',
        'llm_calls_total{upstream="gateway.example", model="gpt-4o", status="RateLimitError"}',
      ),
    ).toEqual({
      series: { requests: 'llm_calls_total' },
      label_names: { arm: 'upstream', model: 'model', error: { label: 'status', success: ['ok'] } },
    });
    expect(
      proposed(
        'chat_requests_total{target="official", deployment="gpt-4o", code="200"}',
        'chat_requests_total{target="gateway", deployment="gpt-4o", code="204"}',
        'chat_requests_total{target="gateway", deployment="gpt-4o", code="429"}',
      ),
    ).toEqual({
      series: { requests: 'chat_requests_total' },
      label_names: { arm: 'target', model: 'deployment', error: { label: 'code', success: ['2..'] } },
    });
  });

  it('finds failures, times, tokens and costs of the same program', () => {
    const who = 'base_url="https://gateway.example/v1/", model="gpt-4o"';
    expect(
      proposed(
        `ai_calls_total{${who}}`,
        `ai_failures_total{${who}, reason="timeout"}`,
        `ai_call_duration_ms_bucket{${who}, le="+Inf"}`,
        `ai_first_token_seconds_bucket{${who}, le="+Inf"}`,
        `ai_prompt_tokens_total{${who}}`,
        `ai_completion_tokens_total{${who}}`,
        `ai_cached_prompt_tokens_total{${who}}`,
        `ai_cost_usd_total{${who}}`,
        'shop_orders_total{status="ok"}',
        'other_cost_usd_total{team="x"}',
      ),
    ).toEqual({
      series: {
        requests: 'ai_calls_total',
        failures: 'ai_failures_total',
        latency: 'ai_call_duration_ms_bucket',
        ttft: 'ai_first_token_seconds_bucket',
        input_tokens: 'ai_prompt_tokens_total',
        output_tokens: 'ai_completion_tokens_total',
        cached_input_tokens: 'ai_cached_prompt_tokens_total',
        cost: 'ai_cost_usd_total',
      },
      label_names: { arm: 'base_url', model: 'model' },
    });
  });

  it.each([
    ['nothing', []],
    ['counters of something else', ['shop_orders_total{status="ok"}', 'http_requests_total{code="200"}']],
    ['tokens alone', ['llm_tokens_total{model="gpt-4o", target="gateway"}']],
  ])('does not exist for %s', (_, series) => {
    expect(proposed(...series)).toBeNull();
  });
});
