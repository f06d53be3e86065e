import { describe, expect, it } from 'vitest';
import type { ArmCounts } from '../../src/measure/measurement.ts';
import { arm, asked, gathered, judged, lookAt, repeat, setting, window } from './measured.ts';
import {
  DAY,
  DEFAULT,
  dearerAtNight,
  firstFailure,
  HOUR,
  lostCache,
  ONE_MODEL,
  risingPrice,
  traffic,
} from './priced-traffic.ts';

describe('what the same tokens cost', () => {
  it('is not judged by the first task', () => {
    const first = window(0, { gateway: arm(1, { usd: 0.0011 }), official: arm(750) });
    const later = repeat(DAY, (index) =>
      window(index + 1, { gateway: arm(50, { usd: 0.045 }), official: arm(750) }),
    );
    expect(firstFailure([first, ...later], asked({ cost_ratio: { max: 1.05 } }))).toBe(null);
  });

  it.each([5, 25])('rises by half after ten days: seen within 6 h at a share of %d', (share) => {
    const found = firstFailure(
      traffic(1, share / 100, 10 * DAY + 6 * HOUR, (index) => [risingPrice(index, 10 * DAY)]),
      DEFAULT,
      { share, from: 9 * DAY },
    );
    expect(found?.metric).toBe('cost_ratio');
    expect(found?.at).toBeGreaterThanOrEqual(10 * DAY);
  });

  it('may be higher every night, on the model of the nightly jobs', () => {
    const windows = traffic(2, 0.25, 7 * DAY, (index) => [dearerAtNight(index)]);
    expect(firstFailure(windows, DEFAULT)).toBe(null);
  });

  it('pauses the rollout, and passes at once where one factor holds for everything', () => {
    const at = (price: number) =>
      lookAt(
        setting(DEFAULT),
        traffic(3, 0.25, 5, () => [{ ...ONE_MODEL, price }]),
      ).cost_ratio;
    expect(at(0.9)?.verdict).toBe('pass');
    expect(at(1.05)?.verdict).toBe('pass');
    expect(at(1.06)).toMatchObject({ verdict: 'fail', limits: [{ onFailure: 'pause' }] });
  });
});

describe('a small arm, whose prompt cache is cold', () => {
  it('does not count against the gateway in the stages after it', () => {
    const { cost_per_task, cache_ratio } = DEFAULT;
    const metrics = { cost_per_task, cache_ratio };
    const cold = gathered(
      setting(metrics, { share: 5 }),
      traffic(6, 0.05, 2 * DAY, (index) => [lostCache(index, 0)]),
    );
    const warm = gathered(
      setting(metrics, { share: 25 }),
      traffic(7, 0.25, DAY, () => [ONE_MODEL]),
      undefined,
      cold.road,
    );
    const found = judged(warm);
    expect(found.cost_per_task?.verdict).not.toBe('fail');
    expect(found.cache_ratio?.verdict).not.toBe('fail');
  });
});

describe('a lost prompt cache (90 % to 0 %) at 25 % of 20,000 tasks a day', () => {
  const { cache_ratio: _, ...withoutCache } = DEFAULT;

  it.each([
    ['from the first hour on', 0],
    ['after five days', 5 * DAY],
  ])('%s: seen within 3 h where cached tokens are reported', (_, from) => {
    const windows = traffic(4, 0.25, from + 3 * HOUR, (index) => [lostCache(index, from)]);
    expect(firstFailure(windows, DEFAULT, { from: from - HOUR })).toMatchObject({ metric: 'cache_ratio' });
  });

  it.each([
    ['from the first hour on', 0],
    ['after five days', 5 * DAY],
  ])('%s: seen within 12 h by the cost of a task alone', (_, from) => {
    const windows = traffic(5, 0.25, from + 12 * HOUR, (index) => [lostCache(index, from)]);
    expect(firstFailure(windows, withoutCache, { from: from - HOUR })).toMatchObject({
      metric: 'cost_per_task',
    });
  });

  it('is shown below 25 %, where the caches of a small arm are cold anyway, and fails nothing', () => {
    const windows = traffic(6, 0.05, 5 * DAY, (index) => [lostCache(index, 0)]);
    expect(firstFailure(windows, DEFAULT, { from: 5 * DAY - 1, share: 5 })).toBe(null);
    const { cache_ratio: cache } = lookAt(setting(DEFAULT, { share: 5 }), windows);
    expect(cache).toMatchObject({ verdict: 'inconclusive', reasonCode: 'cold_cache', gateway: { value: 0 } });
    expect(cache?.official?.value).toBeCloseTo(90, 0);
  });

  it('is unknown, not 0 %, where answers do not report cached tokens', () => {
    const silent = (each: ArmCounts | null) =>
      each && { ...each, byModel: [], cacheUnknown: each.tokens?.input ?? 0 };
    const windows = traffic(7, 0.25, DAY, (index) => [lostCache(index, 0)]).map((each) => ({
      ...each,
      arms: { ...each.arms, gateway: silent(each.arms.gateway) },
    }));
    expect(firstFailure(windows, asked({ cache_ratio: { max_drop: 5 } }))).toBe(null);
  });
});

it('passes no cost while one window holds more than a tenth of the squares', () => {
  const cost = (extra: number) => {
    const windows = repeat(60, (index) => {
      const usd = 0.05 * (index % 2 === 0 ? 0.98 : 1.02) + (index === 30 ? extra : 0);
      return window(index, { gateway: arm(50, { usd }), official: arm(750, { usd: 0.75 }) });
    });
    return lookAt(setting(asked({ cost_per_task: { max_increase: 10 } })), windows).cost_per_task?.verdict;
  };
  expect(cost(0)).toBe('pass');
  expect(cost(0.01)).toBe('inconclusive');
});
