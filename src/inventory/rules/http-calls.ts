import { isFallback } from '../fallback.ts';
import { CODE, JAVASCRIPT_AND_PYTHON } from '../languages.ts';
import { rulesFor } from '../rule.ts';
import { baseOfUrl } from '../vocabulary.ts';

/** The last URL before a header belongs to another service. */
const OTHER_HOST =
  /https?:\/\/(?!localhost|127\.|[^\s"'`]*(?:openai|chat\/completions))[^\s"'`]+(?:(?!https?:\/\/)[\s\S])*$/i;

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
    id: 'http-authorization',
    kind: 'api_key',
    pattern:
      /(?<![\w-])["'`]?(?<value>Authorization)["'`]?\]?\s*[:=,]\s*(?:f?["'`]Bearer\s|["'`]Bearer["'`]|\w*[kK]ey\b|`Bearer)/i,
    needs: 'mention',
    value: 'Authorization',
    accept: ({ after, code, match }) =>
      !/anthropic|github|supabase|slack|stripe|hugging|cohere|mistral|notion|serper|tavily|session|user_?token|access_?token|jwt|auth_?token|id_?token/i.test(
        after,
      ) &&
      !OTHER_HOST.test(code.slice(Math.max(0, match.index - 300), match.index)) &&
      /openai|\bgpt-|chat\/completions|LLM_/i.test(
        code.slice(Math.max(0, match.index - 1_500), match.index + 1_500),
      ),
    hardCoded: false,
    confidence: 'medium',
  },
  {
    id: 'http-azure-key-header',
    kind: 'api_key',
    families: CODE,
    pattern: /["'](?<value>api-key)["']\]?\s*(?:=>|[:=,](?!=))\s*(?=\S)/,
    needs: 'mention',
    accept: ({ fileHolds }) => fileHolds(/azure/i),
    hardCoded: false,
    confidence: 'medium',
    note: 'azure: the key has its own header.',
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
