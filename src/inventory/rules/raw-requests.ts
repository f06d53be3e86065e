import { isFallback } from '../fallback.ts';
import { OTHER_CODE } from '../languages.ts';
import { rulesFor } from '../rule.ts';

/** Requests without a client library. */
export const RAW_REQUEST_RULES = rulesFor({ families: OTHER_CODE }, [
  {
    id: 'code-compatible-url',
    kind: 'base_url',
    pattern:
      /["'`](?<value>https?:\/\/[\w.:-]{3,80}(?:\/[\w.-]{1,40}){0,3}?\/v1)\/(?:chat\/completions|embeddings|responses|completions)["'`]/,
    hardCoded: (found) => !isFallback(found),
    confidence: 'medium',
  },
]);
