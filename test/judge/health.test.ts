import { describe, expect, it } from 'vitest';
import { addHour, addSilence, isShareWrong, isSilent, NO_SILENCE } from '../../src/judge/health.ts';
import { EMPTY_ARM } from '../../src/measure/measurement.ts';
import { nameHash } from '../../src/measure/sample.ts';
import { binomial, seeded } from '../support/random.ts';
import { arm, repeat, window } from './measured.ts';

const NO_UNITS = { gateway: [], official: [] };
const unitsOf = (name: string, count: number) =>
  Array.from({ length: count }, (_, index) => ({ unit: `${name} ${index}`, tasks: 10, failedTasks: 0 }));

describe('the share check', () => {
  it.each([
    ['the configured share', { gateway: 250, official: 750 }, 25, 'task', false],
    ['twice of it', { gateway: 500, official: 500 }, 25, 'task', true],
    ['half of it', { gateway: 125, official: 875 }, 25, 'task', true],
    ['nothing at all', { gateway: 0, official: 1000 }, 25, 'task', true],
    ['nothing of very little', { gateway: 0, official: 10 }, 5, 'task', false],
    ['a few percent off, however large', { gateway: 2_600_000, official: 7_400_000 }, 25, 'task', false],
    ['half more, of a sticky split', { gateway: 333, official: 667 }, 25, 'user', false],
    ['three times, of a sticky split', { gateway: 750, official: 250 }, 25, 'user', true],
    ['stragglers after everything moved', { gateway: 9990, official: 10 }, 100, 'task', false],
    ['a tenth left after everything moved', { gateway: 9000, official: 1000 }, 100, 'task', true],
  ] as const)('%s', (_, tasks, share, cluster, wrong) => {
    expect(isShareWrong({ tasks, hours: [] }, share, cluster, NO_UNITS)).toBe(wrong);
  });

  it('has nothing to compare with if the share is unknown', () => {
    const tasks = { gateway: 0, official: 9000 };
    expect(isShareWrong({ tasks, hours: [] }, null, 'task', NO_UNITS)).toBe(false);
  });

  it('is by users where the split is sticky, however unequal their traffic is', () => {
    // Three of a hundred customers are on the gateway, one of which has most of the traffic.
    const tasks = { gateway: 5000, official: 5000 };
    const units = { gateway: unitsOf('g', 3), official: unitsOf('o', 97) };
    expect(isShareWrong({ tasks, hours: [] }, 5, 'user', NO_UNITS)).toBe(true);
    expect(isShareWrong({ tasks, hours: [] }, 5, 'user', units)).toBe(false);
    // Half of the users are there, although they hardly come.
    const quiet = { gateway: unitsOf('g', 200), official: unitsOf('o', 200) };
    const expected = { gateway: 500, official: 9500 };
    expect(isShareWrong({ tasks: expected, hours: [] }, 5, 'user', quiet)).toBe(true);
  });

  it('compares users by the same part of both arms, of which each lists at most so many', () => {
    // 1,000 of 20,000 users are on the gateway; 600 are listed of each arm.
    const listed = (arm: string, count: number) =>
      unitsOf(arm, count)
        .toSorted((one, other) => nameHash(one.unit) - nameHash(other.unit))
        .slice(0, 600);
    const units = { gateway: listed('g', 1000), official: listed('o', 19_000) };
    const tasks = { gateway: 0, official: 0 };
    expect(isShareWrong({ tasks, hours: [] }, 5, 'user', units)).toBe(false);
    expect(isShareWrong({ tasks, hours: [] }, 25, 'user', units)).toBe(true);
  });

  it.each(['task', 'user'] as const)(
    'is right again once the newest hours prove it, split by %s',
    (cluster) => {
      const hour = (index: number, gateway: number) => {
        const units = (arm: string, count: number) =>
          cluster === 'user' ? { units: unitsOf(arm, count) } : {};
        const arms = {
          gateway: { ...arm(gateway), ...units('g', gateway) },
          official: { ...arm(2000 - gateway), ...units('o', 2000 - gateway) },
        };
        return window(4 * index, arms);
      };
      const after = (shares: readonly number[]) =>
        shares.reduce(
          ({ tasks, hours }, gateway, index) => {
            const more = { gateway, official: 2000 - gateway };
            return {
              tasks: { gateway: tasks.gateway + more.gateway, official: tasks.official + more.official },
              hours: addHour(hours, hour(index, gateway), more, cluster),
            };
          },
          { tasks: { gateway: 0, official: 0 }, hours: [] as ReturnType<typeof addHour> },
        );
      const seen = { gateway: unitsOf('g', 600), official: unitsOf('o', 1400) };
      const wrong = (shares: readonly number[]) => isShareWrong(after(shares), 5, cluster, seen);
      const bad = Array.from({ length: 48 }, () => 600);
      expect(wrong(bad)).toBe(true);
      expect(wrong([...bad, ...Array.from({ length: 12 }, () => 100)])).toBe(false);
      expect(wrong([...bad, ...Array.from({ length: 12 }, () => 100), ...bad])).toBe(true);
    },
  );
});

describe('a silent arm', () => {
  const silentAfter = (windows: ReturnType<typeof window>[], share: number) =>
    windows.reduce((silence, each) => addSilence(silence, each, share), NO_SILENCE);
  const withoutGateway = (tasks: number) => (index: number) =>
    window(index, { gateway: EMPTY_ARM, official: arm(tasks) });

  it('is noticed at once under much traffic, and after a while under little', () => {
    expect(isSilent(silentAfter(repeat(1, withoutGateway(1000)), 5))).toBe(true);
    expect(isSilent(silentAfter(repeat(1, withoutGateway(20)), 5))).toBe(false);
    expect(isSilent(silentAfter(repeat(12, withoutGateway(20)), 5))).toBe(true);
  });

  it.each([
    ['a task a window on the gateway', 20, 5],
    ['three official tasks a window, and one on the gateway', 4, 25],
    ['hardly any traffic', 1, 50],
  ])('is not what chance makes in two weeks of %s', (_, tasks, share) => {
    const random = seeded(1);
    const fallSilent = Array.from({ length: 100 }).filter(() => {
      let silence = NO_SILENCE;
      return Array.from({ length: 14 * 96 }).some((_, index) => {
        const ours = binomial(random, tasks, share / 100);
        silence = addSilence(
          silence,
          window(index, { gateway: arm(ours), official: arm(tasks - ours) }),
          share,
        );
        return isSilent(silence);
      });
    });
    expect(fallSilent.length).toBeLessThanOrEqual(3);
  });

  it('ends with the next task', () => {
    const windows = [...repeat(9, withoutGateway(1000)), window(9, { gateway: arm(1), official: arm(1000) })];
    expect(isSilent(silentAfter(windows, 5))).toBe(false);
  });

  it('is expected on the official side once everything has moved', () => {
    const windows = repeat(9, (index) => window(index, { gateway: arm(1000), official: EMPTY_ARM }));
    expect(isSilent(silentAfter(windows, 100))).toBe(false);
    expect(isSilent(silentAfter(windows, 50))).toBe(true);
  });
});
