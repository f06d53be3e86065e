/** The words in which platforms refuse, in English and Chinese. The first row that fits gives the class. */
import type { ErrorRule } from './refusal.ts';

/** What is said of a key or an account that exists, but may not be used. */
const DISABLED =
  "disabled|deactivated|revoked|blocked|expired|suspended|banned|inactive|(?:not|isn['’]t)(?: currently)? active|paused|restricted(?! to\\b)|frozen|locked|terminated|archived|deleted|closed|cancell?ed|on hold|under review|no longer (?:active|valid|enabled|usable)";

/** Whom it is said of. Public or network access is a matter of addresses. */
const HOLDER =
  '\\b(?:key|token|account|user|organi[sz]ation|org|project|team|workspace|tenant|consumer|credentials?|(?<!public |network )access)\\b';

/** Between a holder and its state: a name or an ID, but not a thing of the holder's that a state can be said of. */
const OF_HOLDER =
  '(?:(?!\\b(?:request|message|prompt|input|output|content|file|model|param|feature|stream|tool|function|limit|count|usage|length|ip\\b))(?:[^.。;]|\\.\\S)){0,80}?';

const OF_KEY = '\\b(?:key|(?<!current )token|令牌|密钥)\\b';
const MONEY = '\\b(?:balance|credits?|funds|budget|wallet|prepayment)\\b';
const SPENDING =
  '\\b(?:spend(?:ing)?|billing|budget|credit|cost|payment)[ _](?:limit|cap|quota|hard limit)s?\\b';
const FREE = '\\b(?:free|trial) (?:\\S+ ){0,2}(?:tier|trial|quota|credits?|allocation|allowance)\\b';
const LIMIT =
  '\\b(?:quota|budget|(?:spend(?:ing)?|usage|credit|total|daily|weekly|monthly|key|spend) limits?)\\b';
const SPENT =
  '\\b(?:reached|reaching|exceeded|hit|exhausted|depleted|used up|run out|ran out|ended|too low|below|insufficient|not enough|negative|empty|used all|overdrawn|over (?:\\w+ )?(?=budget))\\b';

/** All parts in one sentence, in any order; the dot of a name such as `gpt-5.4` does not end it. */
function sentenceWith(...parts: readonly string[]): RegExp {
  const ahead = parts.map((part) => `(?=(?:[^.。;]|\\.\\S)*?${part})`);
  return new RegExp(`(?:^|[.。;] ?)${ahead.join('')}`, 'i');
}

const isIn = (...parts: readonly string[]): RegExp => new RegExp(parts.join(''), 'i');

