import { describe, expect, it } from 'vitest';
import { classify } from '../../src/gateway/errors.ts';
import { PROFILES, profileByName, recogniseProfile } from '../../src/gateway/profiles/index.ts';
import type { RefusalExample } from '../../src/gateway/profiles/profile.ts';
import { MORE_REFUSALS } from './more-refusals.ts';

function partsOf({ status, headers = {}, body }: RefusalExample) {
  return typeof body === 'string'
    ? { status, headers, text: body, json: undefined }
    : { status, headers, text: JSON.stringify(body), json: body };
}

const examples = PROFILES.flatMap((profile) =>
  [...profile.refusals, ...(MORE_REFUSALS[profile.name] ?? [])].map((refusal) => ({ profile, refusal })),
);

describe('refusals', () => {
  it.each(
    examples.map(
      ({ profile, refusal }) =>
        [profile.name, refusal.class, refusal.status, refusal.body, profile, refusal] as const,
    ),
  )('%s: %s (%i %j)', (_name, refusalClass, _status, _body, profile, refusal) => {
    expect(classify(partsOf(refusal), profile).class).toBe(refusalClass);
  });

  it('can be classified without the profile, except for sub2api’s own terms', () => {
    const lost = examples.filter(({ refusal }) => classify(partsOf(refusal)).class !== refusal.class);
    expect(
      lost.map(({ profile, refusal }) => `${profile.name} ${refusal.status} ${refusal.class}`),
    ).toMatchInlineSnapshot(`
      [
        "sub2api 429 key_quota",
      ]
    `);
  });

  it('include no balance, a refused key and a used quota, wherever the platform distinguishes them', () => {
    const classes = Object.fromEntries(
      PROFILES.map(({ name }) => {
        const own = examples.filter(({ profile }) => profile.name === name);
        return [name, [...new Set(own.map(({ refusal }) => refusal.class))].sort()];
      }),
    );
    expect(classes).toMatchInlineSnapshot(`
      {
        "litellm": [
          "disabled_key",
          "insufficient_balance",
          "invalid_key",
          "key_quota",
          "model_not_found",
          "not_openai_shape",
        ],
        "new-api": [
          "disabled_key",
          "insufficient_balance",
          "invalid_key",
          "key_quota",
          "model_not_found",
          "overloaded",
        ],
        "one-api": [
          "disabled_key",
          "insufficient_balance",
          "invalid_key",
          "key_quota",
          "model_not_found",
        ],
        "openai": [
          "disabled_key",
          "insufficient_balance",
          "invalid_key",
          "model_not_found",
          "overloaded",
          "rate_limited",
        ],
        "openrouter": [
          "disabled_key",
          "insufficient_balance",
          "invalid_key",
          "key_quota",
          "model_not_found",
        ],
        "portkey": [
          "bad_request",
          "upstream_error",
        ],
        "sub2api": [
          "disabled_key",
          "insufficient_balance",
          "invalid_key",
          "key_quota",
        ],
        "zivv": [
          "timeout",
        ],
      }
    `);
  });

  it('are matched in capitals and in small letters', () => {
    const rules = PROFILES.flatMap(({ errors }) => errors).flatMap(({ code, type, label, message }) => [
      code,
      type,
      label,
      message,
    ]);
    const caseSensitive = rules.filter(
      (rule) => rule && /[a-z]/i.test(rule.source) && !rule.flags.includes('i'),
    );
    expect(caseSensitive).toEqual([]);
  });
});

describe('recogniseProfile', () => {
  const by = (headers: Record<string, string>, json: unknown = {}) =>
    recogniseProfile('https://gateway.test/v1', [{ headers, json }])?.name ?? null;

  it.each([
    ['https://zivv.pro/v1', 'zivv'],
    ['https://api.zivv.pro/v1', 'zivv'],
    ['https://api.openai.com/v1', 'openai'],
    ['https://openrouter.ai/api/v1', 'openrouter'],
    ['https://api.portkey.ai/v1', 'portkey'],
  ])('knows %s by its host', (baseUrl, name) => {
    expect(recogniseProfile(baseUrl, [])?.name).toBe(name);
  });

  it('is not fooled by a host with the same ending', () => {
    expect(recogniseProfile('https://notzivv.pro/v1', [])).toBeNull();
    expect(recogniseProfile('https://zivv.pro.example/v1', [])).toBeNull();
  });

  it('knows platforms by their responses', () => {
    expect(by({ 'x-litellm-call-id': '1' })).toBe('litellm');
    expect(by({ 'x-portkey-trace-id': '' })).toBe('portkey');
    expect(by({ 'x-oneapi-request-id': '1', 'x-new-api-version': 'v1' })).toBe('new-api');
    expect(by({ 'x-oneapi-request-id': '1' })).toBe('one-api');
    expect(by({}, { error: { type: 'new_api_error', message: 'x' } })).toBe('new-api');
    expect(by({}, { error: { type: 'one_api_error', message: 'x' } })).toBe('one-api');
    expect(by({}, { code: 'API_KEY_REQUIRED', message: 'x' })).toBe('sub2api');
    expect(by({}, { id: 'gen-1', provider: 'OpenAI' })).toBe('openrouter');
    expect(by({ 'x-request-id': '1' }, { id: 'chatcmpl-1' })).toBeNull();
    expect(recogniseProfile('https://gateway.test/v1', [])).toBeNull();
  });

  it('trusts the host over the responses that a gateway passes on', () => {
    expect(
      recogniseProfile('https://zivv.pro/v1', [{ headers: { 'x-oneapi-request-id': '1' }, json: {} }])?.name,
    ).toBe('zivv');
  });
});

it('finds a profile by its name, and none by another', () => {
  for (const profile of PROFILES) expect(profileByName(profile.name)).toBe(profile);
  expect(profileByName('auto')).toBeNull();
});
