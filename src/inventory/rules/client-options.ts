import { enclosingCall, enclosingType, textInBrackets } from '../brackets.ts';
import { statementUpTo } from '../call-chain.ts';
import { variableIn } from '../call-options.ts';
import { CODE, OTHER_CODE } from '../languages.ts';
import { NAMED_SETTING, type RuleMatch, rulesFor } from '../rule.ts';
import { type Setting, settingAt } from '../setting.ts';
import { HIDDEN } from '../site.ts';
import { inAnySpelling, KEY_NAMES, OTHER_PROVIDER, pattern, URL_NAMES, URL_TEXT } from '../vocabulary.ts';
import { KEY_IN_PLACE } from '../written-keys.ts';
import { OTHER_SERVICE } from './bare-names.ts';
import { CALLS_OVER_HTTP, inAnyCall } from './request-context.ts';

const URLS = inAnySpelling([
  ...URL_NAMES,
  ...['uri_base', 'server_url', 'base_address', 'base_path', 'base_domain', 'core_url', 'override_base_url'],
  ...['endpoint', 'host'],
]);
const KEYS = inAnySpelling([...KEY_NAMES, 'unprotected_api_key', 'openai_api_key', 'token', 'credential']);
/** Names of timeouts and retries, as clients and requests have them. */
export const TIMEOUT =
  /(?![cC]ommand|[pP]rocess|[sS]hell)(?:\w{0,16}_)?(?:[a-zA-Z]{0,20}?)(?:[tT]ime_?[oO]ut|TIMEOUT)\w{0,20}/;
export const RETRIES = inAnySpelling([
  ...['max_retries', 'num_retries', 'retries', 'retry', 'retry_policy', 'retry_strategy', 'max_tries'],
  ...['req_retry', 'backoff', 'retry_count', 'set_retry_count', 'retry_max'],
]);

/** The first string of a value: `"…"`, `new Uri("…")`, `client, "…"`. */
const FIRST_STRING =
  /^[&*]?(?:[\w.]+\s*,\s*)?(?:(?:new\s+)?(?:[\w.]|::)*(?:!|\?)?\(\s*(?:string:\s*)?){0,2}@?\$?["'`](?<text>[^"'`\n]{1,300})["'`]/;
/** A value that only stands in for a missing one. */
const READS = /\?\?|\|\||\bor\b|env|config|settings/i;
const IS_URL = pattern()`^${URL_TEXT}`;
/** A key, or what stands in its place: `API_KEY`, `<OPENAI_KEY>`. */
const IS_KEY = pattern()`^(?:${KEY_IN_PLACE}|<?[A-Z_]{0,30}KEY[A-Z_]{0,20}>?)$`;
const HOST = /^[\w-]+(?:\.[\w-]+)+(?::\d+)?(?:\/[\w./-]*)?$/;

/** A setting's value: the arguments of a call, or an expression up to the comma or the end of the line. */
function expressionOf({ form, value }: Setting): string {
  if (form === 'call') return textInBrackets(`(${value}`, 0);
  return /^(?:[^,;\n"'`]|"[^"\n]*"|'[^'\n]*'|`[^`\n]*`)*/.exec(value)?.[0] ?? '';
}

/** The last name of an expression that says something: `settings.ApiKey!`, `&config.api_key.clone()`. */
export const lastName = (expression: string): string | null =>
  /^[&*$\s]*(?:[\w\])!?]+(?:\(\))?(?:\.|->|::)){0,6}?(\w+)(?:\(\))?(?:(?:\.|->|::)(?:clone|to_string|as_str|as_ref|to_owned|into|expose_secret|unwrap|unwrap_or_default|expect|Value|trim)(?:\([^()]*\))?)*[!?]*\s*$/.exec(
    expression,
  )?.[1] ?? null;

/** The string that an expression is, unless that names what it reads. */
function stringIn(expression: string): string | null {
  const text = FIRST_STRING.exec(expression)?.groups?.text ?? null;
  return text === null || READS.test(expression.slice(0, expression.indexOf(text))) ? null : text;
}

function urlIn(expression: string): string | null {
  const text = stringIn(expression);
  return text !== null && (IS_URL.test(text) || HOST.test(text)) ? text : null;
}

