import { describe, expect, it } from 'vitest';
import { classify } from '../../src/gateway/errors.ts';
import { HARMLESS, KINDS, WORDINGS } from './refusal-wordings.ts';

const MAY_PASS = ['rate_limited', 'overloaded', 'timeout'];

function classified(status: number, body: unknown) {
  const { class: found, retryable } = classify({
    status,
    headers: {},
    text: JSON.stringify(body),
    json: body,
  });
  return { class: found, retryable };
}

describe('the wordings of platforms', () => {
  it.each(WORDINGS)('$platform, $status: $class ($body)', ({ class: expected, status, body }) => {
    expect(classified(status, body)).toEqual({ class: expected, retryable: MAY_PASS.includes(expected) });
  });

  it('are enough, and from enough platforms', () => {
    expect(WORDINGS.length).toBeGreaterThanOrEqual(60);
    expect(new Set(WORDINGS.map(({ platform }) => platform)).size).toBeGreaterThanOrEqual(12);
  });
});

const kinds = Object.entries(KINDS).flatMap(([expected, sentences]) =>
  sentences.map(([status, message, code = null]) => [expected, status, message, code] as const),
);

it.each(kinds)('%s: %i %s %s', (expected, status, message, code) => {
  expect(classified(status, { error: { message, type: 'error', param: null, code } })).toEqual({
    class: expected,
    retryable: false,
  });
});

it.each(HARMLESS)('%s, not a refusal of the key or for money: %i %j', (expected, status, error) => {
  expect(classified(status, { error: { type: null, param: null, code: null, ...error } }).class).toBe(
    expected,
  );
});
