import { expect, it } from 'vitest';
import { forecastOf } from '../../src/conversation/forecast.ts';
import { EMPTY_ARM } from '../../src/measure/measurement.ts';
import { cacheAdvice } from '../../src/wording/cache-advice.ts';
import { LEAST, valid } from '../config/configs.ts';

const SPLIT = 'rollout: { stages: [staging, 5%, 100%] }\n';
const STICKY = 'rollout: { stages: [staging, 5%, 100%], cluster: user }\n';
const AT_ONCE = 'rollout: { stages: [staging, 100%] }\n';

const arm = (cachedInput: number, cacheUnknown = 0) => ({
  ...EMPTY_ARM,
  tokens: { input: 1_000, cachedInput, output: 1, unknown: 0 },
  cacheUnknown,
});

it.each([
  ['more than 30 % is cached', SPLIT, { official: arm(310), gateway: null }, /31 % on the official arm/],
  ['only where it is told', SPLIT, { official: arm(200, 500), gateway: arm(0) }, /40 % on the official arm/],
  ['30 % is cached', SPLIT, { official: arm(300), gateway: arm(300) }, null],
  ['the split is sticky', STICKY, { official: arm(900), gateway: arm(0) }, null],
  ['nothing is split', AT_ONCE, { official: arm(900), gateway: arm(0) }, null],
])('asks for a sticky split by what is measured: %s', (_, rollout, arms, expected) => {
  const advice = cacheAdvice(valid(LEAST + rollout), arms);
  if (expected === null) expect(advice).toBeNull();
  else expect(advice).toMatch(expected);
});

const cautions = (text: string) =>
  forecastOf(valid(LEAST + text))?.notes.filter((note) => note.includes('30 % of the input is cached'))
    .length;
const measure = (price: string) => `measure: { source: jsonl, prices: { gpt-4o-mini: { ${price} } } }\n`;

it.each([
  ['a price of cached input', SPLIT + measure('input: 1, output: 2, cached_input: 0.1'), 1],
  ['cached input that costs as much', SPLIT + measure('input: 1, output: 2'), 0],
  ['a sticky split', STICKY + measure('input: 1, output: 2, cached_input: 0.1'), 0],
  [
    'a limit on the loss of caches',
    `measure: { source: jsonl }\nrollout: { gates: { default: { metrics: { error_ratio: { max: 2 }, slow_ratio: { max: 1.5 }, cache_ratio: { max_drop: 10% } } } } }\n`,
    1,
  ],
])('says so below the config before anything is measured, with %s', (_, text, count) => {
  expect(cautions(text)).toBe(count);
});
