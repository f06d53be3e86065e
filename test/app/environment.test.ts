import { generateKeyPairSync } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { readEnvironment } from '../../app/environment.ts';
import type { Environment } from '../../src/config/environment.ts';
import { privateKey } from '../support/github/upstream.ts';

const KEY = privateKey();
const complete: Environment = {
  APP_ID: '12345',
  PRIVATE_KEY: KEY,
  WEBHOOK_SECRET: 'a-long-enough-webhook-secret',
  STATE_KEY: 'a state key with at least thirty-two characters',
};

const read = (changes: Environment = {}) => readEnvironment({ ...complete, ...changes });
const problemsOf = (changes: Environment): readonly string[] => {
  const result = read(changes);
  return result.ok ? [] : result.problems;
};

describe('the environment of the server', () => {
  it('is complete with four settings', () => {
    expect(read()).toMatchObject({
      ok: true,
      environment: {
        appId: 12_345,
        host: 'localhost',
        port: 3000,
        baseUrl: 'https://api.github.com',
        logLevel: 'info',
        tickInterval: 300_000,
      },
    });
  });

  it('reports everything that is missing at once', () => {
    const result = readEnvironment({});
    expect(result.ok ? [] : result.problems).toMatchInlineSnapshot(`
      [
        "APP_ID is not set; expected the App ID from the App's settings page.",
        "Neither PRIVATE_KEY nor PRIVATE_KEY_PATH is set; expected the .pem file from the App's settings page.",
        "WEBHOOK_SECRET is not set; expected the secret of the App's webhook.",
        "STATE_KEY is not set; expected at least 32 random characters (\`openssl rand -hex 32\`).",
      ]
    `);
  });

  it('reports everything that is wrong at once, and repeats no secret', () => {
    const problems = problemsOf({
      APP_ID: 'my-app',
      PRIVATE_KEY: '-----BEGIN RSA PRIVATE KEY-----\nsecret-half-of-a-key',
      WEBHOOK_SECRET: 'development',
      STATE_KEY: 'short-secret',
      PORT: '70000',
      GHE_HOST: 'https://github.example.com/',
      LOG_LEVEL: 'loud',
      TICK_SECONDS: '1',
    });
    expect(problems).toMatchInlineSnapshot(`
      [
        "APP_ID is "my-app"; expected the App ID from the App's settings page.",
        "PRIVATE_KEY is not a readable private key; expected the .pem file from the App's settings page.",
        "WEBHOOK_SECRET is "development", which anyone can guess; choose a random one.",
        "STATE_KEY has 12 characters; expected at least 32 random characters (\`openssl rand -hex 32\`).",
        "PORT is "70000"; expected a number from 0 to 65535.",
        "GHE_HOST is "https://github.example.com/"; expected only the host of the GitHub Enterprise Server, such as github.example.com.",
        "LOG_LEVEL is "loud"; expected one of trace, debug, info, warn, error, fatal.",
        "TICK_SECONDS is "1"; expected 10 to 86400 seconds.",
      ]
    `);
    expect(problems.join()).not.toMatch(/half-of-a-key|short-secret/);
  });

  it.each([
    ['on one line', KEY.replaceAll('\n', '\\n')],
    ['in base64', Buffer.from(KEY).toString('base64')],
  ])('takes a key %s', (_, key) => {
    expect(read({ PRIVATE_KEY: key })).toMatchObject({ ok: true, environment: { privateKey: KEY } });
  });

  it('refuses a key that is not RSA', () => {
    const { privateKey: other } = generateKeyPairSync('ed25519', {
      publicKeyEncoding: { type: 'spki', format: 'pem' },
      privateKeyEncoding: { type: 'pkcs8', format: 'pem' },
    });
    expect(problemsOf({ PRIVATE_KEY: other })).toEqual([
      "PRIVATE_KEY is not an RSA key; expected the .pem file from the App's settings page.",
    ]);
  });

  it('signs with the new state key and still knows the old ones', () => {
    expect(read({ STATE_KEYS_OLD: 'one old key, another old key' })).toMatchObject({
      environment: { stateKeys: [complete.STATE_KEY, 'one old key', 'another old key'] },
    });
  });

  it('uses a GitHub Enterprise Server, only over https', () => {
    expect(read({ GHE_HOST: 'github.example.com' })).toMatchObject({
      environment: { baseUrl: 'https://github.example.com/api/v3' },
    });
    for (const GHE_PROTOCOL of ['http', 'https://', 'ht tp', '1']) {
      expect(problemsOf({ GHE_HOST: 'github.example.com', GHE_PROTOCOL })).toEqual([
        `GHE_PROTOCOL is "${GHE_PROTOCOL}"; expected https.`,
      ]);
    }
  });

  it('takes the key of a gateway only with the address that it may be sent to', () => {
    const GATEWAY_API_KEY = 'sk-a-key-of-the-gateway';
    const given = read({ GATEWAY_API_KEY, GATEWAY_BASE_URL: 'https://gateway.example/v1' });
    expect(given.ok ? given.environment.secrets : []).toContain(GATEWAY_API_KEY);
    expect([
      ...problemsOf({ GATEWAY_API_KEY }),
      ...problemsOf({ GATEWAY_BASE_URL: 'https://gateway.example/v1' }),
    ]).toEqual([
      'GATEWAY_API_KEY is set, but GATEWAY_BASE_URL is not a URL; expected the gateway to which the key may be sent, such as https://gateway.example/v1.',
      'GATEWAY_BASE_URL is set, but GATEWAY_API_KEY is not; expected the key whose balance the App may read.',
    ]);
  });
});
