import { describe, expect, it } from 'vitest';
import type { Limits } from '../../src/config/metrics.ts';
import { EMPTY_BASELINE } from '../../src/judge/baseline.ts';
import { addWindow, type Judged, noEvidence, planStage } from '../../src/judge/evidence.ts';
import { newRoad } from '../../src/judge/road.ts';
import type { Verdicts } from '../../src/judge/verdict.ts';
import { addCounts } from '../../src/measure/add.ts';
import { type ArmCounts, type Counts, EMPTY_ARM } from '../../src/measure/measurement.ts';
import { normal, type Random, seeded } from '../support/random.ts';
import { arm, asked, judged, lookAt, repeat, setting, window } from './measured.ts';

/** The limits of costs in the default gate, among as many others. */
const DEFAULT = asked({
  success_rate: { max_drop: 1 },
  error_ratio: { max: 2, guard: true },
  slow_ratio: { max: 1.5 },
  cost_ratio: { max: 1.05 },
  cost_per_task: { max_increase: 10, guard: true },
  cache_ratio: { max_drop: 5, guard: true },
});

interface Usual {
  readonly model: string;
  /** Tasks a window on both arms. */
  readonly tasks: number;
  /** The gateway's price ÷ the official one. */
  readonly price: number;
  /** Shares of the input that are cached. */
  readonly cached: { readonly official: number; readonly gateway: number };
}

const CACHED = { official: 0.9, gateway: 0.9 };

/** Tasks of log-normal length. Uncached input costs 1 USD a million tokens, cached a tenth of it, output 4 USD. */
function counts(next: Random, tasks: number, price: number, cached: number): Counts {
  let [input, hit, output] = [0, 0, 0];
  for (let task = 0; task < tasks; task += 1) {
    const size = Math.exp(normal(next));
    const tokens = Math.round(2_000 * size);
    input += tokens;
    hit += Math.round(tokens * Math.min(1, cached * (0.9 + 0.2 * next())));
    output += Math.round(75 * size);
  }
  const official = (input - 0.9 * hit + 4 * output) / 1e6;
  const { byModel: _, byKey: __, byMember: ___, ...plain } = arm(tasks, { usd: official * price, official });
  return { ...plain, tokens: { input, cachedInput: hit, output, unknown: 0 } };
}

function armOf(slices: readonly (Counts & { readonly name: string })[]): ArmCounts {
  return { ...EMPTY_ARM, ...slices.map(({ name: _, ...each }) => each).reduce(addCounts), byModel: slices };
}

/** Windows of a quarter of an hour, at a share of the traffic. */
function traffic(seed: number, share: number, windows: number, usual: (index: number) => readonly Usual[]) {
  const next = seeded(seed);
  return repeat(windows, (index) => {
    const slices = usual(index).map(({ model, tasks, price, cached }) => {
      const ours = Math.max(1, Math.round(tasks * share));
      return {
        gateway: { name: model, ...counts(next, ours, price, cached.gateway) },
        official: { name: model, ...counts(next, tasks - ours, 1, cached.official) },
      };
    });
    const [gateway, official] = (['gateway', 'official'] as const).map((each) =>
      armOf(slices.map((slice) => slice[each])),
    );
    return window(index, { gateway: gateway ?? null, official: official ?? null });
  });
}

/** The first window after which one of the metrics fails, and which. */
function firstFailure(
  windows: ReturnType<typeof traffic>,
  metrics: Limits,
  { from = 0, share = 25 } = {},
): { readonly at: number; readonly metric: string } | null {
  const plan = planStage(setting(metrics, { share }), EMPTY_BASELINE);
  let all: Judged = { plan, evidence: noEvidence(plan), road: newRoad(null) };
  for (const [index, each] of windows.entries()) {
    all = addWindow(all, each);
    const failed = index < from ? [] : failuresIn(judged(all));
    if (failed[0] !== undefined) return { at: index, metric: failed[0] };
  }
  return null;
}

