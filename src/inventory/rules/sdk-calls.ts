import { usesOtherProvider } from '../call-options.ts';
import { JAVASCRIPT_AND_PYTHON } from '../languages.ts';
import type { Rule, RuleMatch } from '../rule.ts';
import { pattern } from '../vocabulary.ts';
import { endpointOfCall, PATHS } from './resource-calls.ts';

/** What comes between a resource and its method: the Python client's wrappers. */
const LINK = /(?:\s*\.\s*with_(?:raw|streaming)_response)?\s*\.\s*/;

/** Methods of resources, and resources inside them. */
const METHODS =
  /(?:(?:[cC]reate|retrieve|wait|download)\w*|parse|stream|list|del|delete|cancel|update|search|generate|edit|content|compact|connect|complete|parts|remix|items|runs|messages|files|jobs|sessions|calls|checkpoints|run_?[tT]ools|runFunctions|input_?[iI]tems|file_?[bB]atches|client_?[sS]ecrets|transcription_?[sS]essions)/;

/** Receivers that are another service's client or the repository's own storage. */
const OTHER_RECEIVER =
  /prisma|\bdb\b|supabase|drive|s3|octokit|github|slack|anthropic|claude|groq|mistral|cohere|gemini|genai|google|notion|stripe|twilio|store$|repo(?:sitory)?$|service$|\bfs\b|storage|discord|jira|elevenlabs|replicate|bedrock|\.objects|mongoose|knex/i;

/** Names of receivers that are a client of the API. */
const CLIENT_RECEIVER = /openai|oai|client|llm|gpt|azure|\bai\b|(?:^|\.)api$|sdk/i;

/** Whether the receiver of a call is a client of the API. */
function isCallOfClient(found: RuleMatch): boolean {
  if (usesOtherProvider(found)) return false;
  const { code, match, sdks } = found;
  const before = code.slice(Math.max(0, match.index - 80), match.index);
  const receiver = /(?:[\w$\])!?]|\.|\([^()\n]{0,40}\)|\s*\n\s*\.)*\s*$/.exec(before)?.[0].trim() ?? '';
  if (OTHER_RECEIVER.test(receiver)) return false;
  if (/^chat\s*\./.test(found.value)) return sdks.length > 0 || !/together/i.test(receiver);
  return CLIENT_RECEIVER.test(receiver) || sdks.some((sdk) => sdk.startsWith('openai'));
}

/** Methods of other services' clients: their `chat`, and the conversations that Slack lists. */
const OTHER_CALL =
  /^\.\s*(?:(?:chat|audio)\s*\.\s*(?!completions|trans|speech)|conversations\s*\.\s*(?!create|retrieve|items))/;

/** Calls of the official clients for JavaScript and Python (version 1 and later), and of compatible ones. */
export const SDK_CALL_RULES: readonly Rule[] = [
  {
    id: 'sdk-call',
    kind: 'endpoint',
    families: JAVASCRIPT_AND_PYTHON,
    pattern: pattern()`\.\s*(?<value>${PATHS})${LINK}(?<method>${METHODS})\b(?!\s*[:=](?!=))`,
    needs: 'mention',
    value: (name, found) => (OTHER_CALL.test(found.match[0]) ? null : endpointOfCall(name, found)),
    accept: isCallOfClient,
  },
  {
    id: 'http-realtime-socket',
    kind: 'endpoint',
    families: JAVASCRIPT_AND_PYTHON,
    pattern:
      /(?<![\w$])(?<value>(?:OpenAIRealtime(?:WebSocket|WS)|RealtimeClient|OpenAIRealtimeWebRTC|RealtimeSession|realtime\.connect))\s*\(/,
    needs: 'mention',
    value: 'realtime',
    accept: ({ before }) => !/\b(?:class|def|function)\s+$|supabase/i.test(before),
  },
];
