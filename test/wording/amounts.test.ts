import fc from 'fast-check';
import { expect, test } from 'vitest';
import { amount, milliseconds, percent, span, usd } from '../../src/wording/amounts.ts';

test('a share below 100 % is never shown as 100 %', () => {
  const share = fc.double({ min: 0, max: 100, noNaN: true, maxExcluded: true });
  fc.assert(fc.property(share, (value) => percent(value) !== '100 %'));
  expect([percent(100), percent(99.99999), percent(0.03125)]).toEqual(['100 %', '99.999 %', '0.03125 %']);
});

test('every unit is named', () => {
  expect(
    (['share', 'duration', 'usd', 'tokens', 'ratio'] as const).map((unit) => amount(1234.5678, unit)),
  ).toEqual(['1235 %', '1.23 s', '1,234.57 USD', '1,234.568 tokens', '1,234.568']);
});

test('small and large times and costs keep three digits', () => {
  expect([0.5, 126, 1260, 95_000, 600_000].map(milliseconds)).toEqual([
    '0.5 ms',
    '126 ms',
    '1.26 s',
    '95 s',
    '600 s',
  ]);
  expect([0, 0.000_000_12, 0.0891, 14.6].map(usd)).toEqual([
    '0 USD',
    '0.000000120 USD',
    '0.0891 USD',
    '14.60 USD',
  ]);
  expect([30_000, 5.5 * 3_600_000, 3.2 * 86_400_000].map(span)).toEqual(['1 min', '5.5 h', '3.2 days']);
});
