/**
 * How platforms word their refusals: the status, the error as they send it, and where it was read ("code search": in
 * public code that handles it). The messages are facts of their APIs; account numbers and keys in them are made up.
 */
import type { ErrorClass } from '../../src/gateway/refusal.ts';

export interface Wording {
  readonly class: ErrorClass;
  readonly platform: string;
  /** Where the wording was read. */
  readonly source: string;
  readonly status: number;
  readonly body: unknown;
}

/** The fields of an OpenAI error object. */
interface ErrorObject {
  readonly message: string;
  readonly type?: string | null;
  readonly code?: string | number | null;
}

const nested = (error: ErrorObject): unknown => ({ error });

type Row = readonly [status: number, body: ErrorObject | { readonly body: unknown }, source: string];

const rows = (platform: string, refusals: Partial<Record<ErrorClass, readonly Row[]>>): Wording[] =>
  Object.entries(refusals).flatMap(([refusalClass, list]) =>
    list.map(([status, error, source]) => ({
      class: refusalClass as ErrorClass,
      platform,
      source,
      status,
      body: 'body' in error ? error.body : nested(error),
    })),
  );

export const WORDINGS: readonly Wording[] = [
  ...rows('OpenAI', {
    insufficient_balance: [
      [
        429,
        {
          message: 'You exceeded your current quota, please check your plan and billing details.',
          type: 'insufficient_quota',
          code: 'insufficient_quota',
        },
        'platform docs: error codes',
      ],
      [
        429,
        { message: 'Your organization has no prepaid credits remaining.', code: 'credit_balance_exhausted' },
        'platform docs: error codes',
      ],
      [
        429,
        { message: 'Project spend limit reached', code: 'project_spend_limit_exceeded' },
        'platform docs: error codes',
      ],
      [
        400,
        {
          message: 'Billing hard limit has been reached',
          type: 'invalid_request_error',
          code: 'billing_hard_limit_reached',
        },
        'platform docs: error codes',
      ],
      [
        429,
        {
          message: 'Your account is not active, please check your billing details on our website.',
          type: 'billing_not_active',
          code: 'billing_not_active',
        },
        'github: binary-husky/gpt_academic, request_llms',
      ],
    ],
    disabled_key: [
      [
        401,
        {
          message:
            'This key is associated with a deactivated account. If you feel this is an error, contact us through our help center at help.openai.com.',
          type: 'invalid_request_error',
        },
        'github: binary-husky/gpt_academic, request_llms',
      ],
      [
        401,
        { message: 'This API key has been deactivated.', type: 'invalid_request_error' },
        'github: binary-husky/gpt_academic, request_llms',
      ],
      [
        401,
        {
          message:
            'Your access was terminated due to violation of our policies, please check your email for more information.',
          type: 'access_terminated',
          code: null,
        },
        'github: songquanpeng/one-api, monitor/manage.go',
      ],
      [
        401,
        {
          message: 'The OpenAI account associated with this API key has been deactivated.',
          code: 'account_deactivated',
        },
        'platform docs: error codes',
      ],
    ],
  }),
  ...rows('Azure OpenAI', {
    invalid_key: [
      [
        401,
        {
          message:
            'Access denied due to invalid subscription key or wrong API endpoint. Make sure to provide a valid key for an active subscription and use a correct regional API endpoint for your resource.',
          code: '401',
        },
        'github: SciSharp/BotSharp#386',
      ],
    ],
    rate_limited: [
      [
        429,
        {
          message:
            'Requests to the ChatCompletions_Create Operation under Azure OpenAI API version 2024-06-01 have exceeded token rate limit of your current OpenAI S0 pricing tier. Please retry after 20 seconds. Please go here: https://aka.ms/oai/quotaincrease if you would like to further increase the default rate limit.',
          code: '429',
        },
        'platform docs: quota management',
      ],
    ],
  }),
  ...rows('Anthropic', {
    insufficient_balance: [
      [
        400,
        {
          body: {
            type: 'error',
            error: {
              type: 'invalid_request_error',
              message:
                'Your credit balance is too low to access the Anthropic API. Please go to Plans & Billing to upgrade or purchase credits.',
            },
          },
        },
        'github: anthropics/claude-code#66314',
      ],
    ],
    disabled_key: [
      [
        400,
        {
          body: {
            type: 'error',
            error: { type: 'invalid_request_error', message: 'This organization has been disabled.' },
          },
        },
        'github: anthropics/claude-code#9384',
      ],
      [
        401,
        {
          body: {
            type: 'error',
            error: {
              type: 'authentication_error',
              message: 'OAuth token has expired. Please obtain a new token or refresh your existing token.',
            },
          },
        },
        'github: anthropics/claude-code',
      ],
    ],
    key_quota: [
      [
        400,
        {
          body: {
            type: 'error',
            error: {
              type: 'invalid_request_error',
              message:
                'You have reached your specified API usage limits. You will regain access on 2026-07-01 at 00:00 UTC.',
            },
          },
        },
        'platform docs: rate limits',
      ],
    ],
  }),
  ...rows('Gemini', {
    disabled_key: [
      [
        403,
        {
          body: [
            {
              error: {
                code: 403,
                message: "Permission denied: Consumer 'api_key:AIzaExample' has been suspended.",
                status: 'PERMISSION_DENIED',
              },
            },
          ],
        },
        'github: google/generative-ai-docs#356',
      ],
      [
        400,
        {
          body: [
            {
              error: {
                code: 400,
                message: 'API key expired. Please renew the API key.',
                status: 'INVALID_ARGUMENT',
              },
            },
          ],
        },
        'github: google-gemini/gemini-cli#4430',
      ],
    ],
    insufficient_balance: [
      [
        429,
        {
          body: {
            error: {
              code: 429,
              message: 'Your prepayment credits are depleted.',
              status: 'RESOURCE_EXHAUSTED',
            },
          },
        },
        'github: code search, service-status.test.ts',
      ],
    ],
    rate_limited: [
      [
        429,
        {
          body: {
            error: {
              code: 429,
              message:
                'You exceeded your current quota, please check your plan and billing details.\n* Quota exceeded for metric: generate_content_free_tier_requests, limit: 10\nPlease retry in 27.5s.',
              status: 'RESOURCE_EXHAUSTED',
            },
          },
        },
        'platform docs: rate limits',
      ],
    ],
  }),
  ...rows('xAI', {
    insufficient_balance: [
      [
        429,
        {
          body: {
            code: 'Some resource has been exhausted',
            error:
              'Your team 16f2151a has either used all available credits or reached its monthly spending limit. To continue making API requests, please purchase more credits or raise your spending limit.',
          },
        },
        'github: continuedev/continue#10373',
      ],
      [
        403,
        {
          body: {
            code: 'The caller does not have permission to execute the specified operation',
            error:
              'Your team 16f2151a has either used all available credits or reached its monthly spending limit. To continue making API requests, please purchase more credits or raise your spending limit.',
          },
        },
        'github: warpdotdev/warp#14863',
      ],
      [
        403,
        {
          body: {
            code: 'The caller does not have permission to execute the specified operation',
            error:
              "Your newly created team doesn't have any credits yet. You can purchase those on https://console.x.ai/team/16f2151a.",
          },
        },
        'github: issues that quote api.x.ai',
      ],
    ],
    invalid_key: [
      [
        400,
        {
          body: {
            code: 'Client specified an invalid argument',
            error:
              'Incorrect API key provided: xa***AA. You can obtain an API key from https://console.x.ai.',
          },
        },
        'platform docs: errors',
      ],
    ],
  }),
  ...rows('Groq', {
    disabled_key: [
      [
        400,
        {
          message:
            'Organization has been restricted. Please reach out to support if you believe this was in error.',
          type: 'invalid_request_error',
          code: 'organization_restricted',
        },
        'github: songquanpeng/one-api#1764',
      ],
    ],
    insufficient_balance: [
      [
        400,
        {
          message: 'API access is blocked because the organization reached its spend limit.',
          type: 'invalid_request_error',
          code: 'blocked_api_access',
        },
        'platform docs: spend limits',
      ],
    ],
    rate_limited: [
      [
        429,
        {
          message:
            'Rate limit reached for model `llama-3.3-70b` in organization `org_01` service tier `on_demand` on tokens per day (TPD): Limit 100000, Used 99900, Requested 500. Please try again in 5m45s. Need more tokens? Upgrade to Dev Tier today at https://console.groq.com/settings/billing',
          type: 'tokens',
          code: 'rate_limit_exceeded',
        },
        'platform docs: rate limits',
      ],
    ],
  }),
  ...rows('Together', {
    insufficient_balance: [
      [
        402,
        {
          message:
            'Credit limit exceeded. Please navigate to https://api.together.xyz/settings/billing to add credit or upgrade your plan.',
          type: 'credit_limit',
        },
        'github: expectedparrot/edsl#2098',
      ],
    ],
    rate_limited: [
      [
        429,
        {
          message:
            'You have been rate limited. Your rate limit is 60 queries per minute. Please navigate to https://api.together.xyz/settings/billing to upgrade to a paid plan.',
          type: 'credit_limit',
        },
        'github: togethercomputer/MoA#27',
      ],
    ],
  }),
  ...rows('Fireworks', {
    insufficient_balance: [
      [
        412,
        {
          message:
            'Account acme is suspended, possibly due to reaching the monthly spending limit or failure to pay past invoices. Please go to https://fireworks.ai/account/billing for more information.',
          code: 'PRECONDITION_FAILED',
          type: 'error',
        },
        'github: pollinations/pollinations#12136',
      ],
    ],
  }),
  ...rows('Mistral', {
    rate_limited: [
      [
        429,
        {
          body: {
            object: 'error',
            message: 'Rate limit exceeded',
            type: 'rate_limited',
            param: null,
            code: '1300',
            raw_status_code: 429,
          },
        },
        'github: raycast/extensions#31107',
      ],
    ],
    invalid_key: [[401, { body: { detail: 'Unauthorized' } }, 'github: diegosouzapw/OmniRoute#7638']],
  }),
  ...rows('Cohere', {
    key_quota: [
      [
        429,
        {
          body: {
            message:
              'You are using a Trial key, which is limited to 1000 API calls / month. You can continue to use the Trial key for free or upgrade to a Production key with higher rate limits.',
          },
        },
        'platform docs: errors',
      ],
    ],
    rate_limited: [
      [
        429,
        {
          body: {
            message:
              'You are using a Trial key, which is limited to 20 API calls / minute. You can continue to use the Trial key for free or upgrade to a Production key with higher rate limits.',
          },
        },
        'platform docs: errors',
      ],
    ],
    insufficient_balance: [
      [
        402,
        {
          body: {
            message:
              'Please add or update your payment method at https://dashboard.cohere.com/billing to continue.',
          },
        },
        'platform docs: errors',
      ],
    ],
    invalid_key: [[401, { body: { message: 'invalid api token' } }, 'platform docs: errors']],
  }),
  ...rows('Perplexity', {
    insufficient_balance: [
      [
        401,
        {
          message: 'You exceeded your current quota, please check your plan and billing details.',
          type: 'insufficient_quota',
          code: 401,
        },
        'github: issues that quote api.perplexity.ai',
      ],
    ],
  }),
  ...rows('DeepSeek', {
    insufficient_balance: [
      [
        402,
        { message: 'Insufficient Balance', type: 'unknown_error', code: 'invalid_request_error' },
        'github: danilofalcao/jarvis#62',
      ],
    ],
    invalid_key: [
      [
        401,
        {
          message: 'Authentication Fails, Your api key: ****abcd is invalid',
          type: 'authentication_error',
          code: 'invalid_request_error',
        },
        'platform docs: error codes',
      ],
    ],
  }),
  ...rows('Moonshot', {
    insufficient_balance: [
      [
        429,
        {
          message:
            'Your account org-446a <ak-f817> is suspended due to insufficient balance, please recharge your account or check your plan and billing details',
          type: 'exceeded_current_quota_error',
        },
        'github: anomalyco/opencode#24462',
      ],
      [
        429,
        {
          message: 'Your account org-446a <ak-f817> is suspended, please check your plan and billing details',
          type: 'exceeded_current_quota_error',
        },
        'platform docs: errors',
      ],
      [
        403,
        {
          message: 'You exceeded your current token quota: 0, please check your account balance',
          type: 'exceeded_current_quota_error',
        },
        'platform docs: errors',
      ],
    ],
    overloaded: [
      [
        429,
        {
          message: 'The engine is currently overloaded, please try again later',
          type: 'engine_overloaded_error',
        },
        'platform docs: errors',
      ],
    ],
  }),
  ...rows('BigModel', {
    insufficient_balance: [
      [429, { message: '您的账户已欠费，请充值后重试。', code: '1113' }, 'github: langgenius/dify#5850'],
      [
        429,
        { message: 'Insufficient balance or no resource package. Please recharge.', code: '1113' },
        'github: zai-org/feedback#789',
      ],
      [429, { message: '余额不足或无可用资源包,请充值。', code: '1113' }, 'platform docs: error codes'],
      [
        429,
        { message: '您的GLM Coding Plan套餐已到期，暂无法使用，可前往官网续费', code: '1309' },
        'platform docs: error codes',
      ],
    ],
    disabled_key: [
      [401, { message: 'Authentication Token已过期', code: '1003' }, 'platform docs: error codes'],
      [
        429,
        { message: '您的账户当前处于非活动状态。请检查账户信息', code: '1110' },
        'platform docs: error codes',
      ],
      [429, { message: '您的账户已被锁定，请联系客服解锁', code: '1112' }, 'platform docs: error codes'],
      [
        429,
        { message: '账户存在违规行为，账号已被锁定，请联系平台客服', code: '1121' },
        'platform docs: error codes',
      ],
    ],
    rate_limited: [
      [
        429,
        { message: '您当前使用该API的并发数过高，请降低并发，或联系客服增加限额', code: '1302' },
        'platform docs: error codes',
      ],
    ],
  }),
  ...rows('DashScope', {
    insufficient_balance: [
      [
        400,
        {
          message: 'Access denied, please make sure your account is in good standing.',
          type: 'Arrearage',
          code: 'Arrearage',
        },
        'github: hsliuping/TradingAgents-CN#170',
      ],
      [
        403,
        {
          message:
            'The free tier of the model has been exhausted. If you wish to continue access the model on a paid basis, please disable the "use free tier only" mode in the management console.',
          code: 'AllocationQuota.FreeTierOnly',
        },
        'platform docs: error messages',
      ],
      [
        429,
        { message: 'Free allocated quota exceeded.', code: 'Throttling.AllocationQuota' },
        'platform docs: error messages',
      ],
      [
        429,
        { message: 'The postpaid bill is overdue.', code: 'PostpaidBillOverdue' },
        'platform docs: error messages',
      ],
      [
        429,
        { message: 'The prepaid bill is overdue.', code: 'PrepaidBillOverdue' },
        'platform docs: error messages',
      ],
    ],
    rate_limited: [
      [
        429,
        {
          message: 'Allocated quota exceeded, please increase your quota limit.',
          type: 'insufficient_quota',
          code: 'insufficient_quota',
        },
        'platform docs: error messages',
      ],
    ],
    model_not_found: [
      [
        403,
        {
          message: 'Access to model denied. Please make sure you are eligible for using the model.',
          code: 'AccessDenied.Unpurchased',
        },
        'platform docs: error messages',
      ],
    ],
  }),
  ...rows('SiliconFlow', {
    insufficient_balance: [
      [
        403,
        { body: { code: 30001, message: 'Sorry, your account balance is insufficient', data: null } },
        'platform docs: error handling',
      ],
      [
        403,
        {
          body: {
            code: 30011,
            message:
              'The selected model requires paid balance. Your paid balance is insufficient. Please top up and try again.',
            data: null,
          },
        },
        'github: FoundationAgents/OpenManus#438',
      ],
    ],
    model_not_found: [
      [
        403,
        { body: { code: 30003, message: 'Model disabled.', data: null } },
        'platform docs: error handling',
      ],
    ],
    rate_limited: [
      [
        429,
        {
          body: {
            code: 50603,
            message: 'Request was rejected due to rate limiting. Details: TPM limit reached.',
            data: null,
          },
        },
        'platform docs: error handling',
      ],
    ],
  }),
  ...rows('Volcengine Ark', {
    insufficient_balance: [
      [
        403,
        {
          message:
            'The request failed because your account has an overdue balance. Request id: 0217580791812808',
          type: 'Forbidden',
          code: 'AccountOverdueError',
        },
        'github: coze-dev/coze-studio#2195',
      ],
      [
        403,
        {
          message:
            'Your bill is overdue, and the operation is not supported. Please recharge in the Volcano Engine Fee Center.',
          code: 'OperationDenied.ServiceOverdue',
        },
        'platform docs: error codes',
      ],
      [
        429,
        {
          message:
            'Your account 2100 has exhausted its free trial quota for the doubao-pro model. Please activate the model service in the Ark Console.',
          code: 'QuotaExceeded',
        },
        'platform docs: error codes',
      ],
    ],
    key_quota: [
      [
        429,
        {
          message:
            'Your account [2100] has reached the set inference limit for the [doubao-pro] model, and the model service has been paused.',
          type: 'TooManyRequests',
          code: 'SetLimitExceeded',
        },
        'platform docs: error codes',
      ],
    ],
  }),
  ...rows('Volcengine Ark', {
    model_not_found: [
      [
        404,
        {
          message:
            'Your account 2100 has not activated the model doubao-pro. Please activate the model service in the Ark Console.',
          type: 'NotFound',
          code: 'ModelNotOpen',
        },
        'platform docs: error codes',
      ],
    ],
  }),
  ...rows('MiniMax', {
    insufficient_balance: [
      [
        200,
        { body: { base_resp: { status_code: 1008, status_msg: 'insufficient balance' } } },
        'platform docs: error codes',
      ],
    ],
  }),
  ...rows('Tencent Hunyuan', {
    insufficient_balance: [
      [
        400,
        { message: '账号已欠费，请充值后使用', code: 'ResourceUnavailable.InArrears' },
        'platform docs: error codes',
      ],
      [
        400,
        { message: '资源包余量已用尽', code: 'FailedOperation.ResourcePackExhausted' },
        'platform docs: error codes',
      ],
    ],
  }),
  ...rows('OpenRouter', {
    insufficient_balance: [
      [
        402,
        {
          message:
            'Insufficient credits. This account never purchased credits. Make sure your key is on the correct account or org, and if so, purchase more at https://openrouter.ai/settings/credits',
          code: 402,
        },
        'github: Gitlawb/openclaude#43',
      ],
      [
        402,
        {
          message:
            'This request requires more credits, or fewer max_tokens. You requested up to 65536 tokens, but can only afford 3395. To increase, visit https://openrouter.ai/settings/credits and upgrade to a paid account',
          code: 402,
        },
        'github: QwenLM/qwen-code#73',
      ],
    ],
    key_quota: [
      [
        403,
        { message: 'Key limit exceeded. Manage it using https://openrouter.ai/keys', code: 403 },
        'github: RooCodeInc/Roo-Code#515',
      ],
    ],
    rate_limited: [
      [
        429,
        {
          message:
            'Rate limit exceeded: free-models-per-day. Add 10 credits to unlock 1000 free model requests per day',
          code: 429,
        },
        'github: cline/cline#5301',
      ],
    ],
  }),
  ...rows('LiteLLM', {
    disabled_key: [
      [
        401,
        {
          message:
            'Authentication Error - Expired Key. Key Expiry time 2026-01-01 00:00:00+00:00 and current time 2026-02-01 00:00:00+00:00',
          type: 'expired_key',
          code: '401',
        },
        'github: BerriAI/litellm, user_api_key_auth.py',
      ],
      [
        401,
        {
          message: 'Authentication Error, Key is blocked. Update via `/key/unblock` if you are an admin.',
          type: 'auth_error',
          code: '401',
        },
        'github: BerriAI/litellm, user_api_key_auth.py',
      ],
      [
        401,
        {
          message:
            'Authentication Error, Team=research is blocked. Update via `/team/unblock` if your admin.',
          type: 'auth_error',
          code: '401',
        },
        'github: BerriAI/litellm, auth_checks.py',
      ],
    ],
    key_quota: [
      [
        400,
        {
          message:
            'Authentication Error, ExceededTokenBudget: Current spend for token: 7.2e-05; Max Budget for Token: 2e-07',
          type: 'auth_error',
          code: '400',
        },
        'platform docs: budgets',
      ],
      [
        422,
        {
          message: 'Budget has been exceeded! Current cost: 0.5, Max budget: 0.1',
          type: 'budget_exceeded',
          code: '422',
        },
        'run: litellm 1.108.7',
      ],
    ],
    insufficient_balance: [
      [
        429,
        {
          message: 'Budget has been exceeded! Team=research Current cost: 50.1, Max budget: 50.0',
          type: 'budget_exceeded',
          code: '429',
        },
        'github: BerriAI/litellm, auth_checks.py',
      ],
    ],
    model_not_found: [
      [
        400,
        {
          message:
            'litellm.BadRequestError: You passed in model=gpt-4o-mani. There are no healthy deployments for this model. Received Model Group=gpt-4o-mani',
          code: '400',
        },
        'run: litellm 1.108.7',
      ],
    ],
    upstream_error: [
      [
        401,
        {
          message:
            'litellm.AuthenticationError: AuthenticationError: OpenAIException - Incorrect API key provided: sk-up***. Received Model Group=gpt-4o-mini',
          type: null,
          code: '401',
        },
        'run: litellm 1.108.7',
      ],
      [
        401,
        {
          message:
            'litellm.AuthenticationError: AuthenticationError: AnthropicException - {"type":"error","error":{"type":"authentication_error","message":"invalid x-api-key"}}',
          code: '401',
        },
        'github: BerriAI/litellm issues',
      ],
    ],
  }),
  ...rows('Portkey', {
    key_quota: [
      [
        412,
        {
          body: {
            status: 'failure',
            message: 'Portkey Error: Usage limits exceeded for the API key. Error Code: 08',
          },
        },
        'after the platform docs on budget limits, not its exact words',
      ],
    ],
    disabled_key: [
      [
        401,
        {
          body: { status: 'failure', message: 'Portkey Error: The virtual key has expired. Error Code: 07' },
        },
        'after the platform docs on budget limits, not its exact words',
      ],
    ],
    invalid_key: [
      [
        401,
        { body: { status: 'failure', message: 'Portkey Error: Invalid API Key. Error Code: 03' } },
        'platform docs: errors',
      ],
    ],
  }),
  ...rows('New API', {
    insufficient_balance: [
      [
        403,
        {
          message: '用户额度不足, 剩余额度: ＄0.000000 (request id: 2026010112000012345678AbCdEfGh)',
          type: 'new_api_error',
          code: 'insufficient_user_quota',
        },
        'github: QuantumNous/new-api, service/quota.go',
      ],
      [
        403,
        {
          message: '预扣费额度失败, 用户剩余额度: ＄0.01, 需要预扣费额度: ＄0.05',
          type: 'new_api_error',
          code: 'insufficient_user_quota',
        },
        'github: QuantumNous/new-api, service/pre_consume_quota.go',
      ],
    ],
    disabled_key: [
      [
        403,
        { message: '用户已被封禁', type: 'new_api_error', code: '' },
        'github: QuantumNous/new-api, middleware/auth.go',
      ],
      [
        401,
        { message: '该令牌已过期', type: 'new_api_error', code: '' },
        'github: QuantumNous/new-api, model/token.go',
      ],
    ],
    key_quota: [
      [
        401,
        { message: '该令牌额度已用尽 TokenStatusExhausted[sk-abc***xyz]', type: 'new_api_error', code: '' },
        'github: QuantumNous/new-api, model/token.go',
      ],
    ],
  }),
  ...rows('one-api', {
    disabled_key: [
      [
        401,
        { message: '该令牌状态不可用', type: 'one_api_error' },
        'github: songquanpeng/one-api, model/token.go',
      ],
    ],
    key_quota: [
      [
        401,
        { message: '该令牌额度已用尽', type: 'one_api_error' },
        'github: songquanpeng/one-api, model/token.go',
      ],
    ],
    insufficient_balance: [
      [
        403,
        { message: 'user quota is not enough', type: 'one_api_error', code: 'insufficient_user_quota' },
        'github: songquanpeng/one-api, relay/controller/helper.go',
      ],
    ],
  }),
  ...rows('sub2api', {
    insufficient_balance: [
      [
        403,
        { body: { code: 'INSUFFICIENT_BALANCE', message: 'Insufficient account balance' } },
        'github: Wei-Shaw/sub2api#890',
      ],
      [
        403,
        { body: { code: 'SUBSCRIPTION_EXPIRED', message: 'subscription has expired' } },
        'github: Wei-Shaw/sub2api, middleware',
      ],
    ],
    disabled_key: [
      [
        401,
        { body: { code: 'API_KEY_DISABLED', message: 'API key is disabled' } },
        'github: Wei-Shaw/sub2api, middleware',
      ],
      [
        401,
        { body: { code: 'USER_INACTIVE', message: 'User account is not active' } },
        'github: Wei-Shaw/sub2api, middleware',
      ],
    ],
  }),
  ...rows('Bifrost', {
    disabled_key: [
      [
        403,
        {
          body: {
            type: 'virtual_key_blocked',
            is_bifrost_error: false,
            status_code: 403,
            error: { message: 'Virtual key is inactive' },
          },
        },
        'github: code search, inactiveReply',
      ],
      [
        403,
        {
          body: {
            type: 'virtual_key_blocked',
            is_bifrost_error: false,
            status_code: 403,
            error: { message: 'Virtual key has expired' },
            extra_fields: { provider: 'openai' },
          },
        },
        'github: code search, resolveGatewayModel test',
      ],
      [
        403,
        {
          body: {
            type: 'access_blocked',
            is_bifrost_error: false,
            status_code: 403,
            error: { message: 'access is blocked' },
          },
        },
        'github: maximhq/bifrost, changelog',
      ],
    ],
    key_quota: [
      [
        402,
        {
          body: {
            type: 'budget_exceeded',
            is_bifrost_error: false,
            status_code: 402,
            error: { message: 'Budget exceeded: VK budget exceeded: 12.50 > 10.00 dollars' },
          },
        },
        'github: maximhq/bifrost, plugins/governance',
      ],
    ],
    invalid_key: [
      [
        401,
        {
          body: {
            type: 'access_not_found',
            status_code: 401,
            error: {
              message: 'access not found. The provided credential does not exist or has been revoked.',
            },
          },
        },
        'github: code search, GATEWAY_KEY_UNKNOWN',
      ],
    ],
  }),
  ...rows('Kong', {
    invalid_key: [
      [401, { body: { message: 'No API key found in request' } }, 'platform docs: key authentication'],
      [
        401,
        { body: { message: 'Unauthorized', request_id: '8f14e45fceea467a' } },
        'platform docs: key authentication',
      ],
    ],
  }),
  ...rows('Cloudflare AI Gateway', {
    insufficient_balance: [
      [
        429,
        {
          body: {
            success: false,
            errors: [
              {
                code: 4006,
                message:
                  'AiError: you have used up your daily free allocation of 10,000 neurons, please upgrade to Cloudflare’s Workers Paid plan if you would like to continue usage.',
              },
            ],
          },
        },
        'github: issues that quote Workers AI',
      ],
    ],
    invalid_key: [
      [
        401,
        {
          body: {
            success: false,
            result: [],
            messages: [],
            error: [{ code: 2009, message: 'Unauthorized' }],
          },
        },
        'platform docs: authenticated gateway',
      ],
    ],
  }),
  ...rows('Vercel AI Gateway', {
    insufficient_balance: [
      [
        402,
        {
          message:
            'Insufficient funds. Please add credits to your account to continue using AI services. Visit https://vercel.com/ai to top up your credits.',
          type: 'insufficient_funds',
        },
        'github: kuangquanshuisn/blink2api#1',
      ],
      [
        403,
        {
          message:
            'AI Gateway requires a valid credit card on file to service requests. Please visit https://vercel.com/ai to add a card and unlock your free credits.',
          type: 'customer_verification_required',
        },
        'platform docs: AI Gateway',
      ],
    ],
  }),
  ...rows('Venice', {
    insufficient_balance: [
      [
        402,
        {
          body: {
            error:
              'Insufficient USD or Diem balance to complete request. Visit https://venice.ai/settings/api to add credits.',
          },
        },
        'github: osaurus-ai/osaurus#2431',
      ],
    ],
  }),
  ...rows('MBT', {
    insufficient_balance: [
      [
        402,
        {
          body: {
            error: 'insufficient_balance',
            message: 'Insufficient MBT balance. Top up or upgrade your subscription to continue.',
            upgradeUrl: '/settings/billing',
          },
        },
        'github: code search, isBillingErrorMessage test',
      ],
    ],
  }),
  ...rows('Xiaomi MiMo', {
    insufficient_balance: [
      [402, { message: 'Insufficient account balance' }, 'github: diegosouzapw/OmniRoute#5239'],
    ],
  }),
];

