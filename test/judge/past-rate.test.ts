/** Where no official arm is left: a rate against the official arm's past. */
import { describe, expect, it } from 'vitest';
import { rateGauge } from '../../src/judge/gauges.ts';
import { FAILED } from '../../src/judge/metrics.ts';
import { againstPastRate } from '../../src/judge/past-rate.ts';
import { concentrationFor, lnEvidenceAgainstRate } from '../../src/judge/rate.ts';
import { mostByChance } from '../bench/judge/chance.ts';
import { median } from '../bench/row.ts';
import { binomial, seeded } from '../support/random.ts';

const GAUGE = rateGauge(FAILED);
const LEVEL = { alpha: 0.05, concentration: concentrationFor(500, 0.05) };
const onePoint = (official: number) => official + 0.01;
const twice = (official: number) => 2 * official;

type Question = 'isWithin' | 'isViolated';

/** Tasks on the gateway until an answer, among so many rollouts with a past of 20,000 official tasks at 2 %. */
function tasksUntil(question: Question, raise: typeof onePoint, rate: number, rollouts: number): number[] {
  return Array.from({ length: rollouts }, (_, seed) => {
    const random = seeded(seed + 1, 5);
    const method = againstPastRate(GAUGE, [1, binomial(random, 20_000, 0.02), 20_000], raise);
    for (let [tasks, failed] = [250, 0]; tasks <= 10_000; tasks += 250) {
      failed += binomial(random, 250, rate);
      if (method[question]([1, failed, tasks], LEVEL, 1)) return tasks;
    }
    return Number.POSITIVE_INFINITY;
  });
}

describe('a rate against the past', () => {
  it.each([
    ['one point more', onePoint],
    ['twice as many', twice],
  ])('is as seldom wrong at the limit as its level says: %s', (_, raise) => {
    for (const question of ['isWithin', 'isViolated'] as const) {
      const wrong = tasksUntil(question, raise, raise(0.02), 150).filter(Number.isFinite);
      expect(wrong.length).toBeLessThanOrEqual(mostByChance(150, 0.05));
    }
  });

  it('passes an equal gateway sooner than two intervals would, and fails a bad one', () => {
    // Two intervals at half of the level take 5,900.
    expect(median(tasksUntil('isWithin', onePoint, 0.02, 60))).toBeLessThan(4_500);
    expect(median(tasksUntil('isViolated', onePoint, 0.06, 60))).toBeLessThan(1_000);
  });

  it('has the evidence against the pair of rates that fits best', () => {
    const [gateway, official] = [
      { events: 130, tasks: 3_000 },
      { events: 400, tasks: 20_000 },
    ];
    const method = againstPastRate(GAUGE, [1, official.events, official.tasks], onePoint);
    const concentration = concentrationFor(2_000, 0.05);
    const pairs = Array.from({ length: 4_000 }, (_, step) => {
      const rate = 0.02 + step * 1e-5;
      const allowed = Math.min(onePoint(rate), gateway.events / gateway.tasks);
      return (
        lnEvidenceAgainstRate(rate, official, concentration) +
        lnEvidenceAgainstRate(allowed, gateway, concentration)
      );
    });
    const found = method.lnViolation?.([1, gateway.events, gateway.tasks], LEVEL, 1) ?? Number.NaN;
    expect(found).toBeCloseTo(Math.min(...pairs), 3);
    expect(found).toBeLessThanOrEqual(Math.min(...pairs) + 1e-9);
  });

  it('says nothing without a past, or without tasks', () => {
    expect(againstPastRate(GAUGE, [], onePoint).isWithin([1, 0, 1_000], LEVEL, 1)).toBe(false);
    const method = againstPastRate(GAUGE, [1, 10, 1_000], onePoint);
    expect(method.isWithin([], LEVEL, 1)).toBe(false);
    expect(method.isViolated([], LEVEL, 1)).toBe(false);
  });
});
