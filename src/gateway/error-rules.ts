/** The words in which platforms refuse, in English and Chinese. The first row that fits gives the class. */
import type { ErrorRule } from './refusal.ts';

/**
 * Rules for any status: platforms put the same refusal under 400, 401, 402, 403, 429 and 503.
 * A `label` is more reliable than a `message`, so within a class it comes first.
 * `(?:[^.。]|\.\S)` stays within a sentence, but crosses the dot of a name such as `gpt-5.4`.
 */
export const WORD_RULES: readonly ErrorRule[] = [
  // The request itself.
  {
    class: 'context_length',
    label: /context_length_exceeded|context_window_exceeded|contextwindowexceeded/i,
  },
  {
    class: 'context_length',
    message:
      /maximum context length|context (length|window)( is| was)?( limit)? ?(exceeded|too long)|exceed\w* (the )?(model'?s )?(maximum |max )?context|prompt is too long|input is too long/i,
  },
  { class: 'context_length', message: /上下文(长度|窗口).{0,12}(超|过长|限制)|超(过|出).{0,12}上下文/ },
  {
    class: 'bad_request',
    label: /unsupported_(parameter|value)|invalid_(parameter|value)|missing_required_parameter/i,
  },
  {
    class: 'content_filter',
    label:
      /content_?filter|content_policy|moderation_blocked|responsibleaipolicy|sensitive_words|data_inspection_failed/i,
  },
  {
    class: 'content_filter',
    message: /content (management )?policy|safety system|requires moderation|flagged (by|for|as)/i,
  },
  { class: 'content_filter', message: /敏感词|敏感内容|违规内容|内容(审核|安全|风险|过滤)/ },

  // Money. Whose limit it is separates a key's own limit from the account's balance.
  {
    class: 'key_quota',
    label: /pre_consume_token_quota_failed|api_key_quota_exhausted|key_quota_exceeded|key_limit_exceeded/i,
  },
  {
    class: 'key_quota',
    message:
      /token quota (is not enough|exhausted|exceeded)|key (total |daily |weekly |monthly |spending |credit )?(limit|quota) (exceeded|exhausted|reached)|create a key with a higher (\w+ )?limit/i,
  },
  {
    class: 'key_quota',
    message: /(令牌|密钥|key)[^。]{0,40}(额度|配额|限额)(已)?(用尽|用完|耗尽|超限|不足)/i,
  },
  {
    class: 'insufficient_balance',
    message:
      /budget has been exceeded! ?(user|team|organization|end ?user|customer)\b|exceeded ?budget: (end user|user|team|org)/i,
  },
  { class: 'key_quota', label: /budget_exceeded/i },
  { class: 'key_quota', message: /budget has been exceeded|exceeded ?token ?budget/i },
  {
    class: 'insufficient_balance',
    label:
      /insufficient_(user_)?quota|insufficient_(balance|credits?|funds)|credit_balance|billing_hard_limit|billing_not_active|arrearage|out_of_credits/i,
  },
  {
    class: 'insufficient_balance',
    message:
      /check your plan and billing|(insufficient|not enough|no|low) (account |user )?(balance|credits?|funds)\b|(insufficient user|user) quota( is not enough)?|(balance|credits?) (is |are )?(too low|insufficient|exhausted|depleted|not enough)|requires more credits|more credits are required/i,
  },
  { class: 'insufficient_balance', message: /(余额|额度|配额)(已)?(不足|用尽|用完|耗尽|不够)|欠费|请充值/ },

  // The key, disabled before invalid: "invalid token (disabled)" is the former.
  {
    class: 'disabled_key',
    label:
      /key_(is_)?(disabled|expired|revoked|blocked|inactive)|token_(disabled|expired)|account_(deactivated|disabled|suspended)|user_(disabled|inactive|banned)|expired_key/i,
  },
  {
    class: 'disabled_key',
    message:
      /\b(key|token|account|user)\b(?:[^.。]|\.\S){0,60}\b(is|has been|was|been) (currently )?(disabled|deactivated|revoked|blocked|expired|suspended|banned|inactive|not active)|expired (api )?key/i,
  },
  {
    class: 'disabled_key',
    message:
      /(令牌|密钥|key|用户|账户|账号|帐户|帐号)\s*(状态不可用|已?(被)?(禁用|停用|封禁)|已?过期|已?失效)/i,
  },

  // The model: missing, or not for this key.
  {
    class: 'model_not_found',
    label:
      /model_not_found|model_not_exist|invalid_model|model_not_supported|unknown_model|model_not_available|deploymentnotfound/i,
  },
  {
    class: 'model_not_found',
    message:
      /model(?:[^.。]|\.\S){0,120}\b(does not exist|not found|not exist|is not supported|is not available|not allowed)|(invalid|unknown|unsupported|no such) model|no endpoints found|not a valid model/i,
  },
  {
    class: 'model_not_found',
    message:
      /(no access|not have access|no permission|not allowed|can only access)[^.。]{0,40} models?\b|no available channels?\b/i,
  },
  {
    class: 'model_not_found',
    message:
      /模型[^。]{0,60}(不存在|未找到|不支持|不可用|无权)|无权(访问|使用)[^。]{0,40}模型|(不存在|不支持)[^。]{0,20}模型|无可用(的)?渠道/,
  },

  {
    class: 'invalid_key',
    label:
      /invalid_api_?key|invalid_token|invalid_authentication|authentication_error|auth_error|unauthenticated|unauthorized|incorrect_api_key|api_key_required/i,
  },
  {
    class: 'invalid_key',
    message:
      /(incorrect|invalid|wrong|unknown|missing|no) api ?key|api ?key (is )?(not valid|invalid|incorrect|missing|not found|required)|no auth credentials/i,
  },
  // JSON parsers also say "invalid token" about a bad body, so this needs a status that is about keys.
  {
    class: 'invalid_key',
    status: [200, 401, 403],
    message:
      /(incorrect|invalid|wrong|unknown|missing|no) (auth\w* |access |bearer )?(key|token|credentials?)\b|authentication (error|failed|required)/i,
  },
  {
    class: 'invalid_key',
    message:
      /无效的?\s*(令牌|密钥|key|api ?key|token)|(令牌|密钥|api ?key)\s*(无效|错误|不正确|不存在)|未提供(令牌|密钥|api ?key)/i,
  },

  // Later, or elsewhere.
  {
    class: 'timeout',
    label: /^(request_|upstream_|gateway_|read_)?time(d_)?_?out(_error)?$|deadline_exceeded|etimedout/i,
  },
  { class: 'overloaded', label: /overloaded|server_busy|slow_down|capacity_exceeded|no_capacity/i },
  { class: 'overloaded', message: /\boverloaded\b|at (full )?capacity|server (is )?(too )?busy/i },
  { class: 'overloaded', message: /负载(已)?(饱和|过高|过载)|(服务器|服务|系统|模型)(繁忙|过载|忙)/ },
  {
    class: 'rate_limited',
    label:
      /rate_?limit|too_?many_?requests|requests?_limit|tokens?_limit_(reached|exceeded)|throttl|resource_exhausted/i,
  },
  {
    class: 'rate_limited',
    message:
      /rate.?limit(s|ed)? (exceeded|reached|hit|was|for)|(reached|exceeded|hit) (the |your )?rate limit|too many requests/i,
  },
  {
    class: 'rate_limited',
    message: /请求(过于|太)?频繁|请求(次数|频率|数)(过多|超|已达)|(速率|频率|并发)(限制|超限)|限流/,
  },
];

/** Rules for the message of an error object under certain statuses, after all of the above. */
export const STATUS_RULES: readonly ErrorRule[] = [
  {
    class: 'bad_request',
    status: [404, 405],
    message: /invalid url|unknown (request )?url|unrecognized request url|method not allowed/i,
  },
  {
    class: 'bad_request',
    status: [404],
    message:
      /no such (?!model)\w+|\b(file|batch|response|assistant|thread|run|vector store|job|upload)\b[^.]{0,80}(not found|does not exist)/i,
  },
  { class: 'timeout', status: [400, 500, 502, 503], message: /tim(ed|e)[ -]?out|deadline exceeded|超时/i },
];
