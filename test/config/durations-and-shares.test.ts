import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  formatDuration,
  formatShare,
  parseDuration,
  parseShare,
} from '../../src/config/durations-and-shares.ts';
import { anyCharacter } from '../support/any-character.ts';

const MILLISECONDS = { s: 1_000, m: 60_000, h: 3_600_000, d: 86_400_000 };

describe('durations', () => {
  it.each([
    ['30s', 30_000],
    ['15m', 900_000],
    ['24h', 86_400_000],
    ['7d', 604_800_000],
    ['0s', 0],
    ['250ms', 250],
  ])('%s is %i milliseconds', (text, milliseconds) => {
    expect(parseDuration(text)).toEqual({ ok: true, value: milliseconds });
  });

  it('are read as the product of count and unit', () => {
    fc.assert(
      fc.property(fc.nat(999_999), fc.constantFrom('s', 'm', 'h', 'd'), (count, unit) => {
        expect(parseDuration(`${count}${unit}`)).toEqual({ ok: true, value: count * MILLISECONDS[unit] });
      }),
    );
  });

  it('are printed so that they are read as the same', () => {
    fc.assert(
      fc.property(fc.maxSafeNat(), (milliseconds) => {
        expect(parseDuration(formatDuration(milliseconds))).toEqual({ ok: true, value: milliseconds });
      }),
    );
  });

  it('are printed in the largest unit that fits', () => {
    expect([90_000, 3_600_000, 172_800_000, 1_500].map(formatDuration)).toEqual([
      '90s',
      '1h',
      '2d',
      '1500ms',
    ]);
  });

  it.each([
    ['15 minutes', '15m'],
    ['24H', '1d'],
    ['1.5h', '90m'],
    ['2w', '14d'],
    ['30', null],
    ['soon', null],
    ['-5m', null],
    ['1h30m', null],
    ['999999999999999d', null],
    ['', null],
  ])('"%s" is refused, the nearest is %s', (text, suggestion) => {
    expect(parseDuration(text)).toEqual({
      ok: false,
      expected: 'a duration such as 30s, 15m, 24h, 7d',
      suggestion,
    });
  });
});

describe('shares', () => {
  it.each([
    ['5%', 5],
    ['99.5%', 99.5],
    ['0%', 0],
    ['100%', 100],
    ['0.000001%', 0.000001],
  ])('%s is %d percent', (text, percent) => {
    expect(parseShare(text)).toEqual({ ok: true, value: percent });
  });

  it('are printed so that they are read as the same', () => {
    const percent = fc
      .tuple(fc.nat(999), fc.nat(999_999))
      .map(([whole, millionths]) => whole + millionths / 1e6);
    fc.assert(
      fc.property(percent, (value) => {
        const rounded = Number(value.toFixed(6));
        expect(parseShare(formatShare(rounded))).toEqual({ ok: true, value: rounded });
      }),
    );
  });

  it.each([
    ['5', '5%'],
    ['5 %', '5%'],
    ['%5', '5%'],
    ['1,5%', '1.5%'],
    ['25 percent', '25%'],
    ['0.05', null],
    ['half', null],
    ['-5%', null],
  ])('"%s" is refused, the nearest is %s', (text, suggestion) => {
    expect(parseShare(text)).toEqual({ ok: false, expected: 'a share such as 5% or 99.5%', suggestion });
  });

  it('never crash on any text', () => {
    fc.assert(
      fc.property(fc.string({ unit: anyCharacter }), (text) => {
        expect([parseDuration(text).ok, parseShare(text).ok]).not.toContain(undefined);
      }),
    );
  });
});
