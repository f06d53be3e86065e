/** Refusals in a platform's own words that the recorder never injects: other versions, and other cases of a class. */
import type { RefusalExample } from '../../src/gateway/profiles/profile.ts';

export const MORE_REFUSALS: Readonly<Record<string, readonly RefusalExample[]>> = {
  openai: [
    {
      status: 429,
      body: {
        error: {
          message: 'Your credit balance is exhausted.',
          type: 'insufficient_quota',
          param: null,
          code: 'credit_balance_exhausted',
        },
      },
      class: 'insufficient_balance',
    },
  ],
  openrouter: [
    {
      status: 403,
      body: {
        error: {
          message: 'Key limit exceeded (total limit). Manage it using https://openrouter.ai/settings/keys',
          code: 403,
        },
      },
      class: 'key_quota',
    },
    {
      status: 402,
      body: {
        error: {
          message:
            'This request requires more credits, or fewer max_tokens. To increase, visit https://openrouter.ai/settings/keys and create a key with a higher monthly limit',
          code: 402,
        },
      },
      class: 'key_quota',
    },
    {
      status: 400,
      body: {
        error: {
          message: 'acme/none is not a valid model ID',
          code: 400,
        },
      },
      class: 'model_not_found',
    },
  ],
  portkey: [
    {
      status: 400,
      body: {
        status: 'failure',
        message: 'Invalid provider passed',
      },
      class: 'bad_request',
    },
  ],
  litellm: [
    {
      status: 400,
      body: {
        error: {
          message: 'ExceededBudget: User=alice over budget. Spend=10.2, Budget=10.0',
          type: 'budget_exceeded',
          param: null,
          code: '400',
        },
      },
      class: 'insufficient_balance',
    },
    {
      status: 401,
      body: {
        error: {
          message: 'Authentication Error, ExceededBudget: User=alice over budget. Spend=10.2, Budget=10.0',
          type: 'auth_error',
          param: null,
          code: '401',
        },
      },
      class: 'insufficient_balance',
    },
    {
      status: 429,
      body: {
        error: {
          message: 'Budget has been exceeded! Current cost: 5.02, Max budget: 5.0',
          type: 'budget_exceeded',
          param: null,
          code: '429',
        },
      },
      class: 'key_quota',
    },
    {
      status: 400,
      body: {
        error: {
          message: 'Budget has been exceeded! Current cost: 5.02, Max budget: 5.0',
          type: 'budget_exceeded',
          param: null,
          code: '400',
        },
      },
      class: 'key_quota',
    },
    {
      status: 400,
      body: {
        error: {
          message:
            'Invalid model name passed in model=gpt-none. Call `/v1/models` to view available models for your key.',
          type: null,
          param: null,
          code: '400',
        },
      },
      class: 'model_not_found',
    },
    {
      status: 404,
      body: {
        detail: 'Not Found',
      },
      class: 'not_openai_shape',
    },
  ],
  'new-api': [
    {
      status: 403,
      body: {
        error: {
          message: 'User quota is not enough (request id: 2026010112000012345678AbCdEfGh)',
          type: 'new_api_error',
          code: 'insufficient_user_quota',
        },
      },
      class: 'insufficient_balance',
    },
    {
      status: 401,
      body: {
        error: {
          message: 'Invalid token (request id: 2026010112000012345678AbCdEfGh)',
          type: 'new_api_error',
          code: '',
        },
      },
      class: 'invalid_key',
    },
    {
      status: 401,
      body: {
        error: {
          message: '该令牌额度已用尽 (request id: 2026010112000012345678AbCdEfGh)',
          type: 'new_api_error',
          code: '',
        },
      },
      class: 'key_quota',
    },
    {
      status: 403,
      body: {
        error: {
          message:
            'token quota is not enough, token remain quota: ＄0.000000 (request id: 2026010112000012345678AbCdEfGh)',
          type: 'new_api_error',
          code: 'pre_consume_token_quota_failed',
        },
      },
      class: 'key_quota',
    },
    {
      status: 503,
      body: {
        error: {
          message:
            'No available channel for model gpt-none under group default (distributor) (request id: 2026010112000012345678AbCdEfGh)',
          type: 'new_api_error',
          code: 'model_not_found',
        },
      },
      class: 'model_not_found',
    },
    {
      status: 503,
      body: {
        error: {
          message:
            '分组 default 下模型 gpt-none 无可用渠道（distributor） (request id: 2026010112000012345678AbCdEfGh)',
          type: 'new_api_error',
          code: 'model_not_found',
        },
      },
      class: 'model_not_found',
    },
    {
      status: 429,
      body: {
        error: {
          message: '当前分组上游负载已饱和，请稍后再试 (request id: 2026010112000012345678AbCdEfGh)',
          type: 'new_api_error',
          code: '',
        },
      },
      class: 'overloaded',
    },
  ],
  'one-api': [
    {
      status: 401,
      body: {
        error: {
          message: '该令牌已过期 (request id: 2026010112000012345678901234567)',
          type: 'one_api_error',
        },
      },
      class: 'disabled_key',
    },
    {
      status: 401,
      body: {
        error: {
          message: '该令牌额度已用尽 (request id: 2026010112000012345678901234567)',
          type: 'one_api_error',
        },
      },
      class: 'key_quota',
    },
    {
      status: 403,
      body: {
        error: {
          message: '令牌额度不足',
          type: 'one_api_error',
          param: '',
          code: 'pre_consume_token_quota_failed',
        },
      },
      class: 'key_quota',
    },
    {
      status: 403,
      body: {
        error: {
          message: '该令牌无权使用模型：gpt-none (request id: 2026010112000012345678901234567)',
          type: 'one_api_error',
        },
      },
      class: 'model_not_found',
    },
    {
      status: 503,
      body: {
        error: {
          message:
            '当前分组 default 下对于模型 gpt-none 无可用渠道 (request id: 2026010112000012345678901234567)',
          type: 'one_api_error',
        },
      },
      class: 'model_not_found',
    },
  ],
  sub2api: [
    {
      status: 401,
      body: {
        code: 'USER_INACTIVE',
        message: 'User account is not active',
      },
      class: 'disabled_key',
    },
    {
      status: 429,
      body: {
        code: 'USAGE_LIMIT_EXCEEDED',
        message: 'daily usage limit exceeded',
      },
      class: 'key_quota',
    },
  ],
};
