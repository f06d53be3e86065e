import { enclosingBrackets, enclosingCall, textInBrackets } from '../brackets.ts';
import { usesOtherProvider } from '../call-options.ts';
import { CODE } from '../languages.ts';
import { NAMED_SETTING, type RuleMatch, rulesFor } from '../rule.ts';
import { CALLS_OVER_HTTP } from './request-context.ts';

/** A read of a setting by its member's name, up to that. */
const MEMBER_OF_SETTINGS =
  /(?:\benv|config\w*|settings?|options|opts|cfg|conf|secrets)(?:\(\))?(?:\??\.|->|::)$/i;

/** What follows a name that is declared with a default or as a field. */
const DEFAULT =
  /^["'`]?\??\s*(?::\s*[\w.<>[\]|? ]{1,40})?(?:=(?![=>])|\s=(?![=>])|:|=>)\s*(?:[\w.:]+\()?["']?[\d.]|^\s*\{\s*get\b/;
const FIELD =
  /^\??\s*:\s*(?:int|float|number|str|u?i?\d\d\b|Duration|Optional|Option<|Int|Long|Double|TimeInterval|z\.)|^[ \t]+(?:time\.Duration|u?int\d*|float\d*|string)\b/;

/** Whether a name is read from settings, or declared as one: a whole string, a member, a field, a default. */
function isSetting({ before, after, code, match }: RuleMatch): boolean {
  const quote = /["'`]$/.exec(before)?.[0];
  if (quote !== undefined && !after.startsWith(quote)) return false;
  if (quote !== undefined && !/^.\s*[:=]/.test(after)) return /[[(,=]\s*.$|^\s*.$/.test(before);
  if (/\$\{$/.test(before)) return true;
  if (MEMBER_OF_SETTINGS.test(before)) return !/^\s*(?:\(|=(?![=>]))/.test(after);
  if (/\.$|->$/.test(before)) return false;
  return DEFAULT.test(after) || (FIELD.test(after) && enclosingCall(code, match.index) !== 'def');
}

/** `timeout` and `retries` with a value, among the other settings of a client: its key, its URL. */
const VALUE =
  /^["']?\??\s*(?:[:=]|=>)\s*(?:[\w.|? ]{1,30}=\s*)?(?:\d|(?:\w+[.(]){0,3}["']?(?:process|os|env|config|settings)\b)/i;
const OF_CLIENT = /(?:api_?key|base_?url|api_?base)\w*["']?\??\s*(?:[:=,)}]|=>)/i;
const OF_API = /open_?ai|chat_?gpt|\bgpt-/i;
const REQUEST = /\bheaders\b|axios|fetch|requests?\.|http|curl/i;

function isBesideSettings(found: RuleMatch): boolean {
  const { code, match, after } = found;
  const [innermost] = enclosingBrackets(code, match.index);
  if (innermost === undefined || !VALUE.test(after) || usesOtherProvider(found)) return false;
  const beside = textInBrackets(code, innermost.at);
  const call = enclosingCall(code, match.index);
  return OF_CLIENT.test(beside) && OF_API.test(call + beside) && !REQUEST.test(call + beside);
}

export const limitOf = (name: string): string => (/retr|attempts/i.test(name) ? 'retries' : 'timeout');

/** Settings that name the API themselves or stand beside such ones, in every language. */
export const NAMED_LIMIT_RULES = rulesFor({ families: CODE, needs: 'mention', confidence: 'medium' }, [
  {
    id: 'named-limit',
    kind: 'client_setting',
    pattern:
      /\b(?<value>\w{0,30}(?:open_?-?ai|chat_?gpt)[\w.:-]{0,30}?(?:time[_-]?out|retries|max_attempts)(?:_?(?:in_?)?(?:ms|s|secs?|seconds|millis|milliseconds))?)(?!\w)/i,
    accept: isSetting,
    value: limitOf,
    onlyAlone: true,
    hardCoded: ({ value, after }) => value === value.toUpperCase() && /^\s*=\s*\d/.test(after),
  },
  {
    id: 'limit-beside-settings',
    kind: 'client_setting',
    pattern:
      /\b(?<!\bu(?:pdate\w{0,12})?\.)(?<value>(?:request_?)?time_?out(?:_?(?:ms|secs?|seconds|millis))?|(?:max_?)?retries)(?=["']?\??\s*(?:[:=]|=>))/i,
    accept: isBesideSettings,
    value: limitOf,
    hardCoded: false,
  },
  {
    id: 'limit-declared',
    kind: 'client_setting',
    // A constant or a field of the file that sends the requests: `private $timeout = 60;`, `@timeout_ms 60_000`.
    pattern:
      /(?<value>(?<![a-zA-Z\d_.-])(?:(?:default|api|http|request|read|connect(?:ion)?|client|max|total)_?){0,2}(?:time_?out(?:_?(?:in_?)?(?:ms|s|secs?|seconds?|millis|milliseconds))?|retries|retry_?(?:count|attempts|times)|max_?attempts))(?=(?::\s*[\w.:]{1,20}|\s[a-z][\w.]{1,20})?(?:\s*:?=\s*|\s)(?:new\s)?(?:(?:std::time::)?(?:Duration|TimeSpan)[:.]+\w+\(|Duration\(\w+:\s*)?\d)/i,
    accept: (found) =>
      /^\w+$|^\s*[A-Z][A-Z_\d]*$|(?:^|\s)(?:(?:const|static|final|private|protected|public|readonly|pub)\s[^=;(){}]{0,80}|@\w+)$/.test(
        found.before + found.value,
      ) &&
      (found.sdks.length > 0 || found.fileHolds(CALLS_OVER_HTTP)) &&
      !usesOtherProvider(found),
    value: limitOf,
    onlyAlone: true,
    hardCoded: true,
  },
  {
    id: 'named-open-api-key',
    kind: 'api_key',
    families: [...CODE, 'config'],
    // A common slip of the pen in the API's name.
    pattern: /\b(?<value>\w{0,20}open_?api_?key)(?!\w)/i,
    accept: (found) => isSetting(found) || /^["']?[ \t]*[:=](?![=>])[ \t]*["']?$/.test(found.after),
    ...NAMED_SETTING,
  },
]);
