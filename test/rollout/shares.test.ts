import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { areSameShares, NO_SHARES, shareOfSlice, sharesAt, wouldRaise } from '../../src/rollout/shares.ts';
import { valid } from '../config/configs.ts';
import { configText } from './story.ts';

const WORDS = ['"a: 5%"', '"a: 100%"', '"b: 30%"', '5%', '25%', '60%'] as const;

/** Stages in a valid order: those that the config's rules accept. */
const stages = fc
  .tuple(fc.subarray(['local', 'staging']), fc.subarray([...WORDS]), fc.integer({ min: 0, max: 40 }))
  .map(([first, moving, holdback]) => {
    const list = [...first, ...moving, '100%'].join(', ');
    const text = `rollout: { stages: [${list}], holdback: ${holdback}% }\n`;
    return valid(configText(text).replace('[gpt-4o-mini]', '[a, b]')).rollout;
  });

describe('shares along the road', () => {
  it('never fall, never exceed 100 % minus the holdback, and end with everything', () => {
    fc.assert(
      fc.property(stages, ({ stages: road, holdback }) => {
        let before = NO_SHARES;
        for (const index of road.keys()) {
          const shares = sharesAt(road, index, holdback);
          expect(wouldRaise(shares, before)).toBe(false);
          for (const slice of [null, 'a', 'b']) {
            expect(shareOfSlice(shares, slice)).toBeLessThanOrEqual(100 - holdback);
            expect(shareOfSlice(shares, slice)).toBeGreaterThanOrEqual(shares.everything);
          }
          before = shares;
        }
        expect(before).toEqual({ everything: 100 - holdback, slices: {} });
        expect(sharesAt(road, road.length - 1, 0)).toEqual({ everything: 100, slices: {} });
      }),
    );
  });

  it('are those of the larger of a slice and everything', () => {
    const { stages: road } = valid(
      configText('rollout: { stages: [local, "gpt-4o-mini: 50%", 25%, 75%, 100%] }\n'),
    ).rollout;
    const shown = road.map((_, index) => sharesAt(road, index, 0));
    expect(shown).toEqual([
      { everything: 0, slices: {} },
      { everything: 0, slices: { 'gpt-4o-mini': 50 } },
      { everything: 25, slices: { 'gpt-4o-mini': 50 } },
      { everything: 75, slices: {} },
      { everything: 100, slices: {} },
    ]);
  });

  it('are the same whether a slice is named with everything’s share or not', () => {
    expect(areSameShares({ everything: 5, slices: {} }, { everything: 5, slices: { a: 3 } })).toBe(true);
    expect(areSameShares({ everything: 5, slices: {} }, { everything: 5, slices: { a: 6 } })).toBe(false);
    expect(wouldRaise({ everything: 5, slices: { a: 50 } }, { everything: 25, slices: { a: 50 } })).toBe(
      true,
    );
    expect(wouldRaise({ everything: 25, slices: {} }, { everything: 0, slices: { a: 30 } })).toBe(true);
  });
});
