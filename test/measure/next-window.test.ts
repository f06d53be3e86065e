import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Window } from '../../src/measure/instant.ts';
import { nextWindow } from '../../src/measure/next-window.ts';

const MINUTE = 60_000;
const START = Date.parse('2026-11-22T12:00:20.500Z');
const usual = { now: START, lag: 2 * MINUTE, interval: 15 * MINUTE, last: null, since: null };
const at = (text: string) => Date.parse(`2026-11-22T${text}Z`);

/** A run of the command: so long after the one before, with this lag; and whether the sources answered. */
interface Run {
  readonly pauseMs: number;
  readonly lag: number;
  readonly answered: boolean;
}
const run: fc.Arbitrary<Run> = fc.record({
  pauseMs: fc.integer({ min: 0, max: 40 * MINUTE }),
  lag: fc.integer({ min: 0, max: 12 * MINUTE }),
  answered: fc.boolean(),
});

/** The windows that runs leave behind; `latest` is what the sources knew all of. */
function measured(runs: readonly Run[], since: number | null) {
  const windows: { readonly window: Window; readonly latest: number }[] = [];
  let now = START;
  for (const { pauseMs, lag, answered } of runs) {
    now += pauseMs;
    const last = windows.at(-1)?.window ?? null;
    const next = nextWindow({ now, lag, interval: 15 * MINUTE, last, since });
    if (next.kind === 'error') throw new Error(next.reason);
    // A source that failed leaves nothing behind.
    if (next.kind === 'window' && answered) windows.push({ window: next.window, latest: now - lag });
  }
  return windows;
}

describe('the next window', () => {
  it('tiles time: no gap, no overlap, none empty, and none that a source may still be completing', () => {
    fc.assert(
      fc.property(
        fc.array(run, { maxLength: 60 }),
        fc.option(fc.integer({ min: 1, max: 90 * MINUTE }), { nil: null }),
        fc.array(fc.double({ min: 0, max: 1, noNaN: true }), { minLength: 1, maxLength: 20 }),
        (runs, since, parts) => {
          const windows = measured(runs, since);
          for (const { window, latest } of windows) {
            expect(window.to).toBeGreaterThan(window.from);
            expect(window.to).toBeLessThanOrEqual(latest);
          }
          const [first, end] = [windows[0]?.window, windows.at(-1)?.window];
          if (first === undefined || end === undefined) return;
          const moments = parts.map((part) => first.from + Math.floor(part * (end.to - first.from - 1)));
          for (const moment of [...moments, ...windows.map(({ window }) => window.from)]) {
            const holding = windows.filter(({ window: { from, to } }) => from <= moment && moment < to);
            expect(holding).toHaveLength(1);
          }
        },
      ),
    );
  });

  it('ends with the last whole minute that is complete in every source', () => {
    expect(nextWindow(usual)).toEqual({
      kind: 'window',
      window: { from: at('11:43:00.000'), to: at('11:58:00.000') },
    });
  });

  it('goes as far back as asked, but only if nothing is stored', () => {
    const since = 60 * MINUTE;
    const last = { from: at('11:30:00.000'), to: at('11:45:00.000') };
    expect(nextWindow({ ...usual, since })).toMatchObject({ window: { from: at('10:58:00.000') } });
    expect(nextWindow({ ...usual, since, last })).toMatchObject({ window: { from: last.to } });
  });

  it('does not exist before another whole minute is complete', () => {
    const last = { from: at('11:30:00.000'), to: at('11:58:00.000') };
    const asked = (text: string) => nextWindow({ ...usual, now: at(text), last });
    expect(asked('12:00:59.999')).toEqual({
      kind: 'too-soon',
      reason:
        'Everything up to 2026-11-22T11:58:00.000Z is measured; later data is complete at 2026-11-22T12:01:00.000Z. Measure again then.',
    });
    expect(asked('12:01:00.000')).toMatchObject({ kind: 'window', window: { to: at('11:59:00.000') } });
  });

  it('is an error where the last one ends later than now by more than a tenth of the interval', () => {
    const ends = (to: number) => nextWindow({ ...usual, last: { from: to - MINUTE, to } }).kind;
    expect(ends(START + 90_000)).toBe('too-soon');
    expect(ends(START + 90_001)).toBe('error');
  });
});
