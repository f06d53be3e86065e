/**
 * How platforms word the two refusals that every team meets sooner or later, and where they report a key's balance.
 * Taken from the platforms' sources and documentation, independently of the profiles in `src/`, so that each can be
 * tested against the other. Zivv documents neither refusal; its form here is assumed.
 */
import { refuse } from './refusals.ts';
import { type JsonObject, type JsonReply, json, withHeaders } from './reply.ts';

export const PLATFORM_NAMES = [
  'openai',
  'new-api',
  'one-api',
  'sub2api',
  'litellm',
  'openrouter',
  'zivv',
] as const;
export type PlatformName = (typeof PLATFORM_NAMES)[number];

export interface Platform {
  readonly disabledKey: (key: string) => JsonReply;
  readonly emptyKey: () => JsonReply;
  /** Addresses outside the base path that need the key, and their responses. */
  readonly balance: Readonly<Record<string, JsonObject>>;
  /** Public addresses. */
  readonly pages?: Readonly<Record<string, JsonObject>>;
}

const flat = (status: number, code: string, message: string): JsonReply => json({ code, message }, status);

export const PLATFORMS: Readonly<Record<PlatformName, Platform>> = {
  openai: {
    disabledKey: (key) =>
      refuse(401, {
        message: `Incorrect API key provided: ${key.slice(0, 8)}****. You can find your API key at https://platform.openai.com/account/api-keys.`,
        code: 'invalid_api_key',
      }),
    emptyKey: () =>
      withHeaders(
        refuse(429, {
          message: 'You exceeded your current quota, please check your plan and billing details.',
          type: 'insufficient_quota',
          code: 'insufficient_quota',
        }),
        // Tells the official client that no retry will help.
        { 'x-should-retry': 'false' },
      ),
    balance: {},
  },
  'new-api': {
    disabledKey: () =>
      refuse(401, {
        message: 'Invalid token (request id: 20260131120000000000000abcdefgh)',
        type: 'new_api_error',
        code: '',
      }),
    emptyKey: () =>
      refuse(403, {
        message: '用户额度不足, 剩余额度: ＄0.000000 (request id: 20260131120000000000000abcdefgh)',
        type: 'new_api_error',
        code: 'insufficient_user_quota',
      }),
    balance: {
      '/api/usage/token/': {
        code: true,
        message: 'ok',
        data: {
          object: 'token_usage',
          name: 'default',
          total_granted: 500_000,
          total_used: 120_000,
          total_available: 380_000,
          unlimited_quota: false,
          expires_at: 0,
        },
      },
    },
  },
  'one-api': {
    disabledKey: () =>
      json(
        {
          error: { message: '该令牌状态不可用 (request id: 2026013112000000000000)', type: 'one_api_error' },
        },
        401,
      ),
    emptyKey: () =>
      refuse(403, {
        message: '用户额度不足 (request id: 2026013112000000000000)',
        type: 'one_api_error',
        code: 'insufficient_user_quota',
      }),
    balance: {},
  },
  sub2api: {
    disabledKey: () => flat(401, 'API_KEY_DISABLED', 'API key is disabled'),
    emptyKey: () => flat(403, 'INSUFFICIENT_BALANCE', 'Insufficient account balance'),
    balance: {
      '/v1/usage': { balance: 12.4, remaining: 12.4, unit: 'USD', isValid: true, mode: 'unrestricted' },
    },
  },
  litellm: {
    disabledKey: () =>
      refuse(401, {
        message: 'Authentication Error, Key is blocked. Update via `/key/unblock` if you are an admin.',
        type: 'auth_error',
        param: 'None',
        code: '401',
      }),
    emptyKey: () =>
      refuse(400, {
        message: 'ExceededBudget: Budget has been exceeded! Current cost: 20.01, Max budget: 20.0',
        type: 'budget_exceeded',
        code: '400',
      }),
    balance: {},
  },
  openrouter: {
    disabledKey: () => json({ error: { message: 'User not found or key disabled.', code: 401 } }, 401),
    emptyKey: () =>
      json(
        {
          error: {
            message: 'Insufficient credits. Add more using https://openrouter.ai/settings/credits',
            code: 402,
          },
        },
        402,
      ),
    balance: {
      '/api/v1/key': {
        data: {
          label: 'sk-or-v1-0e6...1c9',
          limit: 20,
          limit_remaining: 12.4,
          usage: 7.6,
          is_free_tier: false,
        },
      },
    },
  },
  zivv: {
    disabledKey: () =>
      refuse(401, { message: 'API key is disabled', type: 'authentication_error', code: 'api_key_disabled' }),
    emptyKey: () =>
      refuse(403, {
        message: 'Insufficient account balance',
        type: 'billing_error',
        code: 'insufficient_balance',
      }),
    balance: {
      '/v1/user/balance': {
        balance: 12.4,
        currency: 'USD',
        is_available: true,
        key_limit: 20,
        key_used: 7.6,
        plan_name: 'standard',
        total_used: 31.2,
      },
    },
    pages: {
      '/api/models/hub': {
        data: [
          {
            id: 'gpt-4o-mini',
            quota_type: 0,
            context_window: 128_000,
            capabilities: ['chat', 'tools', 'vision'],
            groups: [
              {
                name: 'default',
                multiplier: 1,
                input_rate: 0.15,
                output_rate: 0.6,
                cache_read_rate: 0.075,
                cache_write_rate: 0.15,
              },
            ],
          },
        ],
      },
    },
  },
};
