import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { limitPosition, missingSentences } from '../../src/report/verdict-sentences.ts';
import { amount, milliseconds, percent, span, usd } from '../../src/wording/amounts.ts';
import { estimateText, limitText } from '../../src/wording/verdicts.ts';
import { xychart } from '../../src/wording/xychart.ts';
import { decision, limit, mixedLook, verdict } from './rollouts.ts';

describe('amounts', () => {
  test('a share that is not all of them never reads as 100 %', () => {
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
});

describe('limits', () => {
  const shares = verdict({ official: { value: 10, low: 8, high: 12 } });
  const times = verdict({ unit: 'duration', official: { value: 1000, low: 900, high: 1100 } });
  const unknown = verdict({ official: null });

  test.each([
    ['success_rate', limit({ kind: 'min', limit: 99 }), shares, 'at least 99 %', 99],
    ['retry_rate', limit({ kind: 'max', limit: 5 }), shares, 'at most 5 %', 5],
    ['error_ratio', limit({ kind: 'max', limit: 2 }), shares, 'at most 2 × official', 20],
    ['success_rate', limit({ kind: 'max_drop', limit: 1 }), shares, 'at most 1 point below official', 9],
    ['retry_rate', limit({ kind: 'max_increase', limit: 2 }), shares, 'at most 2 points above official', 12],
    ['latency_p95', limit({ kind: 'max_increase', limit: 30 }), times, 'at most 30 % above official', 1300],
    [
      'error_ratio',
      limit({ kind: 'max', limit: 2, historical: true }),
      unknown,
      'at most 2 × what official was',
      null,
    ],
    [
      'success_rate',
      limit({ kind: 'frozen', limit: 97.8 }),
      unknown,
      'at least 97.8 %, frozen from what official was',
      97.8,
    ],
    [
      'slow_ratio',
      limit({ kind: 'frozen', limit: 17 }),
      unknown,
      'at most 17 %, frozen from what official was',
      17,
    ],
  ])('%s: $1.kind reads and stands where it should', (metric, bound, judged, text, position) => {
    expect(limitText(metric, judged.unit, bound)).toBe(text);
    expect(limitPosition(bound, judged, metric)).toBe(position);
  });

  test('an interval that is open at one end says so', () => {
    expect(estimateText({ value: 5, low: null, high: 7 }, 'share')).toBe('5 % (at most 7 %)');
    expect(estimateText({ value: null, low: 5, high: null }, 'share')).toBe(
      'above every bound (at least 5 %)',
    );
    expect(estimateText({ value: 5, low: 5, high: 5 }, 'share')).toBe('5 %');
    expect(estimateText({ value: 5, low: null, high: null }, 'share')).toBe('5 %');
    expect(estimateText(null, 'share')).toBe('–');
  });

  test('what failed is not said to be missing, and a guard is not waited for', () => {
    const verdicts = {
      success_rate: verdict({ verdict: 'fail' }),
      error_ratio: verdict({ verdict: 'inconclusive', guard: true, needed: false }),
      slow_ratio: verdict({ verdict: 'no-data', reasonCode: 'calibrating' }),
    };
    expect(missingSentences({ ...mixedLook, verdicts, decision: decision() })).toEqual([
      'slow_ratio: no-data, what counts as slow is still being learnt from the official arm.',
    ]);
  });
});

describe('Mermaid', () => {
  const chart = {
    title: 'a "b"\n```',
    unit: '%',
    labels: ['1', '2'],
    lines: [{ color: '#111111', values: [1, 2] }],
  };

  test('no text ends its string or the block', () => {
    const text = xychart(chart);
    expect(text.match(/```/g)).toHaveLength(2);
    expect(text).toContain('  title "a  b     "');
  });

  test('equal values still have an axis, and percent end at 100', () => {
    const flat = { ...chart, lines: [{ color: '#111111', values: [100, 100] }] };
    expect(xychart({ ...flat, ceiling: 100 })).toContain('90 --> 100');
    expect(xychart({ ...flat, lines: [{ color: '#111111', values: [0, 0] }] })).toContain('0 --> 1');
  });

  test('one moment is no chart', () => {
    expect(xychart({ ...chart, labels: ['1'], lines: [{ color: '#111111', values: [1] }] })).toBe('');
  });
});
