import { describe, expect, test } from 'vitest';
import { differenceOf, differenceText } from '../../src/wording/difference.ts';
import { limit, verdict } from '../report/rollouts.ts';

const shown = (...about: Parameters<typeof differenceOf>): string => {
  const difference = differenceOf(...about);
  return difference === null ? 'none' : differenceText(difference);
};
const exact = (value: number) => ({ value, low: null, high: null });

describe('the difference to official', () => {
  test('is in points for shares, in percent for times and money, and a ratio where the limit is one', () => {
    expect(shown('success_rate', verdict())).toBe('−0.1 points (−0.42 to +0.22)');
    const times = verdict({ unit: 'duration', official: exact(1_000), gateway: exact(1_250) });
    expect(shown('latency_p95', times)).toBe('+25 %');
    const events = verdict({
      official: { value: 0.5, low: 0.4, high: 0.6 },
      gateway: { value: 3.1, low: 2.2, high: 4.3 },
      limits: [limit({ kind: 'max', limit: 2, verdict: 'fail' })],
    });
    expect(shown('error_ratio', events)).toBe('6.2 × official (4.2 to 9.21)');
  });

  test('is the value itself where nothing is left on the official arm, and nothing without a value', () => {
    expect(shown('success_rate', verdict({ official: null }))).toBe('99.4 % (99.1 % to 99.7 %)');
    expect(shown('success_rate', verdict({ gateway: null }))).toBe('none');
  });

  test('no failure on the gateway is a ratio of 0; none on the official arm leaves points', () => {
    const ratio = { limits: [limit({ kind: 'max', limit: 2, verdict: 'no-data' })] };
    const healthy = verdict({
      official: { value: 1, low: 0.5, high: 2 },
      gateway: { value: 0, low: 0, high: 0.4 },
      ...ratio,
    });
    expect(shown('error_ratio', healthy)).toBe('0 × official (0 to 0.8)');
    const first = verdict({ official: exact(0), gateway: { value: 1, low: 0.5, high: 2 }, ...ratio });
    expect(shown('error_ratio', first)).toBe('+1 point (+0.5 to +2)');
  });

  test('a failed quantile is open above', () => {
    const endless = verdict({
      unit: 'duration',
      official: exact(1_000),
      gateway: { value: null, low: 1_500, high: null },
    });
    expect(shown('latency_p95', endless)).toBe('≥ +50 %');
  });

  test.each([
    ['pass', '−0.1 points (−0.3 to +0.22)'],
    ['inconclusive', '−0.1 points (−0.42 to +0.22)'],
  ] as const)('never contradicts the judge: %s', (kind, text) => {
    const limits = [limit({ kind: 'max_drop', limit: 0.3, verdict: kind })];
    expect(shown('success_rate', verdict({ verdict: kind, limits }))).toBe(text);
  });

  test('an open verdict reaches its limit', () => {
    const limits = [limit({ kind: 'max_drop', limit: 1, verdict: 'inconclusive' })];
    expect(differenceOf('success_rate', verdict({ limits }))?.low).toBe(-1);
  });
});
