import { expect, test } from 'vitest';
import { estimateText, missingText } from '../../src/wording/verdicts.ts';
import { verdict } from '../report/rollouts.ts';

test('an interval that is open at one end says so', () => {
  expect(estimateText({ value: 5, low: null, high: 7 }, 'share')).toBe('5 % (at most 7 %)');
  expect(estimateText({ value: null, low: 5, high: null }, 'share')).toBe('≥ 5 %');
  expect(estimateText({ value: null, low: 20_000, high: null }, 'duration')).toBe(
    '≥ 20 s (failed requests count as infinite)',
  );
  expect(estimateText({ value: 5, low: 5, high: 5 }, 'share')).toBe('5 %');
  expect(estimateText({ value: 5, low: null, high: null }, 'share')).toBe('5 %');
  expect(estimateText(null, 'share')).toBe('–');
});

test('what nobody can wait for has no number, and a cold cache needs no tasks', () => {
  const missing = (reasonCode: 'undecided' | 'cold_cache', days: number | null) => {
    const stillNeeded = days === null ? null : { tasks: 1_240, time: days * 86_400_000 };
    return missingText(verdict({ verdict: 'inconclusive', reasonCode, stillNeeded }));
  };
  expect(missing('undecided', 80)).toBe(
    'needs about 1,240 more tasks on the gateway, 80 days at the current rate',
  );
  for (const days of [164.7, null])
    expect(missing('undecided', days)).toBe('at the current rates it would not pass within 90 days');
  expect(missing('cold_cache', 3)).toBe('caches of a small share are cold, so it cannot fail below 25 %');
});
