import { isFallback } from '../fallback.ts';
import { OTHER_CODE } from '../languages.ts';
import { type RuleMatch, rulesFor } from '../rule.ts';
import { API_KEY_VARIABLE, baseOfUrl, endpointOfPath, OFFICIAL_HOST, pattern } from '../vocabulary.ts';
import { CALLS_OVER_HTTP } from './request-context.ts';

/** The repository's own routes are not calls. */
const ROUTE =
  /\b(?:[rR]outer?|r|app|mux|engine|group|server|srv)\s*(?:\.|->|::)\s*(?:get|post|put|any|all|match|Get|Post|handle\w*|Handle\w*|route|group|add\w*|map\w*)\s*\(\s*$|Route::\w+\(|HandleFunc\(|@(?:\w*Mapping|Path|Post|Get|Route)\(|\[(?:Http(?:Get|Post)|Route)\(|\bMap(?:Get|Post|Group)\(|#\[(?:get|post|route)|^\s*(?:get|post|match|resources?|namespace|scope)\s+["']|\.(?:GET|POST|PUT|Any|Handle)\(\s*["`]?$|matchers?::path|\bpath\(|wiremock|stub_request|\.stub|httpmock/;

/** Resource names that many services use; they count after `/v1` or near a word for the API. */
const COMMON_WORD =
  /^\/(?:responses|conversations|completions|files|uploads|batches|assistants|threads|containers|evals|models|videos|realtime|moderations)$/;
const API_NEARBY = /open_?ai|api_?base|base_?ur[li]|api_?ur[li]|endpoint|llm/i;

/** Files that declare the repository's own routes. */
const ROUTES_FILE = /(?:^|\/)routes?(?:\/|\.\w+$)/;

function isCall({ before, value, match, line, code, fileHolds, path }: RuleMatch): boolean {
  const above = code.slice(Math.max(0, match.index - 60), match.index);
  if (ROUTES_FILE.test(path) || /\b(?:route|path)\s*(?:\(|=)\s*$/.test(above)) return false;
  // In a comparison or a sentence.
  if (/[!=]==?\s*["'`][^"'`]*$|["'`][^"'`]*\S\s[^"'`]*$/.test(before)) return false;
  if (ROUTE.test(before) || ROUTE.test(before.replace(/["'`][^"'`]*$/, ''))) return false;
  if (value === '/chat/completions' || match[0].includes('/v1/')) return true;
  if (!COMMON_WORD.test(value)) return API_NEARBY.test(line) || fileHolds(CALLS_OVER_HTTP);
  // The base URL may be named before or after the path.
  return API_NEARBY.test(/^["'`]/.test(match[0]) ? before : line);
}

/** A variable or setting with the key; other rules report it. */
const KEY_NAMED = new RegExp(
  `${API_KEY_VARIABLE.source}|config\\(|credentials|configuration\\[|Configuration\\[`,
);

/** What follows `Bearer ` or the parenthesis if the key is not a literal. */
const FILLED_IN = /^(?:["'`]\s*(?:\+|\.|,|<<)|#?\{|\$|%|&?\s*,?\s*[a-z_])/i;

/** Requests without a client library. */
export const RAW_REQUEST_RULES = rulesFor({ families: OTHER_CODE }, [
  {
    id: 'code-official-url',
    kind: 'base_url',
    pattern: pattern(
      'i',
    )`["'\`](?<value>(?:https?|wss?)://${OFFICIAL_HOST}(?:/[^\s"'\`<>()[\]{}|\\,;]{0,200})?)(?=["'\`\\?{$%])`,
    accept: ({ before }) => !/\b(?:placeholder|description|help|label|hint)\b["']?\s*[=:(]/i.test(before),
    value: (url) => baseOfUrl(url),
    hardCoded: (found) => !isFallback(found),
  },
  {
    id: 'code-compatible-url',
    kind: 'base_url',
    pattern:
      /["'`](?<value>https?:\/\/[\w.:-]{3,80}(?:\/[\w.-]{1,40}){0,3}?\/v1)\/(?:chat\/completions|embeddings|responses|completions)["'`]/,
    hardCoded: (found) => !isFallback(found),
    confidence: 'medium',
  },
  {
    id: 'code-endpoint-path',
    kind: 'endpoint',
    pattern:
      /["'`}{sv](?:\/?v1)?(?<value>\/(?:chat\/completions|responses|conversations|embeddings|completions|images\/(?:generations|edits|variations)|audio\/(?:transcriptions|translations|speech)|files|uploads|batches|assistants|threads|vector_stores|fine_tuning\/jobs|moderations|models))(?=["'`?]|\\?")/,
    needs: 'mention',
    value: (path) => endpointOfPath(path),
    accept: isCall,
    confidence: 'medium',
  },
  {
    id: 'code-endpoint-name',
    kind: 'endpoint',
    // Without a leading slash, for clients that join a path to their base URL.
    pattern:
      /(?:["'](?:v1\/)?(?<value>chat\/completions|images\/(?:generations|edits|variations)|audio\/(?:transcriptions|translations|speech))["'?]|\brequest\w*\([^()\n]{0,60},\s*["'](?<word>completions|embeddings|responses|models|moderations)["'])/,
    needs: 'mention',
    value: (_, { match: { groups = {} } }) => endpointOfPath(`/${groups.value ?? groups.word ?? ''}`),
    accept: (found) =>
      found.match.groups?.word === undefined ? isCall(found) : found.fileHolds(CALLS_OVER_HTTP),
    confidence: 'medium',
  },
  {
    id: 'code-authorization-header',
    kind: 'api_key',
    pattern:
      /(?<value>["']Authorization["']\]?\s*(?:=>|,|:|=)\s*(?:fmt\.Sprintf\(|format!\(|String\.format\()?\$?["'`]Bearer\s|\breturn\s+["']Bearer\s|\.bearer_auth\(|AuthenticationHeaderValue\(\s*"Bearer"|\bwithToken\()/,
    needs: 'mention',
    value: 'Authorization',
    // A key that the line names is reported by name.
    accept: ({ line, code, fileHolds, path, match }) =>
      (fileHolds(CALLS_OVER_HTTP) || /open_?-?ai/i.test(path)) &&
      !KEY_NAMED.test(line) &&
      FILLED_IN.test(code.slice(match.index + match[0].length)),
    hardCoded: false,
    confidence: 'medium',
  },
]);
