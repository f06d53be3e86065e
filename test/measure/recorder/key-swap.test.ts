import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { KeySwap, throwAwayKey } from '../../../src/measure/recorder/key-swap.ts';

const REAL = 'sk-real-0123456789abcdef';

function pass(pieces: readonly Buffer[], standIn: string): Buffer {
  const swap = new KeySwap(REAL, standIn);
  return Buffer.concat([...pieces.map((piece) => swap.take(piece)), swap.rest()]);
}

describe('the real key in an answer', () => {
  it('never passes, wherever the answer is cut into pieces; all else passes as it is', () => {
    const parts = fc.array(
      fc.constantFrom(REAL, REAL.slice(0, 7), 'sk-', 's', 'text é', '\n\n', REAL + REAL),
    );
    fc.assert(
      fc.property(parts, fc.array(fc.nat(200)), (texts, cuts) => {
        const standIn = throwAwayKey(REAL);
        const text = texts.join('');
        const bytes = Buffer.from(text);
        const borders = [0, ...cuts.map((cut) => Math.min(cut, bytes.length)), bytes.length].sort(
          (a, b) => a - b,
        );
        const pieces = borders.slice(1).map((to, index) => bytes.subarray(borders[index], to));
        expect(pass(pieces, standIn).toString()).toBe(text.replaceAll(REAL, standIn));
      }),
    );
  });

  it('delays only pieces that end like it', () => {
    const swap = new KeySwap(REAL, throwAwayKey(REAL));
    const piece = Buffer.from('data: {"a":1}\n\n');
    expect(swap.take(piece)).toEqual(piece);
    expect(swap.rest()).toHaveLength(0);
  });

  it('is left alone if it is too short to be distinguished from other text', () => {
    const swap = new KeySwap('key', throwAwayKey('key'));
    expect(swap.take(Buffer.from('a key')).toString()).toBe('a key');
    expect(swap.text('a key')).toBe('a key');
  });
});

describe('the throw-away key', () => {
  it('is different each time, and as long as the real one', () => {
    for (const length of [16, 22, 40, 164]) {
      const real = 'k'.repeat(length);
      expect(throwAwayKey(real)).toMatch(/^sk-/);
      expect(throwAwayKey(real)).toHaveLength(length);
      expect(throwAwayKey(real)).not.toBe(throwAwayKey(real));
    }
    expect(throwAwayKey('short').length).toBeGreaterThan(40);
  });
});