/** Sentences of the same kinds that no platform is known to send: status, message, code. */
export const KINDS: Readonly<Partial<Record<ErrorClass, readonly (readonly [number, string, string?])[]>>> = {
  disabled_key: [
    [401, 'API key is disabled'],
    [401, 'This API key has been disabled by its owner.'],
    [403, 'Your API key was revoked on 2026-01-02.'],
    [401, 'The provided API key has expired.'],
    [401, 'Key expired at 2026-01-01T00:00:00Z'],
    [401, 'Token expired'],
    [403, 'Account suspended'],
    [403, 'Your account has been suspended for violating our terms.'],
    [403, 'We have temporarily suspended your account.'],
    [403, 'This virtual key is paused.'],
    [403, 'The key "prod-key" is currently paused by an administrator'],
    [403, 'Workspace access has been restricted. Contact support.'],
    [403, 'Your account is restricted from using the API'],
    [403, 'This key is no longer active'],
    [401, 'The API key you provided is inactive.'],
    [401, 'Inactive API key'],
    [401, 'Revoked API key'],
    [403, 'The project has been archived and can no longer be used'],
    [403, 'User is banned'],
    [403, 'User account is locked'],
    [401, 'API key sk-abc1...xyz9 has been deleted.'],
    [401, 'error', 'api_key_disabled'],
    [401, 'error', 'KeyRevoked'],
    [403, 'error', 'AccountSuspended'],
    [403, 'error', 'key_paused'],
    [403, 'error', 'org_restricted'],
    [403, 'error', 'account_frozen'],
    [401, 'error', 'expired_api_key'],
    [403, 'Subscription key is disabled'],
    [403, 'Consumer is blocked'],
    [403, 'Your organization has been deactivated'],
    [403, 'Access for this key has been revoked by the administrator'],
    [403, 'API access for your account has been suspended pending review'],
    [401, '密钥已被禁用'],
    [401, 'API Key 已失效，请更换'],
    [403, '账号已被封禁，请联系管理员'],
    [403, '您的账户已被冻结'],
    [403, '账户被暂停使用'],
    [403, '该用户已被停用'],
    [401, '令牌已被吊销'],
    [401, '密钥已过期'],
    [403, '账号异常，已被限制使用'],
    [403, '当前账号受限'],
    [403, '令牌已暂停'],
    [403, 'Your API key has been suspended. Please contact support.'],
    [401, 'The access token expired'],
    [401, 'Access token has expired, please log in again'],
    [403, 'Organization suspended'],
    [403, 'Your team has been paused by the billing administrator'],
    [403, 'Account deactivated. Contact sales to reactivate.'],
    [403, 'This token has been blocked due to suspicious activity'],
    [403, 'Your account has been flagged and is temporarily suspended'],
    [403, 'Your account is temporarily locked'],
    [403, 'The service account linked to this key is disabled.'],
    [403, 'Key has been revoked'],
    [403, 'key is not active'],
    [403, 'api key: status=disabled'],
    [403, 'Tenant is suspended'],
    [403, 'The subscription key has been cancelled'],
    [403, 'The owner disabled this key'],
    [403, 'Administrator has revoked your access'],
    [401, 'Unauthorized: the API key is expired or revoked'],
    [401, 'API key disabled'],
    [403, '访问令牌已被禁用'],
    [401, 'Key已过期'],
    [401, 'API密钥已停用'],
    [403, '帐户已停用'],
    [403, '您的账号已被暂停服务'],
    [403, '账号被冻结'],
    [403, '该密钥处于暂停状态'],
    [403, '组织已被限制访问'],
    [403, '用户被禁用'],
    [401, '无效令牌：令牌已失效'],
    [403, '账户已注销'],
  ],
  insufficient_balance: [
    [403, '账户余额不足'],
    [402, 'Your wallet is empty'],
    [403, 'Your account has run out of credits'],
    [403, 'You have no credits left. Please purchase more.'],
    [403, 'Account balance is below zero'],
    [403, 'Not enough credits'],
    [403, 'You do not have enough credits to complete this request'],
    [403, 'Your account is past due. Update your payment method.'],
    [403, 'Your account has unpaid invoices'],
    [403, 'Outstanding invoice: service is suspended until it is paid'],
    [403, 'Payment overdue'],
    [429, 'Monthly spending limit reached'],
    [429, 'You have exceeded your monthly spend limit.'],
    [429, 'Monthly budget exceeded for this organization'],
    [403, 'Your prepaid balance has been used up'],
    [403, 'Insufficient quota'],
    [403, '账单逾期未支付，服务已停止'],
    [403, '账户欠费停机'],
    [403, '余额已耗尽'],
    [403, '已达到本月消费上限'],
    [403, '您的资源包已用完'],
    [403, '账户可用余额为0'],
    [403, '余额不够，请先充值'],
    [403, 'error', 'INSUFFICIENT_CREDITS'],
    [403, 'error', 'balance_insufficient'],
    [403, 'error', 'account_in_arrears'],
    [429, 'error', 'spending_limit_reached'],
    [429, 'error', 'quota_exhausted'],
    [402, 'error'],
    [403, 'Balance insufficient, please recharge.'],
    [403, 'Insufficient credit'],
    [403, 'No remaining credits'],
    [403, 'You are out of credits'],
    [403, 'Credits exhausted'],
    [429, 'Your free credits have been used up'],
    [403, 'Your trial credits have expired'],
    [403, 'Your free trial has ended'],
    [403, 'Account is overdue'],
    [403, 'Your account is in arrears'],
    [403, 'The account has an overdue payment'],
    [403, 'Your subscription has expired, renew it to continue'],
    [403, 'Usage is blocked: billing limit reached'],
    [429, 'Organization has reached its spending cap for this month'],
    [429, 'You hit your hard limit of $100'],
    [403, 'Cost limit exceeded for your organization'],
    [403, '用户余额不足'],
    [403, '额度不足，请充值'],
    [403, '账户已欠费停服'],
    [403, '免费额度已用完'],
    [403, '您的账单已逾期'],
    [403, '余额为负，请及时充值'],
    [403, '剩余额度不足'],
    [403, '本月预算已用尽'],
    [403, '账户消费已达上限'],
  ],
  key_quota: [
    [429, 'This API key has exceeded its monthly quota'],
    [403, 'The quota of this key is used up'],
    [403, 'Key quota exhausted'],
    [403, 'API key credit limit exceeded'],
    [429, 'Spending limit for this key reached'],
    [429, 'Budget for virtual key "ci" has been exhausted'],
    [429, 'You have used all of the budget assigned to this API key'],
    [403, 'API key usage limit reached'],
    [403, '密钥额度已用完'],
    [403, '该 API Key 的配额已耗尽'],
    [403, '令牌已达到消费上限'],
    [403, 'error', 'key_quota_exceeded'],
    [403, 'error', 'api_key_budget_exceeded'],
    [403, 'error', 'token_quota_exceeded'],
    [403, "The key's spending limit has been reached"],
    [429, 'This key is over its budget'],
    [429, 'API key has reached its daily limit'],
    [403, 'key quota has run out'],
    [403, 'The monthly limit set for this API key was exceeded'],
    [403, 'Virtual key budget exceeded'],
    [403, 'Insufficient quota on this API key'],
    [403, '密钥消费额度已达上限'],
    [403, '令牌配额不足'],
    [403, '该密钥的预算已用尽'],
    [403, 'API Key 额度超限'],
  ],
  invalid_key: [
    [401, 'error'],
    [401, 'Invalid API key'],
  ],
};

