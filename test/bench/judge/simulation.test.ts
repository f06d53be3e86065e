import { describe, expect, it } from 'vitest';
import type { ArmCounts } from '../../../src/measure/measurement.ts';
import { binomial, seeded, weightedPicker } from '../../support/random.ts';
import { clopperPearson, mostByChance } from './chance.ts';
import { AT_LIMIT, NO_HARM } from './harms.ts';
import { questionsIn } from './questions.ts';
import { Traffic } from './traffic.ts';
import { runTrial } from './trial.ts';
import { WORLDS, type World } from './worlds.ts';

describe('random numbers', () => {
  it.each([
    [40, 0.02],
    [50, 0.3],
    [950, 0.01],
    [950, 0.08],
    [1000, 0.05],
    [700, 0.6],
  ])('binomial(%d, %d) come as often as they should', (trials, p) => {
    const random = seeded(1);
    const draws = 20_000;
    const seen = new Array<number>(trials + 1).fill(0);
    for (let draw = 0; draw < draws; draw += 1) {
      const successes = binomial(random, trials, p);
      seen[successes] = (seen[successes] ?? 0) + 1;
    }
    // Pearson's chi-square over the counts that are expected at least five times.
    let [probability, chiSquare, cells] = [(1 - p) ** trials, 0, 0];
    for (let successes = 0; successes <= trials; successes += 1) {
      const expected = draws * probability;
      if (expected >= 5) {
        chiSquare += ((seen[successes] ?? 0) - expected) ** 2 / expected;
        cells += 1;
      }
      probability *= ((trials - successes) / (successes + 1)) * (p / (1 - p));
    }
    expect(chiSquare).toBeLessThan(cells + 4 * Math.sqrt(2 * cells));
  });

  it('a weighted choice falls on each as often as its weight says', () => {
    const pick = weightedPicker([1, 2, 0, 5]);
    const random = seeded(2);
    const seen = [0, 0, 0, 0];
    for (let draw = 0; draw < 80_000; draw += 1) {
      const index = pick(random);
      seen[index] = (seen[index] ?? 0) + 1;
    }
    expect(seen[2]).toBe(0);
    for (const [index, weight] of [1, 2, 0, 5].entries()) {
      expect(Math.abs((seen[index] ?? 0) / 10_000 - weight)).toBeLessThan(0.05);
    }
  });
});

describe('a gateway that should be exactly at a limit', () => {
  const HARMS = [
    NO_HARM,
    AT_LIMIT.error_ratio,
    AT_LIMIT.success_rate,
    AT_LIMIT.slow_ratio,
    AT_LIMIT.cost_per_task,
  ];

  it.each(WORLDS.map((world, index): World & { index: number } => ({ ...world, index })))(
    'stands there: $name',
    (world) => {
      const sums = HARMS.map(() => ({ tasks: 0, failed: 0, slow: 0, usd: 0 }));
      const add = (at: number, { tasks, failedTasks, latency, cost }: ArmCounts) => {
        const sum = sums[at];
        if (sum === undefined) return;
        sum.tasks += tasks ?? 0;
        sum.failed += failedTasks ?? 0;
        sum.slow += (tasks ?? 0) - (latency[7]?.count ?? 0);
        sum.usd += cost.usd;
      };
      for (let seed = 1; seed <= 2; seed += 1) {
        // Beside a healthy gateway with the same users in the same weather, at a share that makes chance small.
        const crowded: World['weather'] = (random) => {
          const weatherAt = world.weather(random);
          return (window: number) => ({ ...weatherAt(window), share: 0.5 });
        };
        const traffic = new Traffic({ ...world, weather: crowded }, HARMS, seed, world.index);
        for (let window = 0; window < 100; window += 1) {
          for (const [at, gateway] of traffic.next(() => true).gateways.entries())
            if (gateway) add(at, gateway);
        }
      }
      const [healthy, twice, point, slow, dear] = sums;
      if (!(healthy && twice && point && slow && dear)) throw new Error('every harm should be simulated');
      const rate = (sum: typeof healthy, key: 'failed' | 'slow' | 'usd') => sum[key] / sum.tasks;
      // Four standard errors; the dollars of a heavy tail have none.
      const near = (ours: typeof healthy, key: 'failed' | 'slow', factor: number) => {
        const error = 4 * factor * Math.sqrt(1 / ours[key] + 1 / healthy[key]);
        expect(Math.abs(rate(ours, key) / rate(healthy, key) - factor)).toBeLessThan(error);
      };
      near(twice, 'failed', 2);
      near(point, 'failed', 1 + 0.01 / rate(healthy, 'failed'));
      near(slow, 'slow', 1.5);
      expect(Math.abs(rate(dear, 'usd') / rate(healthy, 'usd') - 1.2)).toBeLessThan(
        0.04 + 0.16 * Number(world.heavy),
      );
    },
  );
});

describe('a simulated rollout', () => {
  it.each(WORLDS.map((world, index) => ({ world, index, name: world.name })))(
    'is the same again, and one question changes no other: $name',
    ({ world, index }) => {
      const questions = questionsIn(world);
      const whole = runTrial({ world, questions, looks: 20 }, 3, index);
      expect(runTrial({ world, questions, looks: 20 }, 3, index)).toEqual(whole);
      const first = runTrial({ world, questions: questions.slice(0, 2), looks: 20 }, 3, index);
      expect(first).toEqual(whole.slice(0, 2));
    },
  );
});

describe('what chance explains', () => {
  it('is what tables of the binomial distribution say', () => {
    // P(more than 20 of 200 at 5 %) = 0.0010; of 2,000 at 5 %: the mean is 100, the standard deviation 9.7.
    expect(mostByChance(20, 0.05)).toBe(5);
    expect(mostByChance(2000, 0.05)).toBeGreaterThan(125);
    expect(mostByChance(2000, 0.05)).toBeLessThan(135);
  });

  it('bounds a probability as Clopper and Pearson do', () => {
    const { low, high } = clopperPearson(4, 20);
    expect(low).toBeCloseTo(0.0573, 4);
    expect(high).toBeCloseTo(0.4366, 4);
    expect(clopperPearson(0, 2000).high).toBeCloseTo(0.00184, 5);
    expect(clopperPearson(0, 2000).low).toBe(0);
    expect(clopperPearson(20, 20)).toMatchObject({ high: 1 });
  });
});
