import { expect, test } from 'vitest';
import { limitPosition } from '../../src/wording/difference.ts';
import { limitText } from '../../src/wording/verdicts.ts';
import { limit, verdict } from './rollouts.ts';

const shares = verdict({ official: { value: 10, low: 8, high: 12 } });
const times = verdict({ unit: 'duration', official: { value: 1000, low: 900, high: 1100 } });
const unknown = verdict({ official: null });

test.each([
  ['success_rate', limit({ kind: 'min', limit: 99 }), shares, 'at least 99 %', 99],
  ['retry_rate', limit({ kind: 'max', limit: 5 }), shares, 'at most 5 %', 5],
  ['cost_ratio', limit({ kind: 'max', limit: 1 }), unknown, 'at most 1 × official prices', 1],
  ['error_ratio', limit({ kind: 'max', limit: 2 }), shares, 'at most 2 × official', 20],
  ['success_rate', limit({ kind: 'max_drop', limit: 1 }), shares, 'at most 1 point below official', 9],
  ['retry_rate', limit({ kind: 'max_increase', limit: 2 }), shares, 'at most 2 points above official', 12],
  ['latency_p95', limit({ kind: 'max_increase', limit: 30 }), times, 'at most 30 % above official', 1300],
  [
    'error_ratio',
    limit({ kind: 'max', limit: 2, historical: true }),
    unknown,
    'at most 2 × the earlier official value',
    null,
  ],
  [
    'success_rate',
    limit({ kind: 'frozen', limit: 97.8 }),
    unknown,
    'at least 97.8 %, frozen from the earlier official value',
    97.8,
  ],
  [
    'slow_ratio',
    limit({ kind: 'frozen', limit: 17 }),
    unknown,
    'at most 17 %, frozen from the earlier official value',
    17,
  ],
])('%s: $1.kind has the right text and position', (metric, bound, judged, text, position) => {
  expect(limitText(metric, judged.unit, bound)).toBe(text);
  expect(limitPosition(bound, judged, metric)).toBe(position);
});
