import { describe, expect, it } from 'vitest';
import { mayHoldSites } from '../../src/inventory/prefilter.ts';
import { EXAMPLES } from './examples/index.ts';
import { SDK_SAMPLES } from './sdk-samples.ts';

const mayHold = (text: string): boolean => {
  const bytes = Buffer.from(text);
  return mayHoldSites(bytes, bytes.length);
};

describe('the prefilter', () => {
  it('lets every client library pass', () => {
    expect(Object.entries(SDK_SAMPLES).filter(([, sample]) => !mayHold(sample))).toEqual([]);
  });

  // Some hits are just `o1`, which no prefilter could search for.
  it('lets examples pass that need nothing else in their file', () => {
    const stopped = EXAMPLES.filter(
      ({ after, hit }) => after === undefined && hit.length > 0 && !hit.some(([code]) => mayHold(code)),
    );
    expect(stopped).toEqual([]);
  });

  it('stops files that do not mention the API', () => {
    expect(mayHold('const answer = await fetch("https://example.com/v1/models")')).toBe(false);
  });
});
