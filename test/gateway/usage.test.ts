import { describe, expect, it } from 'vitest';
import { readUsage, type Usage } from '../../src/gateway/usage.ts';

describe('readUsage', () => {
  it.each<[string, unknown, Usage | null]>([
    [
      'chat completions',
      {
        usage: {
          prompt_tokens: 10,
          completion_tokens: 4,
          total_tokens: 14,
          prompt_tokens_details: { cached_tokens: 6 },
        },
      },
      { input: 10, cachedInput: 6, output: 4 },
    ],
    [
      'responses',
      { usage: { input_tokens: 10, output_tokens: 4, input_tokens_details: { cached_tokens: 6 } } },
      { input: 10, cachedInput: 6, output: 4 },
    ],
    [
      'an event of responses',
      { response: { usage: { input_tokens: 1, output_tokens: 2 } } },
      { input: 1, cachedInput: 0, output: 2 },
    ],
    ['embeddings', { usage: { prompt_tokens: 8, total_tokens: 8 } }, { input: 8, cachedInput: 0, output: 0 }],
    ['zeros', { usage: { prompt_tokens: 0, completion_tokens: 0 } }, { input: 0, cachedInput: 0, output: 0 }],
    [
      'more cached than input',
      { usage: { prompt_tokens: 5, completion_tokens: 1, prompt_tokens_details: { cached_tokens: 9 } } },
      { input: 5, cachedInput: 5, output: 1 },
    ],
    ['no usage', { choices: [] }, null],
    ['null', { usage: null }, null],
    ['text', { usage: { prompt_tokens: '10', completion_tokens: 4 } }, null],
    ['negative', { usage: { prompt_tokens: 10, completion_tokens: -4 } }, null],
    ['fractions', { usage: { prompt_tokens: 1.5, completion_tokens: 1 } }, null],
    ['output without input', { usage: { completion_tokens: 4 } }, null],
  ])('%s', (_, json, expected) => {
    expect(readUsage(json)).toEqual(expected);
  });
});
