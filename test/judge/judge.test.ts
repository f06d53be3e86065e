import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { EMPTY_BASELINE } from '../../src/judge/baseline.ts';
import type { StageSetting } from '../../src/judge/claims.ts';
import type { Judged } from '../../src/judge/evidence.ts';
import type { Baseline } from '../../src/judge/kept.ts';
import { freezeBaseline } from '../../src/judge/stage-setting.ts';
import type { Verdicts } from '../../src/judge/verdict.ts';
import { EMPTY_ARM, type Measurement } from '../../src/measure/measurement.ts';
import {
  arm,
  asked,
  failing,
  gathered,
  healthy,
  judged,
  lookAt,
  repeat,
  setting,
  window,
} from './measured.ts';

const DEFAULTS = asked({
  success_rate: { min: 97, max_drop: 1 },
  error_ratio: { max: 2 },
  slow_ratio: { max: 1.5 },
  cost_ratio: { max: 1.05 },
});

const kinds = (verdicts: Verdicts) =>
  Object.fromEntries(
    Object.entries(verdicts).map(([metric, { verdict, reasonCode }]) => [
      metric,
      reasonCode === null ? verdict : `${verdict}: ${reasonCode}`,
    ]),
  );

describe('a gateway that is as good as the official API', () => {
  it('is undecided at first and says how much is missing', () => {
    const verdicts = lookAt(setting(DEFAULTS), repeat(2, healthy));
    expect(kinds(verdicts)).toEqual({
      success_rate: 'inconclusive: undecided',
      error_ratio: 'inconclusive: undecided',
      slow_ratio: 'inconclusive: undecided',
      cost_ratio: 'inconclusive: undecided',
    });
    expect(verdicts.success_rate?.stillNeeded?.tasks).toBeGreaterThan(500);
  });

  it('passes in the end, after about as many tasks as were announced', () => {
    const announced =
      lookAt(setting(DEFAULTS), repeat(2, healthy)).success_rate?.stillNeeded?.tasks ?? Number.NaN;
    const passesAt = repeat(60, healthy).findIndex(
      (_, index) => lookAt(setting(DEFAULTS), repeat(index + 1, healthy)).success_rate?.verdict === 'pass',
    );
    expect(Math.abs((passesAt + 1) * 250 - (500 + announced))).toBeLessThanOrEqual(500);
    expect(kinds(lookAt(setting(DEFAULTS), repeat(60, healthy)))).toEqual({
      success_rate: 'pass',
      error_ratio: 'pass',
      slow_ratio: 'pass',
      cost_ratio: 'pass',
    });
  });

  it('shows every number that a person needs', () => {
    const { success_rate: success } = lookAt(setting(DEFAULTS), repeat(60, healthy));
    expect(success?.unit).toBe('share');
    expect(success?.gateway?.value).toBeCloseTo(99, 5);
    expect(success?.gateway?.low).toBeLessThan(99);
    expect(success?.gateway?.high).toBeGreaterThan(99);
    expect(success?.official?.value).toBeCloseTo(99, 5);
    expect(success?.limit).toEqual({ min: 97, max_drop: 1 });
    // Five limits; a tenth is the quick alarm's.
    expect(success?.limits[0]?.alphaOfFail).toBeCloseTo((0.9 * 0.05) / 5, 12);
  });
});

describe('what was measured before the stage', () => {
  it('tells how often the official arm fails, by model, so a limit is proven sooner', () => {
    const drop = setting(asked({ success_rate: { max_drop: 1 } }));
    const rare = (index: number) =>
      window(index, { gateway: arm(100, { failed: 0 }), official: arm(100, { failed: 0 }) });
    const passesAfter = (baseline: Baseline) =>
      repeat(30, rare).findIndex(
        (_, index) => lookAt(drop, repeat(index + 1, rare), [], baseline).success_rate?.verdict === 'pass',
      );
    const known = freezeBaseline(
      repeat(40, (index) => window(index, { official: arm(500) })),
      drop,
    );
    expect(known.rates.success_rate).toEqual([[null, [0, 20_000]]]);
    expect(passesAfter(known)).toBeGreaterThan(0);
    expect(passesAfter(known)).toBeLessThan(passesAfter(EMPTY_BASELINE));
  });
});