const failuresIn = (verdicts: Verdicts) =>
  Object.entries(verdicts).flatMap(([name, { verdict }]) => (verdict === 'fail' ? [name] : []));

const HOUR = 4;
const DAY = 24 * HOUR;
/** 20,000 tasks a day. */
const ONE_MODEL: Usual = { model: 'gpt-4o', tasks: 208, price: 0.9, cached: CACHED };

describe('what the same tokens cost', () => {
  it('is not judged by the first task', () => {
    const first = window(0, { gateway: arm(1, { usd: 0.0011 }), official: arm(750) });
    const later = repeat(DAY, (index) =>
      window(index + 1, { gateway: arm(50, { usd: 0.045 }), official: arm(750) }),
    );
    expect(firstFailure([first, ...later], asked({ cost_ratio: { max: 1.05 } }))).toBe(null);
  });

  it.each([5, 25])('rises by half after ten days: seen within 6 h at a share of %d', (share) => {
    const usual = (index: number) => [{ ...ONE_MODEL, price: index < 10 * DAY ? 0.9 : 1.35 }];
    const found = firstFailure(traffic(1, share / 100, 10 * DAY + 6 * HOUR, usual), DEFAULT, { share });
    expect(found?.metric).toBe('cost_ratio');
    expect(found?.at).toBeGreaterThanOrEqual(10 * DAY);
  });

  it('may be higher every night, on the model of the nightly jobs', () => {
    const usual = (index: number) =>
      index % DAY < DAY / 3
        ? [{ ...ONE_MODEL, model: 'nightly', tasks: 150, price: 1.1 }]
        : [{ ...ONE_MODEL, tasks: 300 }];
    const noon = traffic(2, 0.25, 7 * DAY, (index) => usual(index + DAY / 2));
    expect(firstFailure(noon, DEFAULT)).toBe(null);
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

describe('a lost prompt cache (90 % to 0 %) at 25 % of 20,000 tasks a day', () => {
  const lost = (index: number, from: number) => ({
    ...ONE_MODEL,
    price: 1,
    cached: { official: 0.9, gateway: index < from ? 0.9 : 0 },
  });
  const { cache_ratio: _, ...withoutCache } = DEFAULT;

  it.each([
    ['from the first hour on', 0],
    ['after five days', 5 * DAY],
  ])('%s: seen within 3 h where cached tokens are reported', (_, from) => {
    const windows = traffic(4, 0.25, from + 3 * HOUR, (index) => [lost(index, from)]);
    expect(firstFailure(windows, DEFAULT)).toMatchObject({ metric: 'cache_ratio' });
  });

  it.each([
    ['from the first hour on', 0],
    ['after five days', 5 * DAY],
  ])('%s: seen within 12 h by the cost of a task alone', (_, from) => {
    const windows = traffic(5, 0.25, from + 12 * HOUR, (index) => [lost(index, from)]);
    expect(firstFailure(windows, withoutCache)).toMatchObject({ metric: 'cost_per_task' });
  });

  it('is shown below 25 %, where the caches of a small arm are cold anyway, and fails nothing', () => {
    const windows = traffic(6, 0.05, 5 * DAY, (index) => [lost(index, 0)]);
    expect(firstFailure(windows, DEFAULT, { from: 5 * DAY - 1, share: 5 })).toBe(null);
    const { cache_ratio: cache } = lookAt(setting(DEFAULT, { share: 5 }), windows);
    expect(cache).toMatchObject({ verdict: 'inconclusive', reasonCode: 'cold_cache', gateway: { value: 0 } });
    expect(cache?.official?.value).toBeCloseTo(90, 0);
  });

  it('is unknown, not 0 %, where answers do not report cached tokens', () => {
    const silent = (each: ArmCounts | null) =>
      each && { ...each, byModel: [], cacheUnknown: each.tokens?.input ?? 0 };
    const windows = traffic(7, 0.25, DAY, (index) => [lost(index, 0)]).map((each) => ({
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
