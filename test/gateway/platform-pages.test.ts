import { describe, expect, it } from 'vitest';
import { PROFILES, profileByName } from '../../src/gateway/profiles/index.ts';
import type { Profile } from '../../src/gateway/profiles/profile.ts';

function profileNamed(name: string): Profile {
  const profile = profileByName(name);
  if (profile === null) throw new Error(`no profile ${name}`);
  return profile;
}

describe('the pages of platforms', () => {
  it('are read at the right URLs', () => {
    const urls = PROFILES.map((profile) => {
      const baseUrl = `https://${profile.hosts[0] ?? 'gateway.test/prefix'}/${profile.name === 'openrouter' ? 'api/v1' : 'v1'}/`;
      return [
        profile.name,
        profile.balance?.url(baseUrl),
        profile.hub?.url(baseUrl),
        profile.status?.url(baseUrl),
      ];
    });
    expect(urls).toMatchInlineSnapshot(`
      [
        [
          "zivv",
          "https://zivv.pro/v1/user/balance",
          "https://zivv.pro/api/models/hub",
          "https://status.zivv.pro/api/status?window=7d",
        ],
        [
          "openai",
          undefined,
          undefined,
          undefined,
        ],
        [
          "openrouter",
          "https://openrouter.ai/api/v1/key",
          "https://openrouter.ai/api/v1/models",
          undefined,
        ],
        [
          "portkey",
          undefined,
          undefined,
          undefined,
        ],
        [
          "litellm",
          "https://gateway.test/prefix/key/info",
          "https://gateway.test/prefix/model_group/info",
          undefined,
        ],
        [
          "new-api",
          "https://gateway.test/prefix/api/usage/token/",
          "https://gateway.test/prefix/api/pricing",
          undefined,
        ],
        [
          "one-api",
          undefined,
          undefined,
          undefined,
        ],
        [
          "sub2api",
          "https://gateway.test/prefix/v1/usage",
          undefined,
          undefined,
        ],
      ]
    `);
  });

  it('read as null if they have another shape', () => {
    for (const { balance, hub, status } of PROFILES) {
      for (const json of [
        undefined,
        null,
        [],
        {},
        { data: {} },
        { error: { message: 'no' } },
        'text',
        { info: 1, data: 'x', services: {} },
      ]) {
        expect([balance?.read(json) ?? null, hub?.read(json) ?? null, status?.read(json) ?? null]).toEqual([
          null,
          null,
          null,
        ]);
      }
    }
  });

  it.each<[string, unknown, number | null]>([
    [
      'zivv',
      { balance: 12.4, currency: 'USD', key_limit: 20, key_used: 7.6, plan_name: 'Pro', total_used: 99 },
      12.4,
    ],
    ['zivv', { balance: 12.4, currency: 'CNY', key_limit: 10, key_used: 9.5 }, 0.5],
    ['zivv', { balance: 3, currency: 'USD', key_limit: 0, key_used: 1 }, 3],
    ['new-api', { code: true, data: { total_available: 1_250_000, unlimited_quota: false } }, 1_250_000],
    ['new-api', { code: true, data: { total_available: 0, unlimited_quota: true } }, null],
    ['litellm', { info: { spend: 1.5, max_budget: 10 } }, 8.5],
    ['litellm', { info: { spend: 1.5, max_budget: null } }, null],
    ['sub2api', { isValid: true, planName: 'wallet', remaining: 4.2, unit: 'USD' }, 4.2],
    ['openrouter', { data: { limit: 5, limit_remaining: 4.5, usage: 0.5 } }, 4.5],
    ['openrouter', { data: { limit: null, limit_remaining: null, usage: 0.5 } }, null],
  ])('report the balance: %s %j', (name, json, remaining) => {
    expect(profileNamed(name).balance?.read(json)?.remaining ?? null).toBe(remaining);
  });

  it('report it in one line', () => {
    const summary = (name: string, json: unknown) => profileNamed(name).balance?.read(json)?.summary;
    expect([
      summary('zivv', { balance: 12.4, currency: 'USD', key_limit: 20, key_used: 7.6, plan_name: 'Pro' }),
      summary('new-api', { data: { total_available: 1_250_000 } }),
      summary('new-api', { data: { total_available: 0, unlimited_quota: true } }),
      summary('litellm', { info: { spend: 1.5, max_budget: 10 } }),
      summary('litellm', { info: { spend: 1.5, max_budget: null } }),
      summary('sub2api', { remaining: 4.2, unit: 'USD', planName: 'wallet' }),
      summary('openrouter', { data: { limit: 5, limit_remaining: 4.5, usage: 0.5 } }),
      summary('openrouter', { data: { limit: null, usage: 0.5 } }),
    ]).toMatchInlineSnapshot(`
      [
        "12.40 USD left, key limit 20.00 USD of which 7.60 used, plan Pro",
        "1250000 quota left on this key (2.50 USD at the usual 500000 quota per USD)",
        "no quota on this key: the account's balance decides",
        "8.50 USD left of the key's budget of 10.00 USD",
        "no budget on this key, 1.50 USD spent",
        "4.20 USD left, plan wallet",
        "4.50 USD left of the key's limit of 5.00 USD",
        "no limit on this key, 0.50 USD used; the account's credits decide",
      ]
    `);
  });

  it('report the models of a hub with prices in USD per million tokens', () => {
    const models = (name: string, json: unknown) => profileNamed(name).hub?.read(json);
    const groups = [
      {
        name: 'pro',
        multiplier: 1,
        input_rate: 0.7,
        output_rate: 4.2,
        cache_read_rate: 0.07,
        cache_write_rate: 0.07,
      },
    ];
    expect({
      zivv: models('zivv', {
        data: [
          { id: 'm', quota_type: 1, context_window: 400_000, capabilities: ['vision', 1], groups },
          'junk',
        ],
      }),
      'new-api': models('new-api', {
        data: [
          {
            model_name: 'm',
            quota_type: 0,
            model_ratio: 1.25,
            completion_ratio: 8,
            cache_ratio: 0.1,
            enable_groups: ['default', 'vip'],
          },
          { model_name: 'picture', quota_type: 1, model_price: 0.04, enable_groups: ['default'] },
        ],
        group_ratio: { default: 1, vip: 0.5 },
      }),
      litellm: models('litellm', {
        data: [
          {
            model_group: 'm',
            mode: 'chat',
            max_input_tokens: 128_000,
            input_cost_per_token: 0.00000015,
            output_cost_per_token: 0.0000006,
            supports_vision: true,
            supports_web_search: false,
          },
        ],
      }),
      openrouter: models('openrouter', {
        data: [
          {
            id: 'a/m',
            context_length: 128_000,
            supported_parameters: ['tools'],
            pricing: { prompt: '0.00000015', completion: '0.0000006', input_cache_read: '-1' },
          },
        ],
      }),
    }).toMatchInlineSnapshot(`
      {
        "litellm": [
          {
            "capabilities": [
              "chat",
              "vision",
            ],
            "contextWindow": 128000,
            "id": "m",
            "prices": [
              {
                "group": "",
                "input": 0.15,
                "output": 0.6,
              },
            ],
          },
        ],
        "new-api": [
          {
            "capabilities": [],
            "contextWindow": null,
            "id": "m",
            "prices": [
              {
                "group": "default",
                "input": 2.5,
                "output": 20,
              },
              {
                "group": "vip",
                "input": 1.25,
                "output": 10,
              },
            ],
          },
          {
            "capabilities": [],
            "contextWindow": null,
            "id": "picture",
            "prices": [
              {
                "group": "default",
                "input": null,
                "output": null,
              },
            ],
          },
        ],
        "openrouter": [
          {
            "capabilities": [
              "tools",
            ],
            "contextWindow": 128000,
            "id": "a/m",
            "prices": [
              {
                "group": "",
                "input": 0.15,
                "output": 0.6,
              },
            ],
          },
        ],
        "zivv": [
          {
            "capabilities": [
              "vision",
            ],
            "contextWindow": 400000,
            "id": "m",
            "prices": [
              {
                "group": "pro",
                "input": 0.7,
                "output": 4.2,
              },
            ],
          },
        ],
      }
    `);
  });

  it('report the uptime of a service', () => {
    const services = [
      { name: 'Pro', model: 'm', uptime_percent: 99.5, current: { ok: true }, history: [] },
      { name: 'Max', current: {} },
    ];
    expect(profileNamed('zivv').status?.read({ services })).toEqual([
      { name: 'Pro', model: 'm', uptimePercent: 99.5, ok: true },
      { name: 'Max', model: null, uptimePercent: null, ok: null },
    ]);
  });
});