describe('a gateway that is worse', () => {
  it.each([
    ['fails more tasks', { failed: 25, slow: 20 }, { success_rate: 'fail', error_ratio: 'fail' }],
    ['is slower', { failed: 2, slow: 60 }, { success_rate: 'pass', error_ratio: 'pass', slow_ratio: 'fail' }],
    ['costs more', { failed: 2, slow: 20, usd: 0.3 }, { cost_ratio: 'fail' }],
  ])('fails where it %s', (_, counts, expected) => {
    const windows = repeat(80, (index) =>
      window(index, { gateway: arm(250, counts), official: arm(750, { failed: 7, slow: 60 }) }),
    );
    expect(kinds(lookAt(setting(DEFAULTS), windows))).toMatchObject(expected);
  });

  it('is caught within two hours when it begins after thirteen good days', () => {
    const good = 13 * 96;
    const late = (index: number) =>
      index < good
        ? healthy(index)
        : window(index, {
            gateway: arm(250, { failed: 75, slow: 20 }),
            official: arm(750, { failed: 7, slow: 60 }),
          });
    const look = (count: number) =>
      lookAt(setting(asked({ error_ratio: { max: 2 } })), repeat(count, late)).error_ratio;
    expect(look(good)?.verdict).toBe('pass');
    const caught = look(good + 2);
    expect(caught?.verdict).toBe('fail');
    expect(caught?.limits[0]?.sinceHour).toBe(13 * 24);
  });

  it('is not blamed for what both arms share', () => {
    const burst = repeat(40, (index) =>
      window(index, { gateway: arm(250, { failed: 50 }), official: arm(750, { failed: 150 }) }),
    );
    const verdicts = lookAt(
      setting(asked({ success_rate: { min: 97, max_drop: 1 }, error_ratio: { max: 2 } })),
      burst,
    );
    const [min, drop] = verdicts.success_rate?.limits ?? [];
    expect(min).toMatchObject({ kind: 'min', verdict: 'fail', officialToo: true });
    expect(drop).toMatchObject({ kind: 'max_drop', verdict: 'inconclusive' });
    expect(verdicts.error_ratio?.verdict).toBe('pass');
  });
});

describe('numbers that prove nothing', () => {
  const only = asked({
    success_rate: { min: 97, max_drop: 1 },
    error_ratio: { max: 2 },
    slow_ratio: { max: 1.5 },
  });

  it('no traffic on the gateway', () => {
    const windows = repeat(20, (index) =>
      window(index, { gateway: EMPTY_ARM, official: arm(1000, { failed: 10 }) }),
    );
    expect(kinds(lookAt(setting(only), windows))).toEqual({
      success_rate: 'no-data: no_tasks',
      error_ratio: 'no-data: no_tasks',
      slow_ratio: 'no-data: no_tasks',
    });
  });

  it('a source that knows neither failures nor times', () => {
    const blind = { ...arm(250), failedTasks: null, latency: [] };
    const windows = repeat(20, (index) =>
      window(index, { gateway: blind, official: { ...blind, tasks: 750 } }),
    );
    expect(new Set(Object.values(kinds(lookAt(setting(only), windows))))).toEqual(
      new Set(['no-data: not_measured']),
    );
  });

  it('an arm without data', () => {
    const windows = repeat(20, (index) => window(index, { official: arm(750) }));
    expect(lookAt(setting(only), windows).error_ratio?.verdict).toBe('no-data');
  });

  it('unknown prices', () => {
    const unpriced = { ...arm(250), cost: { usd: 0.2, priced: 200, unpriced: 50 } };
    const windows = repeat(20, (index) => window(index, { gateway: unpriced, official: arm(750) }));
    expect(
      kinds(lookAt(setting(asked({ cost_ratio: { max: 1 }, cost_per_task: { max: 1 } })), windows)),
    ).toEqual({
      cost_ratio: 'no-data: incomplete',
      cost_per_task: 'no-data: incomplete',
    });
  });

  it('a share that is not what the stage says: relative passes are errors, absolute ones and failures stand', () => {
    const bad = repeat(40, failing);
    const verdicts = lookAt(setting(only), bad, ['traffic_share']);
    expect(kinds(verdicts)).toEqual({ success_rate: 'fail', error_ratio: 'fail', slow_ratio: 'fail' });
    const good = lookAt(setting(only), repeat(80, healthy), ['traffic_share']);
    expect(kinds(good)).toEqual({
      success_rate: 'error: traffic_share',
      error_ratio: 'error: traffic_share',
      slow_ratio: 'error: traffic_share',
    });
    expect(good.success_rate?.limits.map(({ verdict }) => verdict)).toEqual(['pass', 'error']);
  });

  it('a sticky split without units may alarm, and never passes', () => {
    const sticky = setting(only, { cluster: 'user' });
    expect(new Set(Object.values(kinds(lookAt(sticky, repeat(80, healthy)))))).toEqual(
      new Set(['inconclusive: no_units']),
    );
    const bad = repeat(40, failing);
    expect(lookAt(sticky, bad).error_ratio?.verdict).toBe('fail');
  });
});

