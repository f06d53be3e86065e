/** Whether the gateway's answers are as good: by a scorer over pairs, and by the team's own evaluations. */
import { describe, expect, it } from 'vitest';
import { differencesOf, type Steps } from '../../src/measure/differences.ts';

import { EMPTY_ARM, type Measurement } from '../../src/measure/measurement.ts';
import { asked, healthy, lookAt, repeat, setting } from './measured.ts';

/** So many pairs in which the gateway is worse, in which it is better, and ties. */
type Sides = readonly [worse: number, better: number, ties: number];
const stepsOf = ([worse, better, ties]: Sides): Steps => [
  [-64, better],
  [0, ties],
  [64, worse],
];
const evaluated = (sides: Sides) => (at: number) =>
  ({
    ...healthy(at),
    evaluations: { file: String(at), lines: 1, differences: stepsOf(sides) },
  }) satisfies Measurement;
const scored =
  (sides: Sides) =>
  (at: number): Measurement => {
    const { byModel: _, byKey, byMember, ...counts } = EMPTY_ARM;
    const slice = { name: 'm', official: counts, gateway: counts, bothFailed: 0 };
    return {
      ...healthy(at),
      pairs: [{ ...slice, differences: differencesOf((name) => (name === 'quality' ? stepsOf(sides) : [])) }],
    };
  };

describe.each([
  ['evaluation_ratio', evaluated],
  ['quality_ratio', scored],
] as const)('%s', (metric, windowWith) => {
  const limits = setting(asked({ [metric]: { max: 1.5 } }));
  const verdictOf = (sides: Sides, windows: number) =>
    lookAt(limits, repeat(windows, windowWith(sides)))[metric];

  it('passes where the gateway is worse as often as it is better, once that is proved', () => {
    expect(verdictOf([5, 5, 10], 1)?.verdict).toBe('inconclusive');
    expect(verdictOf([5, 5, 10], 30)).toMatchObject({ verdict: 'pass', gateway: { value: 25 } });
  });

  it('fails where it is far more often worse, and soon', () => {
    expect(verdictOf([9, 1, 10], 6)).toMatchObject({ verdict: 'fail' });
    expect(verdictOf([1, 9, 10], 6)?.verdict).toBe('pass');
  });

  it('is undecided by ties alone', () => {
    expect(verdictOf([0, 0, 500], 8)?.verdict).toBe('inconclusive');
  });

  it('needs no official traffic, since both answers are of the same moment', () => {
    const whole = setting(asked({ [metric]: { max: 1.5 } }), { official: 'history' });
    const windows = repeat(30, windowWith([5, 5, 10]));
    const alone = windows.map((each) => ({ ...each, arms: { ...each.arms, official: null } }));
    expect(lookAt(whole, alone)[metric]).toMatchObject({ verdict: 'pass' });
  });

  it('has no data where nobody compares answers', () => {
    expect(lookAt(limits, repeat(8, healthy))[metric]?.verdict).toBe('no-data');
  });

  it('changes nothing in what is judged by tasks', () => {
    const both = setting(
      asked({ [metric]: { max: 1.5 }, success_rate: { max_drop: 1 }, slow_ratio: { max: 1.5 } }),
    );
    const [without, withAnswers] = [healthy, windowWith([5, 5, 5])].map((each) =>
      lookAt(both, repeat(20, each)),
    );
    expect(withAnswers?.success_rate).toEqual(without?.success_rate);
    expect(withAnswers?.slow_ratio).toEqual(without?.slow_ratio);
  });
});
