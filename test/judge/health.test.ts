import { describe, expect, it } from 'vitest';
import { addSilence, isShareWrong, isSilent, NO_SILENCE } from '../../src/judge/health.ts';
import { EMPTY_ARM } from '../../src/measure/measurement.ts';
import { arm, repeat, window } from './measured.ts';

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
    expect(isShareWrong(tasks, share, cluster)).toBe(wrong);
  });

  it('has nothing to compare with if the share is unknown', () => {
    expect(isShareWrong({ gateway: 0, official: 9000 }, null, 'task')).toBe(false);
  });
});

describe('a silent arm', () => {
  const silentAfter = (windows: ReturnType<typeof window>[], share: number) =>
    windows.reduce((silence, each) => addSilence(silence, each, share), NO_SILENCE);
  const withoutGateway = (tasks: number) => (index: number) =>
    window(index, { gateway: EMPTY_ARM, official: arm(tasks) });

  it('is noticed at once under much traffic, and after a while under little', () => {
    expect(isSilent(silentAfter(repeat(1, withoutGateway(1000)), 5))).toBe(true);
    expect(isSilent(silentAfter(repeat(1, withoutGateway(20)), 5))).toBe(false);
    expect(isSilent(silentAfter(repeat(7, withoutGateway(20)), 5))).toBe(true);
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