describe('without an official arm', () => {
  const whole = (metrics: Parameters<typeof asked>[0]) => setting(asked(metrics), { official: 'history' });
  const alone = (counts: object) =>
    repeat(60, (index) => window(1000 + index, { gateway: arm(1000, counts) }));
  const lookAfter = (stage: StageSetting, windows: readonly Measurement[]) =>
    lookAt(stage, windows, [], freezeBaseline(repeat(60, healthy), stage));

  it('compares with the earlier official arm, and marks it', () => {
    const verdicts = lookAfter(
      whole({ error_ratio: { max: 2 }, success_rate: { max_drop: 1 } }),
      alone({ failed: 10, slow: 80 }),
    );
    expect(verdicts.error_ratio).toMatchObject({ verdict: 'pass' });
    expect(verdicts.error_ratio?.limits[0]).toMatchObject({ historical: true, onFailure: 'pause' });
  });

  it('freezes absolute limits that can roll back', () => {
    const verdicts = lookAfter(whole({ error_ratio: { max: 2 } }), alone({ failed: 50, slow: 80 }));
    const [frozen] = verdicts.success_rate?.limits ?? [];
    expect(frozen).toMatchObject({
      kind: 'frozen',
      verdict: 'fail',
      onFailure: 'rollback',
      historical: false,
    });
    // 99 % less what the official arm may have been below it, less two points.
    expect(frozen?.limit).toBeGreaterThan(96.5);
    expect(frozen?.limit).toBeLessThan(97);
    expect(verdicts.slow_ratio?.needed).toBe(false);
  });

  it('has no data where there is no history', () => {
    const verdicts = lookAt(whole({ error_ratio: { max: 2 } }), alone({ failed: 10 }));
    expect(verdicts.error_ratio?.verdict).toBe('no-data');
  });
});

describe('laws of evidence', () => {
  const counts = fc.record({ failed: fc.nat(40), slow: fc.nat(60) });
  const anyWindow = fc.record({ gateway: counts, official: counts });
  const laws = setting(
    asked({
      success_rate: { min: 97, max_drop: 1 },
      error_ratio: { max: 2 },
      latency_p90: { max_increase: 50 },
    }),
  );
  const make = (arms: readonly (typeof anyWindow extends fc.Arbitrary<infer T> ? T : never)[]) =>
    arms.map(({ gateway, official }, index) =>
      window(index, { gateway: arm(250, gateway), official: arm(750, official) }),
    );

  it('windows in another order never say the opposite', () => {
    // What is expected of the official arm comes from the windows before, so the order matters a little.
    fc.assert(
      fc.property(
        fc.array(anyWindow, { minLength: 1, maxLength: 12 }),
        fc.infiniteStream(fc.nat()),
        (arms, keys) => {
          const windows = make(arms);
          const shuffled = windows
            .map((each) => ({ each, key: keys.next().value }))
            .toSorted((a, b) => a.key - b.key)
            .map(({ each }) => each);
          const [one, other] = [lookAt(laws, shuffled), lookAt(laws, windows)];
          expect(one.latency_p90).toEqual(other.latency_p90);
          expect(one.success_rate?.limits[0]).toEqual(other.success_rate?.limits[0]);
          for (const metric of ['success_rate', 'error_ratio'] as const) {
            const said = [one[metric]?.verdict, other[metric]?.verdict];
            expect(said.includes('pass') && said.includes('fail')).toBe(false);
          }
        },
      ),
      { numRuns: 40 },
    );
  });

  it('more of the same never takes a proof back', () => {
    fc.assert(
      fc.property(anyWindow, fc.integer({ min: 1, max: 30 }), (arms, count) => {
        const once = kinds(lookAt(laws, make(Array.from({ length: count }, () => arms))));
        const twice = kinds(lookAt(laws, make(Array.from({ length: 2 * count }, () => arms))));
        for (const [metric, verdict] of Object.entries(once)) {
          if (verdict === 'pass' || verdict === 'fail') expect(twice[metric]).toBe(verdict);
        }
      }),
      { numRuns: 40 },
    );
  });

  it('equal arms never fail a relative limit', () => {
    fc.assert(
      fc.property(fc.array(counts, { minLength: 1, maxLength: 40 }), (rates) => {
        const same = rates.map((rate, index) =>
          window(index, { gateway: arm(500, rate), official: arm(500, rate) }),
        );
        expect(lookAt(laws, same).error_ratio?.verdict).not.toBe('fail');
        expect(lookAt(laws, same).latency_p90?.verdict).not.toBe('fail');
      }),
      { numRuns: 40 },
    );
  });

  it('a pass counts only verified traffic, a failure everything since the write', () => {
    const stage = setting(asked({ error_ratio: { max: 2 } }));
    const all = gathered(stage, repeat(60, healthy));
    const few = gathered(stage, repeat(1, healthy));
    const bad = gathered(stage, repeat(40, failing));
    const look = (written: Judged, verified: Judged) => {
      const { sinceVerified } = verified.evidence;
      return judged({ ...written, evidence: { ...written.evidence, sinceVerified } }).error_ratio?.verdict;
    };
    expect(look(all, all)).toBe('pass');
    expect(look(all, few)).toBe('inconclusive');
    expect(look(bad, few)).toBe('fail');
  });
});
