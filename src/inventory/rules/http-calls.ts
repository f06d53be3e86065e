import { isFallback } from '../fallback.ts';
import { JAVASCRIPT_AND_PYTHON } from '../languages.ts';
import { rulesFor } from '../rule.ts';
import { baseOfUrl } from '../vocabulary.ts';

/** Requests to the API without a client library: paths, headers, sockets. */
export const HTTP_CALL_RULES = rulesFor({ families: JAVASCRIPT_AND_PYTHON }, [
  {
    id: 'http-compatible-url',
    kind: 'base_url',
    pattern: /["'`](?<value>https?:\/\/(?![\w.]*openai\.)[\w.:/-]{3,120}\/chat\/completions)\b/,
    value: (url) => baseOfUrl(url),
    hardCoded: (found) => !isFallback(found),
  },
  {
    id: 'http-realtime-socket',
    kind: 'endpoint',
    pattern:
      /(?<![\w$])(?<value>(?:OpenAIRealtime(?:WebSocket|WS)|RealtimeClient|OpenAIRealtimeWebRTC|RealtimeSession|realtime\.connect))\s*\(/,
    needs: 'mention',
    value: 'realtime',
    accept: ({ before }) => !/\b(?:class|def|function)\s+$|supabase/i.test(before),
  },
]);
