import { describe, expect, it } from 'vitest';
import { isInAdvanceWindow } from '../../src/rollout/advance-window.ts';

const BERLIN = {
  days: ['mon', 'tue', 'wed', 'thu'] as ('mon' | 'tue' | 'wed' | 'thu')[],
  hours: { from: 9, to: 16 },
  timezone: 'Europe/Berlin',
};

describe('when a rollout may advance by itself', () => {
  it.each([
    ['Monday morning', '2026-11-02T08:00:00Z', true],
    ['a minute before nine', '2026-11-02T07:59:00Z', false],
    ['the last minute', '2026-11-02T14:59:59Z', true],
    ['four in the afternoon', '2026-11-02T15:00:00Z', false],
    ['nine o’clock in summer', '2026-07-06T07:00:00Z', true],
    ['Friday', '2026-11-06T10:00:00Z', false],
    ['Monday before nine, Sunday in Greenwich', '2026-11-01T23:30:00Z', false],
  ])('%s', (_, time, open) => {
    expect(isInAdvanceWindow(BERLIN, Date.parse(time))).toBe(open);
  });

  it('midnight is hour 0, and the day is that of the time zone', () => {
    const atMidnight = { ...BERLIN, hours: { from: 0, to: 1 } };
    // A Sunday still in Greenwich.
    expect(isInAdvanceWindow(atMidnight, Date.parse('2026-11-01T23:10:00Z'))).toBe(true);
  });

  it('always, without a window', () => {
    expect(isInAdvanceWindow(null, 0)).toBe(true);
  });
});