/** The line up to an offset, and those above it if it goes on with a chain of calls. */
export function chainUpTo(code: string, offset: number): string {
  const lines = statementUpTo(code, offset)
    .replace(/\[[^[\]]*\]/g, '[]')
    .split('\n');
  let first = lines.length - 1;
  while (first > 0 && /^\s*(?:[.?)]|->|\|>|$)/.test(lines[first] ?? '')) first -= 1;
  return lines
    .slice(first)
    .join('\n')
    .replace(/"[^"\n]*"|'[^'\n]*'/g, '""');
}

const OTHER_BUILDER =
  /\b(?:RestClient|WebClient|RestTemplate|HttpClient|Feign|Retrofit)\b|qdrant|chroma|weaviate/i;
/** A header with the key, in a file of the API's own client. */
const KEY_OF_HTTP = /open_?ai[\s\S]*(?:[bB]earerAuth|Bearer )/i;
export const DECLARES =
  /\b(?:private|public|protected|internal|static|final|readonly|string|String|fun|func|fn|def|let|var|val|if|elsif|while)\s+[^=]*$/;
/** Objects that a client is configured by, as programs name them. */
const CLIENT_OBJECT =
  /^\W*(?!u\W*$|update)(?:\w*(?:builder|config\w*|cfg|conf|options?|opts|client\w*|retry)|[a-z]{1,2})[)!?]*$/i;

/** Whether a setting is the address of an HTTP client by which a file calls the API. */
const isOfHttpClient = ({ code, match, value, sdks, fileHolds }: RuleMatch): boolean =>
  /base_?address/i.test(value) &&
  sdks.length === 0 &&
  /http_?client/i.test(code.slice(0, match.index).slice(-200)) &&
  fileHolds(CALLS_OVER_HTTP);

const OF_API = /open_?ai|chat_?gpt/i;
/** `config :my_app, :openai, api_key: …` */
const ELIXIR_CONFIG = /(?:^|\n)config\s+:[^\n]*open_?ai[\s\S]*$/i;

/** Whether a setting is one of a client of the API: in its construction, its builder or its configuration. */
function isOfClient(found: RuleMatch, { form, value, owner }: Setting): boolean {
  const { code, match, sdks, before, value: name, fileHolds } = found;
  if (form === 'alone' || /^(?:null|nil|None|undefined)\b/.test(value) || DECLARES.test(before)) return false;
  if (form === 'argument' || form === 'key') {
    const ofClient = sdks.length > 0 && /\bclient\.new$/i.test(enclosingCall(code, match.index));
    const inElixir = form === 'argument' && ELIXIR_CONFIG.test(statementUpTo(code, match.index));
    return inAnyCall(found) || ofClient || OF_API.test(enclosingType(code, match.index)) || inElixir;
  }
  const chain = chainUpTo(code, match.index);
  if (OTHER_PROVIDER.test(chain)) return false;
  if (OTHER_BUILDER.test(chain)) {
    const callsApi =
      (sdks.length > 0 && /Retrofit/.test(chain)) ||
      fileHolds(KEY_OF_HTTP) ||
      /^[\w.]{0,40}open_?ai/i.test(value);
    return callsApi && /base_?ur[li]/i.test(name);
  }
  if (OF_API.test(chain) || sdks.length === 0) return OF_API.test(chain);
  return (
    (form === 'call' && /^with/i.test(name)) ||
    (CLIENT_OBJECT.test(owner) && (form !== 'call' || !/^\W*\w\W*$/.test(owner)))
  );
}

const options = new WeakMap<RuleMatch, string | null>();

/** The expression that an option of a client is set to; null for anything else. */
function optionOf(found: RuleMatch): string | null {
  const known = options.get(found);
  if (known !== undefined) return known;
  const setting = settingAt(found);
  const isOption = setting !== null && (isOfClient(found, setting) || isOfHttpClient(found));
  const option = isOption ? expressionOf(setting) : null;
  options.set(found, option);
  return option;
}