/**
 * Rules for any status: platforms put the same refusal under 400, 401, 402, 403, 429 and 503.
 * A `label` is more reliable than a `message`, so within a class it comes first.
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
    message: /content (management |filtering )?policy|safety system|requires moderation|flagged (by|for|as)/i,
  },
  { class: 'content_filter', message: /敏感词|敏感内容|违规内容|内容(审核|安全|风险|过滤)/ },

  // What is said of the conversation's own words is not said of the key.
  { class: 'bad_request', status: [400, 422], param: /^(messages|input|prompt|content)\b/i },

  // A limit per minute may be called a quota, and may name the price of a higher one.
  {
    class: 'rate_limited',
    status: [200, 429],
    message:
      /rate.?limit(s|ed)? (exceeded|reached|hit|for)|been rate.?limited|(reached|exceeded|hit) (the |your )?rate limit|\b([rt]p[ms]|qps)\b|\b(requests?|tokens?) (per |\/ ?)(min|sec)|concurren|(?<!free )allocated quota exceeded|quota[\s\S]*retry in \d|每(分钟|秒)|并发/i,
  },

  // Money. Whose limit it is separates a key's own limit from the account's balance.
  {
    class: 'key_quota',
    label:
      /pre_consume_token_quota_failed|(key_(\w+_)?(quota|budget|limit)|token_(quota|budget))_?(exhausted|exceeded|reached)|set_?limit_?exceeded/i,
  },
  { class: 'key_quota', message: sentenceWith(OF_KEY, LIMIT, SPENT) },
  {
    class: 'key_quota',
    message:
      /key limit (exceeded|exhausted|reached)|create a key with a higher (\w+ )?limit|reached your (\w+ )?(api )?usage limits?\b|limited to [\d,]+ api calls? ?(\/|per) ?month/i,
  },
  {
    class: 'key_quota',
    message:
      /(令牌|密钥|key)[^。]{0,40}(额度|配额|限额|预算|消费)[^。]{0,6}(用尽|用完|耗尽|超|不足|上限)|使用上限/i,
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
      /insufficient_?(\w+_)?(quota|balance|credits?|funds)|(quota|balance|credits?|funds)_?(is_)?(insufficient|exhausted|not_enough|too_low|used_up)|credit_?(balance|limit)|spend(ing)?_?limit|billing_(hard_limit|not_active)|blocked_api_access|payment_?required|arrear|overdue|pack(age)?_?exhausted|free_?(tier|quota)_?(only|exhausted|exceeded)|out_of_credits|(subscription|plan)_(is_)?(expired|inactive|not_found|invalid)/i,
  },
  {
    class: 'insufficient_balance',
    message: isIn(
      '\\b(?:insufficient|not enough|no|zero|low|negative|lack|out of|any|enough) (?:\\S+ ){0,3}',
      MONEY,
    ),
  },
  { class: 'insufficient_balance', message: sentenceWith(`(?:${MONEY}|${SPENDING}|${FREE})`, SPENT) },
  {
    class: 'insufficient_balance',
    message:
      /check your (plan and )?billing|over budget|insufficient (\w+ )?quota|outstanding (balance|invoice|payment|bill)|exceeded your (current )?(token )?quota|user quota|requires? (paid |more )(credits?|balance)|more credits are required|(purchase|buy|add) (more )?(credits?|funds)|top[ -]?up\b|\brecharge\b|\boverdue\b|past due|in arrears|failure to pay|\bunpaid\b|good standing|payment (method|required|failed|declined)|card on file|hard limit|(credits?|trial) (have |has )?(expired|ended)|(subscription|plan) (has |is |was )?(expired|inactive|ended|cancell?ed)/i,
  },
  {
    class: 'insufficient_balance',
    message:
      /(余额|额度|配额|资源包|预算|点数|积分)[^。，,]{0,8}(不足|用尽|用完|耗尽|不够|为 ?[零0]|超限|超出)|欠费|逾期|充值|续费|(消费|支出|花费|费用)[^。，,]{0,8}(上限|限额|限制)|(套餐|订阅)[^。，,]{0,4}(到期|过期|失效)/,
  },

  { class: 'invalid_key', label: /(key|token|access|credential)_not_found/i },
  // The key, disabled before invalid: "invalid token (disabled)" is the former.
  {
    class: 'disabled_key',
    label: isIn(
      `(?<!model[-_.]?)(?:key|token|account|org\\w*|project|user|team|workspace|consumer|access)[-_.]?(?:is_|not_)?(?:active_)?(?:${DISABLED})`,
      '|(?:expired|revoked|disabled|inactive|suspended)[-_]?(?:api[-_]?)?(?:key|token|account)',
    ),
  },
  // "The account (of this key) has been suspended", "API key expired", "expired API key", "we suspended your account".
  {
    class: 'disabled_key',
    message: isIn(
      HOLDER,
      OF_HOLDER,
      ' (?:is|are|was|were|has|have|had)(?: been)?(?: (?:\\w+ly|now))? ',
      `(?:${DISABLED})\\b`,
    ),
  },
  {
    class: 'disabled_key',
    message: isIn(
      `(?<!unexpected )\\b(?:key|token|account|organi[sz]ation)(?:[: ]+status)?(?: is)?[:= ]+(?:${DISABLED})\\b`,
      '|\\b(?:expired|revoked|disabled|deactivated|inactive|suspended|terminated) (?:\\w+ )?(?:key|account|organi[sz]ation|auth\\w* token)\\b',
      `|\\b(?:${DISABLED}) (?:your|this|the) (?:\\w+ )?(?:key|account|organi[sz]ation|project|access)\\b(?!['’]s)`,
    ),
  },
  {
    class: 'disabled_key',
    message:
      /(令牌|密钥|key|token|用户|账户|账号|帐户|帐号|组织|项目|团队|企业)(?:(?!请求|内容|输入|消息|参数|模型|数|超)[^。，,]){0,12}(状态不可用|禁用|停用|封禁|封停|冻结|锁定|吊销|撤销|注销|暂停|过期|失效|到期|被限制|受限|非活动|未激活)|(账户|账号|帐户|帐号)(状态)?异常/i,
  },

  // The model: missing, or not for this key.
  {
    class: 'model_not_found',
    label:
      /model_not_found|model_not_exist|invalid_model|model_not_supported|unknown_model|model_not_available|model_access_denied|deploymentnotfound/i,
  },
  {
    class: 'model_not_found',
    message:
      /model(?:(?!param)[^.。]|\.\S){0,120}\b(does not exist|not found|not exist|is not supported|is not available|not allowed)|(invalid|unknown|unsupported|no such) model|no endpoints found|not a valid model|not activated the model|\bmodel (is |has been |was )?(disabled|deprecated|retired|decommissioned)|access to (the )?model (is )?denied/i,
  },
  {
    class: 'model_not_found',
    message:
      /(no access|not have (access|permission)|no permission|not allowed|can only access)[^.。]{0,40} models?\b|no available channels?\b/i,
  },
  { class: 'model_not_found', status: [400, 404], message: /no healthy deployments? for/i },
  {
    class: 'model_not_found',
    message:
      /模型[^。]{0,60}(不存在|未找到|不支持|不可用|无权|未开通|已下线)|无权(访问|使用)[^。]{0,40}模型|(不存在|不支持)[^。]{0,20}模型|无可用(的)?渠道/,
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

  // Later, or elsewhere: where the gateway's provider does not serve its place, no other key helps.
  { class: 'upstream_error', message: /\b(country|region|territory|location)\b[^.]{0,30} not supported/i },
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
      /no such (?!model)\w+|\b(file|batch|response|assistant|thread|run|vector store|job|upload)\b[^.]{0,80}(not found|does not exist|deleted|expired)/i,
  },
  { class: 'timeout', status: [400, 500, 502, 503], message: /tim(ed|e)[ -]?out|deadline exceeded|超时/i },
];
