import { describe, expect, it } from 'vitest';
import { classify } from '../../src/gateway/errors.ts';
import { profileByName } from '../../src/gateway/profiles/index.ts';
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

describe('the key that a provider refuses is the gateway’s own', () => {
  const openaiError = {
    message: 'Incorrect API key provided: sk-up***',
    type: 'invalid_request_error',
    code: 'invalid_api_key',
  };
  it.each<[string, string | null, number, unknown]>([
    [
      'LiteLLM',
      'litellm',
      401,
      {
        error: {
          message: `litellm.AuthenticationError: OpenAIException - ${openaiError.message}`,
          code: '401',
        },
      },
    ],
    [
      'OpenRouter',
      'openrouter',
      401,
      {
        error: {
          message: 'Provider returned error',
          code: 401,
          metadata: { raw: JSON.stringify({ error: openaiError }), provider_name: 'OpenAI' },
        },
      },
    ],
    [
      'Portkey',
      'portkey',
      401,
      { error: { ...openaiError, message: `openai error: ${openaiError.message}` }, provider: 'openai' },
    ],
    ['Bifrost', null, 401, { is_bifrost_error: false, status_code: 401, error: openaiError }],
    [
      'New API',
      'new-api',
      401,
      { error: { ...openaiError, message: `${openaiError.message} (request id: 2026)` } },
    ],
    [
      'one-api',
      'one-api',
      401,
      { error: { ...openaiError, message: `${openaiError.message} (request id: 2026)` } },
    ],
    [
      'New API, reduced',
      'new-api',
      401,
      { error: { message: 'bad response status code 401', type: 'upstream_error' } },
    ],
    ['a relay', null, 403, { error: { message: 'upstream returned: Your organization has been disabled.' } }],
  ])('%s', (_name, profile, status, body) => {
    const response = { status, headers: {}, text: JSON.stringify(body), json: body };
    expect(classify(response, profile === null ? null : profileByName(profile))).toMatchObject({
      class: 'upstream_error',
      retryable: false,
      refusedBy: 'provider',
    });
  });

  it('and an empty account there keeps its class', () => {
    const body = { error: { message: 'OpenAIException - You exceeded your current quota', code: '429' } };
    expect(classify({ status: 429, headers: {}, text: '', json: body })).toMatchObject({
      class: 'insufficient_balance',
      refusedBy: 'provider',
    });
  });

  it.each([
    ['new-api', { message: '无效的令牌 (request id: 2026)', type: 'new_api_error' }],
    ['litellm', { message: 'Authentication Error, Key is blocked.', type: 'auth_error' }],
  ])('but %s refuses its user’s key by itself', (profile, error) => {
    const response = { status: 401, headers: {}, text: '', json: { error } };
    expect(classify(response, profileByName(profile))).not.toHaveProperty('refusedBy');
  });
});
