import { enclosingBrackets, enclosingCall, textInBrackets } from '../brackets.ts';
import { inApiCall, usesOtherProvider } from '../call-options.ts';
import { CODE, isScript, JAVASCRIPT_AND_PYTHON } from '../languages.ts';
import { type RuleMatch, rulesFor } from '../rule.ts';
import { isPassed, type Setting, settingAt } from '../setting.ts';
import { OTHER_PROVIDER, pattern } from '../vocabulary.ts';
import { chainUpTo, DECLARES, RETRIES, TIMEOUT } from './client-options.ts';
import { CALLS_OVER_HTTP, isBeside, NAMED_FILE } from './request-context.ts';

/** What sends requests over HTTP, by its class, its method or its name in a program. */
const SENDS =
  /http|user_?agent|reqwest|ureq|resty|retrofit|unirest|typhoeus|excon|superagent|undici|flurl|tesla|finch|hackney|URL(?:Session|Request)|Web(?:Client|Request)|RestTemplate|Faraday|Guzzle|\bDio\b|BaseOptions|axios|fetch|\b(?:got|ky)\b|requests?\b|session|\bReq\b|wp_remote|\bcurl\b|client|AbortSignal|\bconn(?:ection)?\b|transport|(?:\.|->|::)(?:post|request|send)$/i;
/** The same for what a field belongs to. */
const FIELD_OF =
  /(?:http|client|post|req(?:uest)?|conn(?:ection)?|session|config|options|transport)\w*[!?)]*$/i;
const OTHER_SERVICE =
  /redis|mongo|sql|smtp|ftp|kafka|socket\.io|selenium|page\.|driver|(?<!b)lock|cache|qdrant|pinecone|https?:\/\/(?![^\s"'`]*(?:openai|localhost|127\.))/i;
const OFF = /^(?:(?:null|nil|none|undefined|false)\b|[\w.]{0,40}session_?time)/i;
/** Functions of R and constants of PHP that set a limit without an object. */
const ALONE = /^(?:CURLOPT_\w+|req_(?:timeout|retry))$/;

/** A header with a key or a class named after the API, in a file that has the URL elsewhere. */
const SENDS_KEY = /["'`]Bearer |\b(?:class|struct|object|module|impl|extension)\s+\w{0,20}(?:open_?ai|gpt)/i;
/** The same in a file of its own, of a program that is named after the API. */
const BUILDS_CLIENT =
  /\b(?:OkHttpClient|HttpTimeout|BaseOptions|URLSessionConfiguration|\w*ClientHttpRequestFactory)\b/;
/** Whether an HTTP client is given to the API's own client. */
const GIVEN_TO_CLIENT = /\bHttpSetup\(|with_?http_?client\(|\bhttp_?client\s*(?::(?!=)|[=(])/i;

/** Whether a limit is set for requests: in their call or their options, or on the client or the object that sends them. */
function isOfRequests(found: RuleMatch, setting: Setting): boolean {
  const { code, match, before } = found;
  const { form, owner } = setting;
  if (form === 'field') return FIELD_OF.test(owner) && !OTHER_SERVICE.test(before);
  const around =
    form === 'call'
      ? chainUpTo(code, match.index)
      : `${beforeBrackets(code, match.index)} ${enclosingCall(code, match.index)}`;
  if (OTHER_SERVICE.test(around + before) || OTHER_PROVIDER.test(around)) return false;
  return SENDS.test(around) || (isPassed(setting, found) && isBesideHeaders(code, match.index));
}

/** Whether the same object has headers: options that are given to a request later. */
function isBesideHeaders(code: string, offset: number): boolean {
  const [innermost] = enclosingBrackets(code, offset);
  return innermost !== undefined && /\bheaders["']?\s*(?:[:=]|=>)/.test(textInBrackets(code, innermost.at));
}

/** A block of a client's configuration, up to its brace: `engine`, `install(HttpTimeout)`. */
const BLOCK = /^\s*[a-zA-Z]\w*\s*(?:\([^()]*\))?$/;

/** The line up to the bracket around an offset (`HttpClient http = new()`), and those up to the brackets of blocks around it. */
function beforeBrackets(code: string, offset: number): string {
  const heads: string[] = [];
  for (const { at } of enclosingBrackets(code, offset)) {
    const before = code.slice(Math.max(0, at - 100), at).trimEnd();
    const head = before.slice(before.lastIndexOf('\n') + 1);
    heads.push(head);
    if (!BLOCK.test(head)) break;
  }
  return heads.join(' ');
}

function accept(found: RuleMatch): boolean {
  const { value, before, path, code, match, sdks, fileHolds } = found;
  if (usesOtherProvider(found) || DECLARES.test(before)) return false;
  if (/RequestOptions::$/.test(before)) return fileHolds(/open_?ai/i);
  if (
    !fileHolds(CALLS_OVER_HTTP) &&
    !fileHolds(SENDS_KEY) &&
    !(fileHolds(NAMED_FILE) && fileHolds(BUILDS_CLIENT)) &&
    !(sdks.length > 0 && fileHolds(GIVEN_TO_CLIENT))
  )
    return false;
  if (ALONE.test(value) || /\bhttr::$/.test(before)) return true;
  const setting = settingAt(found);
  const applied = /^.*\.apply$/.exec(beforeBrackets(code, match.index))?.[0] ?? '';
  if (setting === null && SENDS.test(applied)) return /^\(/.test(found.after);
  if (setting === null || setting.form === 'alone' || OFF.test(setting.value)) return false;
  if (isScript(path) && (/^(?:set|clear)/.test(value) || enclosingCall(code, match.index) === 'def'))
    return false;
  return isOfRequests(found, setting);
}

/** Timeouts and retries of clients in JavaScript and Python, and of plain HTTP requests to the API, in every language. */
export const HTTP_LIMIT_RULES = rulesFor({ families: CODE, needs: 'mention' }, [
  {
    id: 'script-client-setting',
    kind: 'client_setting',
    families: JAVASCRIPT_AND_PYTHON,
    pattern:
      /(?:(?<![\w$.?])|(?<=\b(?:openai|litellm)\.))(?<value>timeout|requestTimeout|request_timeout|maxRetries|max_retries|num_retries)(?:["']?\s*(?::|=(?!=))\s*(?!None\b|undefined|number|null)|(?=\s*[,}]))/,
    accept: (found) =>
      inApiCall(found) ||
      /\b(?:openai|litellm)\.$/.test(found.before) ||
      (/["']$/.test(found.before) && isBeside(found, 'plain')),
    hardCoded: false,
  },
  {
    id: 'http-limit',
    kind: 'client_setting',
    pattern: pattern()`(?<![\w$-])(?<value>${TIMEOUT}|${RETRIES})(?=["']?\]?\s*(?:[:=(,]|=>))`,
    accept,
    value: (name) => (/retr|tries|backoff/i.test(name) ? 'retries' : 'timeout'),
    hardCoded: ({ after }) => /^(?:\s*,)?[^,;)\n]*\d/.test(after),
    confidence: 'medium',
  },
]);
