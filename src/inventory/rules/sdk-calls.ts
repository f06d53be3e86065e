import { usesOtherProvider } from '../call-options.ts';
import { JAVASCRIPT_AND_PYTHON } from '../languages.ts';
import type { Rule, RuleMatch } from '../rule.ts';
import type { Endpoint } from '../site.ts';
import { pattern } from '../vocabulary.ts';

/** What may come between a resource and its method: the Python client's wrappers. */
const WRAPPER = /(?:\s*\.\s*with_(?:raw|streaming)_response)?\s*\.\s*/;

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
  return CLIENT_RECEIVER.test(receiver) || sdks.some((sdk) => sdk.startsWith('openai'));
}

/** A rule for methods of one of the client's resources, as both languages spell them. */
function sdkCall(endpoint: Endpoint, resource: RegExp, methods: RegExp): Rule {
  return {
    id: `sdk-call-${endpoint.replaceAll(/[._]/g, '-')}`,
    kind: 'endpoint',
    families: JAVASCRIPT_AND_PYTHON,
    pattern: pattern()`\.\s*(?<value>${resource})${WRAPPER}${methods}\b(?!\s*[:=](?!=))`,
    needs: 'mention',
    value: endpoint,
    accept: isCallOfClient,
  };
}

/** Calls of the official clients for JavaScript and Python (version 1 and later), and of compatible ones. */
export const SDK_CALL_RULES: readonly Rule[] = [
  {
    id: 'sdk-call-chat-completions',
    kind: 'endpoint',
    families: JAVASCRIPT_AND_PYTHON,
    pattern: pattern()`\.\s*(?<value>chat\s*\.\s*completions)${WRAPPER}(?:create|parse|stream|runTools|run_tools|runFunctions|retrieve|list)\b(?!\s*=(?!=))`,
    value: 'chat.completions',
    accept: (found) =>
      !usesOtherProvider(found) &&
      (found.sdks.length > 0 || !/groq|cerebras|together|mistral/i.test(found.before)),
  },
  sdkCall(
    'responses',
    /responses/,
    /(?:create|parse|stream|retrieve|cancel|compact|connect|inputItems|input_items)/,
  ),
  sdkCall('conversations', /conversations/, /(?:create|retrieve|items)/),
  sdkCall('embeddings', /embeddings/, /create/),
  sdkCall('completions', /(?<!chat\s{0,40}\.\s{0,40})completions/, /create/),
  sdkCall('images.generations', /images/, /generate/),
  sdkCall('images.edits', /images/, /edit/),
  sdkCall('images.variations', /images/, /(?:create_variation|createVariation)/),
  sdkCall('audio.transcriptions', /audio\s*\.\s*transcriptions/, /create/),
  sdkCall('audio.translations', /audio\s*\.\s*translations/, /create/),
  sdkCall('audio.speech', /audio\s*\.\s*speech/, /create/),
  sdkCall('videos', /videos/, /(?:create\w*|remix|retrieve|downloadContent|download_content)/),
  sdkCall(
    'files',
    /(?<!vector_stores\.|vectorStores\.|containers\.)files/,
    /(?:create|retrieve\w*|content|waitForProcessing|wait_for_processing|del|delete|list)/,
  ),
  sdkCall('uploads', /uploads/, /(?:create|complete|parts)/),
  sdkCall('batches', /batches/, /(?:create|retrieve|cancel|list)/),
  sdkCall('assistants', /assistants/, /(?:create|retrieve|update|del|delete|list)/),
  sdkCall('threads', /threads/, /(?:create\w*|retrieve|update|del|delete|messages|runs)/),
  sdkCall(
    'vector_stores',
    /(?:vector_stores|vectorStores)/,
    /(?:create\w*|retrieve|update|del|delete|list|search|files|fileBatches|file_batches)/,
  ),
  sdkCall('containers', /containers/, /(?:create|retrieve|list|files)/),
  sdkCall('evals', /evals/, /(?:create|retrieve|runs)/),
  sdkCall(
    'realtime',
    /realtime/,
    /(?:connect|sessions|clientSecrets|client_secrets|transcriptionSessions|transcription_sessions|calls)/,
  ),
  sdkCall('fine_tuning', /(?:fine_tuning|fineTuning)/, /(?:jobs|checkpoints)/),
  sdkCall('moderations', /moderations/, /create/),
  sdkCall('models.list', /models/, /(?:list|retrieve)/),
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
