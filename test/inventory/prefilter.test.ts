import { describe, expect, it } from 'vitest';
import { mayHoldSites } from '../../src/inventory/prefilter.ts';
import { HAZARD_RULES, RULES } from '../../src/inventory/rules/index.ts';
import { SDKS } from '../../src/inventory/sdks.ts';

const mayHold = (text: string): boolean => {
  const bytes = Buffer.from(text);
  return mayHoldSites(bytes, bytes.length);
};

describe('the prefilter', () => {
  it('lets every client library pass', () => {
    expect(Object.entries(SDKS).filter(([, { sample }]) => !mayHold(sample))).toEqual([]);
  });

  // Some hits are just `o1`, which no prefilter could search for.
  it('lets a hit of every rule pass that needs nothing else in its file', () => {
    const stopped = [...RULES, ...HAZARD_RULES].filter(
      ({ needs, examples }) => needs === undefined && !examples.hit.some(([code]) => mayHold(code)),
    );
    expect(stopped.map(({ id }) => id)).toEqual([]);
  });

  it('stops files that do not mention the API', () => {
    expect(mayHold('const answer = await fetch("https://example.com/v1/models")')).toBe(false);
  });
});
