import { isFallback } from '../fallback.ts';
import { OTHER_CODE } from '../languages.ts';
import { rulesFor } from '../rule.ts';
import { API_KEY_VARIABLE, baseOfUrl, OFFICIAL_HOST, pattern } from '../vocabulary.ts';
import { CALLS_OVER_HTTP } from './request-context.ts';

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
