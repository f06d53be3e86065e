import { describe, expect, it } from 'vitest';
import { mayHoldSites } from '../../src/inventory/prefilter.ts';
import { HAZARD_RULES, RULES } from '../../src/inventory/rules/index.ts';
import { SDKS } from '../../src/inventory/sdks.ts';

const opensFor = (text: string): boolean => {
  const bytes = Buffer.from(text);
  return mayHoldSites(bytes, bytes.length);
};

describe('the gate', () => {
  it('opens for every client library', () => {
    expect(Object.entries(SDKS).filter(([, { sample }]) => !opensFor(sample))).toEqual([]);
  });

  // Of some hits the whole text is `o1`, which no gate could look for.
  it('opens for a hit of every rule that needs nothing else in its file', () => {
    const shut = [...RULES, ...HAZARD_RULES].filter(
      ({ needs, examples }) => needs === 'nothing' && !examples.hit.some(([code]) => opensFor(code)),
    );
    expect(shut.map(({ id }) => id)).toEqual([]);
  });

  it('stays shut where nothing speaks of the API', () => {
    expect(opensFor('const answer = await fetch("https://example.com/v1/models")')).toBe(false);
  });
});
