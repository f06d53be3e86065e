import { enclosingCall } from '../brackets.ts';
import { isFallback } from '../fallback.ts';
import { CODE, JAVASCRIPT_AND_PYTHON } from '../languages.ts';
import { type RuleMatch, rulesFor } from '../rule.ts';
import { baseOfUrl, ENDPOINT_PATH, endpointOfPath, OTHER_PROVIDER, pattern } from '../vocabulary.ts';

/** Calls and decorators that declare a route of the repository's own server. */
const OWN_ROUTE =
  /(?:^|\.)(?:get|post|put|patch|delete|all|use|route|add_api_route|add_url_rule|path|re_path|mount|include_router|websocket|head|options|GET|POST|http)$/;

const OWN_SERVER =
  /^(?:app|router|server|api|fastify|blueprint|bp|route\w*|r|\w*[rR]outer|\w*_bp|\w*App|hono|web)\.|^(?:path|re_path|Route|APIRoute)$/;

/** The rules for any language find complete URLs. */
const AFTER_KNOWN_HOST = /:\/\/[^\s"'`]*(?:api\.openai\.com|openai\.azure\.com)[^\s"'`]*$/i;

/** Whether a path is one that this repository serves or compares with, or that another rule reports. */
function isNotCall({ code, match, before }: RuleMatch): boolean {
  if (AFTER_KNOWN_HOST.test(before)) return true;
  const call = enclosingCall(code, match.index);
  if (OWN_SERVER.test(call) && (OWN_ROUTE.test(call) || /^(?:path|re_path|Route|APIRoute)$/.test(call)))
    return true;
  return /(?:pathname|\.path|\burl)\s*(?:===?|!==?|\.(?:startsWith|endsWith|includes)\()\s*["'`]|\bin\s+request|@\w+\.(?:get|post|route)\(|\/api["'`]?\/?$/.test(
    before,
  );
}

/** A path that many services have, on a literal host of another service. */
const isOtherHost = ({ before, value }: RuleMatch): boolean =>
  !/chat|embeddings|audio|images|moderations/.test(value) &&
  /:\/\/(?!localhost|127\.|0\.0)[\w.-]+\.[a-z]{2,}[^\s"'`]*$/i.test(before) &&
  !/openai/i.test(before);

/** Other services with the same paths, and the repository's own. */
const OTHER_SERVICE = pattern('i')`${OTHER_PROVIDER}|elevenlabs|jina|pinecone|/api/`;

/** The last URL before a header belongs to another service. */
const OTHER_HOST =
  /https?:\/\/(?!localhost|127\.|[^\s"'`]*(?:openai|chat\/completions))[^\s"'`]+(?:(?!https?:\/\/)[\s\S])*$/i;

/** Requests to the API without a client library: paths, headers, sockets. */
export const HTTP_CALL_RULES = rulesFor({ families: JAVASCRIPT_AND_PYTHON }, [
  {
    id: 'http-endpoint-chat',
    kind: 'endpoint',
    pattern: /(?<=["'`/}\w])(?<value>(?<![\w/-]completions)\/?chat\/completions)(?![\w/-])/,
    value: 'chat.completions',
    accept: (found) => !isNotCall(found) && !/resources|types|\bfrom\s|\bimport\b/.test(found.before),
  },
  {
    id: 'http-endpoint-versioned',
    kind: 'endpoint',
    pattern: pattern()`(?<=["'\`}]/?|[\w]/)v1(?<value>${ENDPOINT_PATH})(?![\w-])`,
    needs: 'mention',
    value: (path) => endpointOfPath(path),
    accept: (found) => !isNotCall(found) && !isOtherHost(found) && !OTHER_SERVICE.test(found.line),
  },
  {
    id: 'http-endpoint-appended',
    kind: 'endpoint',
    pattern: pattern(
      'i',
    )`(?:(?:base|openai|llm|gpt)_?(?:api_?)?(?:base|ur[li]|host|endpoint)?\w*(?:\(\))?(?:\.rstrip\([^()\n]{0,10}\)|\.replace\([^()\n]{0,20}\))?\}|(?:base|openai|llm)\w*\s*\+\s*["'\`])(?<value>${ENDPOINT_PATH})(?![\w-])`,
    needs: 'mention',
    value: (path) => endpointOfPath(path),
    accept: (found) => !isNotCall(found) && !OTHER_SERVICE.test(found.line),
    confidence: 'medium',
  },
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
