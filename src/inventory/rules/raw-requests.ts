import { isFallback } from '../fallback.ts';
import { OTHER_CODE } from '../languages.ts';
import { rulesFor } from '../rule.ts';
import { baseOfUrl, OFFICIAL_HOST, pattern } from '../vocabulary.ts';

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
]);
