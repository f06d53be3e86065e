import { generate } from 'selfsigned';
import { describe, expect, it } from 'vitest';
import { plainChat } from '../src/check/requests.ts';
import { createClient } from '../src/gateway/http.ts';
import { profileByName } from '../src/gateway/profiles/index.ts';
import { PLATFORM_NAMES, type PlatformName, startQuirkyGateway } from './support/quirky-gateway.ts';

const KEYS = { disabled: 'sk-quirky-disabled-0000', empty: 'sk-quirky-empty-0000' };

/** A client as in a check, and the platform's profile. */
async function meet(platform: PlatformName) {
  const gateway = await startQuirkyGateway({ platform, keys: KEYS });
  const profile = profileByName(platform);
  const { baseUrl, apiKey } = gateway;
  return { gateway, profile, client: createClient({ baseUrl, apiKey, profile }) };
}

describe('a gateway that behaves like a platform', () => {
  it('refuses a disabled and an empty key in the platform’s own words', async () => {
    const seen: Record<string, string[]> = {};
    for (const platform of PLATFORM_NAMES) {
      const { gateway, client } = await meet(platform);
      const answers = [KEYS.disabled, KEYS.empty].map(async (apiKey) => {
        const { method, path, body } = plainChat('gpt-4o-mini');
        const exchange = await client.call({ method, path, body, apiKey, deadlineMs: 2_000 });
        return exchange.kind === 'response'
          ? `${exchange.status} ${exchange.refusal?.class}`
          : exchange.message;
      });
      seen[platform] = await Promise.all(answers);
      await gateway.stop();
    }
    expect(seen).toMatchInlineSnapshot(`
      {
        "litellm": [
          "401 disabled_key",
          "400 key_quota",
        ],
        "new-api": [
          "401 invalid_key",
          "403 insufficient_balance",
        ],
        "one-api": [
          "401 disabled_key",
          "403 insufficient_balance",
        ],
        "openai": [
          "401 invalid_key",
          "429 insufficient_balance",
        ],
        "openrouter": [
          "401 disabled_key",
          "402 insufficient_balance",
        ],
        "sub2api": [
          "401 disabled_key",
          "403 insufficient_balance",
        ],
        "zivv": [
          "401 disabled_key",
          "403 insufficient_balance",
        ],
      }
    `);
  });

  it.each(['new-api', 'sub2api', 'openrouter', 'zivv'] as const)(
    'tells what is left on a key: %s',
    async (name) => {
      const { gateway, profile, client } = await meet(name);
      const url = profile?.balance?.url(gateway.baseUrl) ?? '';
      const told = await client.call({ method: 'GET', url, deadlineMs: 2_000 });
      const refused = await client.call({ method: 'GET', url, apiKey: 'sk-other', deadlineMs: 2_000 });
      await gateway.stop();
      expect(told.kind === 'response' && profile?.balance?.read(told.json)?.remaining).toBeGreaterThan(0);
      expect(refused).toMatchObject({ status: 401 });
    },
  );

  it('shows its model hub without a key: zivv', async () => {
    const { gateway, profile, client } = await meet('zivv');
    const url = profile?.hub?.url(gateway.baseUrl) ?? '';
    const hub = await client.call({ method: 'GET', url, apiKey: null, deadlineMs: 2_000 });
    await gateway.stop();
    expect(hub.kind === 'response' && profile?.hub?.read(hub.json)).toMatchObject([
      { id: 'gpt-4o-mini', contextWindow: 128_000, prices: [{ group: 'default', input: 0.15, output: 0.6 }] },
    ]);
  });

  it('speaks HTTPS with the given certificate', async () => {
    const { cert, private: key } = await generate([{ name: 'commonName', value: '127.0.0.1' }]);
    const gateway = await startQuirkyGateway({ tls: { cert, key } });
    const client = createClient({ baseUrl: gateway.baseUrl, apiKey: gateway.apiKey });
    const exchange = await client.call({ method: 'GET', path: '/models', deadlineMs: 2_000 });
    await gateway.stop();
    expect(gateway.baseUrl).toMatch(/^https:/);
    expect(exchange).toMatchObject({ kind: 'no-response', layer: 'tls' });
  });
});
