import { expect, test } from 'vitest';
import { estimateText } from '../../src/wording/verdicts.ts';

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
