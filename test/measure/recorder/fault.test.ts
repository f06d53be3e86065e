import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { PROFILES } from '../../../src/gateway/profiles/index.ts';
import { faultAt, parseFaults, refusalOfFault } from '../../../src/measure/recorder/fault.ts';
import { faultsOf } from './recording.ts';

describe('a fault as people write it', () => {
  it.each([
    ['503@2', { kind: 'refuse', refusal: 503, retryAfter: null }, 2, 2],
    ['429:retry-after=1@5', { kind: 'refuse', refusal: 429, retryAfter: '1' }, 5, 5],
    ['429:retry-after=0.5@5-7', { kind: 'refuse', refusal: 429, retryAfter: '0.5' }, 5, 7],
    ['stall:30s@7', { kind: 'stall', ms: 30_000 }, 7, 7],
    ['cut@9', { kind: 'cut' }, 9, 9],
    ['slow:2s', { kind: 'slow', ms: 2_000 }, 1, Number.POSITIVE_INFINITY],
    ['balance@11', { kind: 'refuse', refusal: 'balance', retryAfter: null }, 11, 11],
    ['key-disabled@13', { kind: 'refuse', refusal: 'key-disabled', retryAfter: null }, 13, 13],
  ])('%s', (spec, action, from, to) => {
    expect(faultsOf(spec)).toEqual([{ spec, action, from, to }]);
  });

  it.each([
    '',
    '200@1',
    '503@0',
    '503@5-4',
    '503:1s@2',
    'stall@7',
    'stall:30@7',
    'slow:0s',
    'slow:25h',
    'cut:1s',
    'balanc@1',
    '429:retry-after=x@1',
    '503@@2',
  ])('"%s" is refused with the list of what there is', (spec) => {
    const parsed = parseFaults([spec]);
    expect(parsed).toEqual({
      ok: false,
      messages: [expect.stringContaining(`"${spec}" is not a valid fault`)],
    });
    expect(JSON.stringify(parsed)).toContain('429:retry-after=1@5');
  });

  it('may be listed with others, separated by commas; every mistake is reported', () => {
    expect(faultsOf('503@2, cut@9', 'slow:2s').map(({ spec }) => spec)).toEqual([
      '503@2',
      'cut@9',
      'slow:2s',
    ]);
    expect(parseFaults(['503@2,x', 'y'])).toMatchObject({ ok: false, messages: { length: 2 } });
  });

  it('hits the requests that it names, and the first that fits counts', () => {
    const faults = faultsOf('503@2-3', 'slow:1s');
    expect([1, 2, 3, 4].map((request) => faultAt(faults, request)?.spec)).toEqual([
      'slow:1s',
      '503@2-3',
      '503@2-3',
      'slow:1s',
    ]);
    expect(faultAt(faultsOf('cut@9'), 8)).toBeNull();
  });

  it('is read or refused, whatever is written', () => {
    fc.assert(
      fc.property(fc.string(), (spec) => {
        const parsed = parseFaults([spec]);
        return parsed.ok ? parsed.faults.length > 0 : parsed.messages.length > 0;
      }),
    );
  });
});

describe('a refusal', () => {
  it.each(PROFILES.map((profile) => [profile.name, profile] as const))(
    'of %s has the status that was asked for, whatever it is',
    (_, profile) => {
      for (let status = 400; status < 600; status += 1) {
        const answer = refusalOfFault({ kind: 'refuse', refusal: status, retryAfter: '3' }, profile, 'req_1');
        expect(answer).toMatchObject({ status, headers: { 'retry-after': '3' } });
        expect(Object.values(answer.headers)).toContain('req_1');
        expect(answer.body).not.toBe('');
      }
    },
  );

  it('without a retry-after of its own keeps that of the platform', () => {
    const [profile] = PROFILES.filter(({ name }) => name === 'openai');
    const answer = refusalOfFault(
      { kind: 'refuse', refusal: 429, retryAfter: null },
      profile ?? null,
      'req_1',
    );
    expect(answer.headers['retry-after']).toBe('1');
  });
});