const accept = (found: RuleMatch): boolean => optionOf(found) !== null;
/** A name of an option, rather than a URL, a key, a variable or a setting. */
const isName = (value: string): boolean => /^[A-Za-z]\w*$/.test(value) && !/^[A-Z\d_]+$/.test(value);
const SETS = /(?=["']?\]?\s*(?:[:=(]|=>|->))/;
const PREFIX = /(?:[wW]ith_?|[sS]et_?)?/;

/** Options of clients, in languages in which they are arguments, fields or methods. */
export const CLIENT_OPTION_RULES = rulesFor({ families: OTHER_CODE, needs: 'mention' }, [
  {
    id: 'client-option-url',
    kind: 'base_url',
    pattern: pattern()`\b(?<value>${PREFIX}${URLS})${SETS}`,
    accept,
    value: (name, found) => {
      const expression = optionOf(found) ?? '';
      return urlIn(expression) ?? variableIn(expression) ?? name;
    },
    hardCoded: (found) => urlIn(optionOf(found) ?? '') !== null,
    onlyAlone: isName,
    confidence: 'medium',
  },
  {
    id: 'client-argument-url',
    kind: 'base_url',
    pattern: /\b(?:new\s+(?<value>OpenAiApi)(?=\([^,)]*(?:url|Url|uri))|(?<azure>DefaultAzureConfig)(?=\())/,
    value: (_, { match, after }) =>
      /^[^)\n]*"(https?:[^"]*)"/.exec(after)?.[1] ?? match.groups?.azure ?? 'baseUrl',
    hardCoded: ({ after }) => /^[^)\n]*"https?:/.test(after),
  },
  {
    id: 'client-option-key',
    kind: 'api_key',
    pattern: pattern()`\b(?<value>${PREFIX}${KEYS})${SETS}`,
    accept,
    value: (name, found) => {
      const expression = optionOf(found) ?? '';
      const text = stringIn(expression);
      if (text !== null) return IS_KEY.test(text) ? HIDDEN : null;
      if (OTHER_SERVICE.test(expression)) return null;
      return (
        variableIn(expression) ?? (settingAt(found)?.form === 'call' ? lastName(expression) : null) ?? name
      );
    },
    hardCoded: (found) => IS_KEY.test(stringIn(optionOf(found) ?? '') ?? ''),
    onlyAlone: isName,
    confidence: 'medium',
  },
  {
    id: 'client-argument-key',
    kind: 'api_key',
    families: CODE,
    // An argument of a client's constructor, or one that a program reads from its settings for a class of its own.
    pattern:
      /(?:\b(?:new\s+(?:OpenAi(?:Api|Service)|OpenAI(?:Client)?)|OpenAiService\.defaultClient|OpenAISyncClient|(?:ChatGPT|Client)::new(?:_with_config)?)\(\s*(?:[^();"\n]{1,80},\s*)?(?:[\w.]{1,60}\()?[&*]?|(?:Open_?A[iI]|Chat_?G[pP][tT])\w{0,20}(?:(?:\.|::)new)?\((?:[^()\n]{0,60},\s*)?(?:(?=[aA]pi_?[kK]ey\s*[,)])|[\w$@.>-]{0,20}(?:[sS]ettings?|[cC]onfig\w*|[oO]ptions|opts|cfg|conf|Open_?[aA][iI]\w*)(?:\.|->|::|\[:?["']?)))(?<value>[\w.]{0,60}(?:[kK]ey|[tT]oken))(?!\w)/,
    value: (name) => lastName(name),
    ...NAMED_SETTING,
  },
  {
    id: 'client-argument-limit',
    kind: 'client_setting',
    families: ['jvm'],
    pattern: /\bOpenAiService(?:\.defaultClient)?\([^;\n]{1,80}?,\s*(?<value>Duration\.of\w+)\(/,
    value: 'timeout',
    hardCoded: ({ after }) => /^\(\d/.test(after),
  },
  {
    id: 'client-option-limit',
    kind: 'client_setting',
    pattern: pattern()`\b(?<value>${TIMEOUT}|${PREFIX}(?:${RETRIES}|[hH]ttp_?[cC]lient|secondsToWait))${SETS}`,
    accept,
    value: (name, found) => {
      if (/retr|backoff/i.test(name)) return 'retries';
      return /client/i.test(name) && !/timeout/i.test(optionOf(found) ?? '') ? null : 'timeout';
    },
    hardCoded: (found) => /\d|DAYS|HOURS|MINUTES|SECONDS/.test(optionOf(found) ?? ''),
    confidence: 'medium',
  },
]);
