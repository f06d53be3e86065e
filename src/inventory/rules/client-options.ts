import { enclosingCall } from '../brackets.ts';
import { statementUpTo } from '../call-chain.ts';
import { inApiCall, variableIn } from '../call-options.ts';
import { OTHER_CODE } from '../languages.ts';
import { type RuleMatch, rulesFor } from '../rule.ts';
import { isPassed, type Setting, settingAt } from '../setting.ts';
import { HIDDEN } from '../site.ts';
import { inAnySpelling, OTHER_PROVIDER, pattern, URL_TEXT } from '../vocabulary.ts';
import { KEY_IN_PLACE } from '../written-keys.ts';

const URLS = inAnySpelling([
  'base_url',
  'base_uri',
  'uri_base',
  'api_base',
  'api_base_url',
  'base_path',
  'base_domain',
  'core_url',
  'api_host',
  'override_base_url',
  'endpoint',
  'host',
]);
const KEYS = inAnySpelling([
  'api_key',
  'api_token',
  'access_token',
  'auth_token',
  'openai_api_key',
  'token',
  'credential',
]);
const LIMITS = inAnySpelling([
  'timeout',
  'timeouts',
  'time_out',
  'timeout_interval',
  'request_timeout',
  'requests_time_out',
  'receive_timeout',
  'network_timeout',
  'connect_timeout',
  'read_timeout',
  'http_client',
  'backoff',
  'max_retries',
  'retries',
  'retry',
  'retry_policy',
  'retry_strategy',
]);

/** The first string of a value: `"…"`, `new Uri("…")`, `client, "…"`. */
const FIRST_STRING =
  /^[&*]?(?:[\w.]+\s*,\s*)?(?:(?:new\s+)?(?:[\w.]|::)*(?:!|\?)?\(\s*(?:string:\s*)?){0,2}@?\$?["'`](?<text>[^"'`\n]{1,300})["'`]/;
/** A value that only stands in for a missing one. */
const READS = /\?\?|\|\||\bor\b|env|config|settings/i;
const HOST = /^[\w-]+(?:\.[\w-]+)+(?::\d+)?(?:\/[\w./-]*)?$/;

const stringIn = (value: string): string | null => FIRST_STRING.exec(value)?.groups?.text ?? null;
const urlOf = (value: string): string | null => {
  const text = stringIn(value);
  return text !== null && (pattern()`^${URL_TEXT}`.test(text) || HOST.test(text)) ? text : null;
};

/** `settings.ApiKey!`, `properties.apiKey()`, `&config.api_key.clone()` → the last name that says something. */
const lastName = (expression: string): string | null =>
  /(\w+)(?:\(\)|\[\d\])?(?:(?:\.|->|::)(?:clone|to_string|as_str|as_ref|to_owned|into|expose_secret|unwrap|unwrap_or_default|expect|Value|trim)(?:\([^()]*\))?)*[!?]*\s*$/.exec(
    /^[&*$]*(?:this->|self\.)?[\w.()[\]!?]*(?:->\w+)*/.exec(expression)?.[0] ?? '',
  )?.[1] ?? null;

/** Whether a setting is one of a client of the API: in its construction, its builder or its configuration. */
function isOfClient(found: RuleMatch, setting: Setting): boolean {
  const { code, match, sdks, before } = found;
  if (
    /^(?:null|nil|None|undefined)\b/.test(setting.value) ||
    /\b(?:fun|func|fn|def|let|var|val|if|while)\s+[^=]*$/.test(before)
  )
    return false;
  if (setting.form === 'argument' || setting.form === 'key' || setting.form === 'alone')
    return setting.form !== 'alone' && inApiCall(found) && enclosingCall(code, match.index) !== 'def';
  const statement = statementUpTo(code, match.index);
  if (
    OTHER_PROVIDER.test(statement) ||
    /\b(?:RestClient|WebClient|RestTemplate|HttpClient|Feign|Retrofit)\b/.test(statement)
  )
    return false;
  if (/open_?ai/i.test(statement.slice(-400) + setting.owner)) return true;
  return (
    sdks.length > 0 &&
    isPassed(setting, found) &&
    /^\s*\w*(?:[bB]uilder|[cC]onfig|[oO]ptions|[cC]lient)\w*\s*(?:\.|->)/.test(
      statement.slice(statement.lastIndexOf('\n') + 1),
    )
  );
}

const accept = (found: RuleMatch): boolean => {
  const setting = settingAt(found);
  return setting !== null && isOfClient(found, setting);
};

/** Options of clients, in languages in which they are arguments, fields or methods. */
export const CLIENT_OPTION_RULES = rulesFor({ families: OTHER_CODE, needs: 'mention' }, [
  {
    id: 'client-option-url',
    kind: 'base_url',
    pattern: pattern()`\b(?:[wW]ith_?|[sS]et_?)?(?<value>${URLS})(?=["']?\]?\s*(?:[:=(]|=>|->))`,
    accept,
    value: (name, found) => {
      const value = settingAt(found)?.value ?? '';
      return urlOf(value) ?? (stringIn(value) === null ? (variableIn(value) ?? name) : null);
    },
    hardCoded: (found) => {
      const value = settingAt(found)?.value ?? '';
      const url = urlOf(value);
      return url !== null && !READS.test(value.slice(0, value.indexOf(url)));
    },
    confidence: 'medium',
  },
  {
    id: 'client-option-key',
    kind: 'api_key',
    pattern: pattern()`\b(?:[wW]ith_?|[sS]et_?)?(?<value>${KEYS})(?=["']?\]?\s*(?:[:=(]|=>|->))`,
    accept,
    value: (name, found) => {
      const value = settingAt(found)?.value ?? '';
      const text = stringIn(value);
      if (text === null) return variableIn(value) ?? lastName(value) ?? name;
      return pattern()`^${KEY_IN_PLACE}$`.test(text) && !READS.test(value.slice(0, value.indexOf(text)))
        ? HIDDEN
        : null;
    },
    hardCoded: (found) => stringIn(settingAt(found)?.value ?? '') !== null,
    confidence: 'medium',
  },
  {
    id: 'client-option-limit',
    kind: 'client_setting',
    pattern: pattern()`\b(?:[wW]ith_?|[sS]et_?)?(?<value>${LIMITS})(?=["']?\]?\s*(?:[:=(]|=>|->))`,
    accept,
    value: (name, found) => {
      if (/retr|backoff/i.test(name)) return 'retries';
      return /client/i.test(name) && !/timeout/i.test(settingAt(found)?.value ?? '') ? null : 'timeout';
    },
    hardCoded: (found) =>
      /\d|DAYS|HOURS|MINUTES|SECONDS/.test((settingAt(found)?.value ?? '').split('\n', 1)[0] ?? ''),
    confidence: 'medium',
  },
]);
