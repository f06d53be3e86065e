import { isFallback } from '../fallback.ts';
import { OTHER_CODE } from '../languages.ts';
import { type RuleMatch, rulesFor } from '../rule.ts';
import { API_KEY_VARIABLE, anyOf, baseOfUrl, endpointOfPath, OFFICIAL_HOST, pattern } from '../vocabulary.ts';
import { FORMAT_TYPES, isPartType, PARAMETERS, PART_TYPES } from '../wire-names.ts';

/** Plain HTTP calls to the API. In files with them, words such as `stream` are request parameters. */
const CALLS_OVER_HTTP =
  /chat\/completions|api\.openai\.com|\/v1\/(?:responses|embeddings|completions|images|audio)|openai\.azure\.com|\[\{\s*\\?["']role/i;

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

/** Reads of a response, field tags, lists of names. */
const NOT_SET =
  /\b(?:opt|get|Get|TryGetProperty|GetProperty|contains|containsKey|ContainsKey|has|remove|pluck|required|rename)\w*\(\s*\\?["']?$|json:\\?["']?$|\[\s*$/;
/** `put("stream", true)` and `Map.of("model", m, "stream", true)`: a comma separates name and value. */
const PUTS = /(?:put|add|set|entry|pair|insert|append|Property|Map\.of|mapOf|with)\w*\([^;\n]{0,200}$/;

function isParameter({ fileHolds, before, after }: RuleMatch): boolean {
  if (!fileHolds(CALLS_OVER_HTTP) || NOT_SET.test(before)) return false;
  return !/^\\?["']\s*,/.test(after) || PUTS.test(before);
}

/** A variable or setting with the key; other rules report it. */
const KEY_NAMED = new RegExp(
  `${API_KEY_VARIABLE.source}|config\\(|credentials|configuration\\[|Configuration\\[`,
);

/** What follows `Bearer ` or the parenthesis if the key is not a literal. */
const FILLED_IN = /^(?:["'`]\s*(?:\+|\.|,|<<)|#?\{|\$|%|&?\s*,?\s*[a-z_])/i;

const TYPES = { ...PART_TYPES, ...FORMAT_TYPES };

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
  {
    id: 'code-request-parameter',
    kind: 'feature',
    families: ['go', 'jvm', 'rust', 'dotnet', 'shell', 'other'],
    pattern: pattern()`\\?["'](?<value>${anyOf(PARAMETERS)})\\?["']\s*(?::|=>|,|\]\s*=(?!=)|\bto\b)(?!\s*(?:nil\b|null\b|None\b|false\b|\[\s*\]|\\?["'](?!\$)|json!\(\[\]\)|new\s*(?:ArrayList|List)\w*<[^>]*>\(\)\s*[,)]))`,
    needs: 'mention',
    value: (parameter) => PARAMETERS[parameter] ?? null,
    accept: isParameter,
    confidence: 'medium',
  },
  {
    id: 'code-request-several',
    kind: 'feature',
    pattern: /\\?["'](?<value>n)\\?["']\s*(?:=>|:|,|\]\s*=(?!=))\s*(?!1\b|0\b|nil\b|null\b|None\b)[\w$*&(]/,
    needs: 'mention',
    value: 'multiple_choices',
    accept: ({ code, match }) =>
      /["'](?:messages|prompt)\\?["']/.test(code.slice(Math.max(0, match.index - 500), match.index + 500)),
    confidence: 'medium',
  },
  {
    id: 'code-request-type',
    kind: 'feature',
    families: [...OTHER_CODE, 'shell'],
    pattern: pattern()`\\?["']?\btype\\?["']?\s*(?::|=>|,|\]\s*=)\s*\\?[:"'](?<value>${anyOf(TYPES)})\b`,
    needs: 'mention',
    value: (type) => TYPES[type] ?? null,
    accept: isPartType,
  },
  {
    id: 'dotnet-anonymous-parameter',
    kind: 'feature',
    families: ['dotnet'],
    pattern: pattern()`(?<=[{,\n]\s{0,40})(?<value>${anyOf(PARAMETERS)})\s*=(?![=>])(?!\s*(?:null|false|Array\.Empty|new\s+\w+\[0\])\b)`,
    needs: 'mention',
    value: (parameter) => PARAMETERS[parameter] ?? null,
    accept: ({ fileHolds }) => fileHolds(CALLS_OVER_HTTP),
    confidence: 'medium',
  },
]);