/** Sentences with the words of those refusals that are none: status, message, code, and what they are. */
export const HARMLESS: readonly (readonly [ErrorClass, number, ErrorObject & { readonly param?: string }])[] =
  [
    [
      'rate_limited',
      429,
      {
        message:
          'Rate limit reached for gpt-4o in organization org-abc on tokens per min (TPM): Limit 30000, Used 29000, Requested 2000. Please try again in 2s. Visit https://platform.openai.com/account/rate-limits to learn more.',
        type: 'tokens',
        code: 'rate_limit_exceeded',
      },
    ],
    ['rate_limited', 429, { message: 'Too many requests for this API key.' }],
    ['rate_limited', 429, { message: 'TPM limit exceeded for API key: 12000 of 10000 tokens per minute' }],
    ['rate_limited', 429, { message: '该令牌每分钟额度已超限，请稍后再试' }],
    ['model_not_found', 404, { message: 'The model `account-suspended-7b` does not exist' }],
    [
      'model_not_found',
      404,
      {
        message: 'The model `disabled-key-detector` does not exist or you do not have access to it.',
        code: 'model_not_found',
      },
    ],
    [
      'model_not_found',
      403,
      { message: 'Project `proj_1` does not have access to model `gpt-4o`', code: 'model_not_found' },
    ],
    [
      'model_not_found',
      404,
      {
        message: 'The model `text-davinci-003` has been deprecated, learn more here',
        code: 'model_not_found',
      },
    ],
    [
      'context_length',
      400,
      {
        message:
          "This model's maximum context length is 8192 tokens. However, your messages exceeded the limit: the balance is 400 tokens.",
        code: 'context_length_exceeded',
      },
    ],
    [
      'bad_request',
      400,
      {
        message: 'The value of the enable_thinking parameter is restricted to True.',
        code: 'InvalidParameter',
      },
    ],
    ['bad_request', 400, { message: 'Streaming is disabled for this endpoint.' }],
    ['bad_request', 400, { message: 'For model gpt-5-mini the parameter max_tokens is not supported.' }],
    ['bad_request', 400, { message: "The 'user' parameter is restricted to 64 characters." }],
    ['bad_request', 400, { message: 'Function calling is disabled for this account tier.' }],
    ['bad_request', 400, { message: 'Unexpected token \'e\', "expired" is not valid JSON' }],
    ['bad_request', 400, { message: 'Stop token count is limited to 4.' }],
    [
      'bad_request',
      400,
      {
        message: 'Invalid value: "my API key has been revoked, what do I do?"',
        param: 'messages[0].content',
      },
    ],
    [
      'bad_request',
      400,
      { message: "Invalid type for 'messages[0].content': got 'my account is suspended'", param: 'messages' },
    ],
    [
      'bad_request',
      400,
      { message: 'Input should be a valid number, got "insufficient balance on my account"' },
    ],
    ['bad_request', 400, { message: 'max_tokens is too large: the limit of completion tokens was exceeded' }],
    ['bad_request', 400, { message: 'The user cancelled the request.' }],
    ['bad_request', 400, { message: '用户输入内容已被限制为 2000 字' }],
    ['bad_request', 400, { message: '参数 max_tokens 超过限制' }],
    ['content_filter', 400, { message: "The user's message has been blocked by our content policy" }],
    [
      'content_filter',
      400,
      {
        message: 'The response was filtered due to the prompt triggering the content management policy.',
        code: 'content_filter',
      },
    ],
    ['overloaded', 503, { message: 'Service temporarily unavailable' }],
    ['upstream_error', 500, { message: 'The project file has been deleted while it was read' }],
    [
      'invalid_key',
      401,
      {
        message:
          'Incorrect API key provided: sk-disabled***. You can find your API key at https://platform.openai.com/account/api-keys.',
        code: 'invalid_api_key',
      },
    ],
    [
      'invalid_key',
      403,
      { message: 'Public access is disabled. Please configure private endpoint.', code: '403' },
    ],
    ['rate_limited', 429, { message: 'Too many tokens, please wait before trying again.' }],
    [
      'rate_limited',
      429,
      { message: 'Requests from your account are being throttled', code: 'throttling_exception' },
    ],
    [
      'rate_limited',
      429,
      { message: 'You have sent too many requests in a given amount of time; quota resets in 3 s' },
    ],
    ['rate_limited', 429, { message: 'Quota exceeded for quota metric requests per minute' }],
    ['rate_limited', 429, { message: 'API key rate limit exceeded' }],
    ['rate_limited', 429, { message: 'Daily request limit reached for this key: rate limit exceeded' }],
    ['overloaded', 503, { message: 'The engine is currently overloaded, please try again later' }],
    ['overloaded', 503, { message: 'Service is temporarily suspended for maintenance' }],
    ['bad_request', 400, { message: 'tools[0].function.name is restricted to letters' }],
    ['bad_request', 400, { message: 'logit_bias: token 50256 is restricted to values between -100 and 100' }],
    ['bad_request', 400, { message: 'You have exceeded the number of stop sequences' }],
    ['bad_request', 400, { message: 'The response format is not active for this model version' }],
    ['bad_request', 400, { message: "Additional properties are not allowed ('expired' was unexpected)" }],
    ['bad_request', 400, { message: 'Parallel tool calls are disabled for this project setting' }],
    ['bad_request', 400, { message: 'credit_card must be a string' }],
    ['bad_request', 400, { message: 'Invalid value for balance: must be above zero' }],
    ['bad_request', 400, { message: '该参数已失效' }],
    ['bad_request', 400, { message: '模型已停用该功能' }],
    [
      'context_length',
      400,
      {
        message:
          "This model's maximum context length is 8192 tokens; your credits budget of tokens was exceeded",
      },
    ],
    ['content_filter', 400, { message: 'Your request was flagged by moderation: account suspended' }],
    ['model_not_found', 404, { message: 'The model `revoked-key` has been deprecated' }],
    ['model_not_found', 400, { message: 'model expired-account-7b is not a valid model ID' }],
    ['model_not_found', 404, { message: "The model 'out-of-credits' does not exist" }],
    ['upstream_error', 403, { message: 'Country, region, or territory not supported' }],
    ['upstream_error', 400, { message: 'User location is not supported for the API use.' }],
    ['upstream_error', 500, { message: 'Internal error while the account service restarted' }],
    ['timeout', 504, { message: 'Upstream timed out' }],
  ];
