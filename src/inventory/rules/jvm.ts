import { chainedCalls } from '../call-chain.ts';
import { type Rule, type RuleMatch, rulesFor } from '../rule.ts';
import type { Endpoint } from '../site.ts';
import { anyOf, pattern } from '../vocabulary.ts';
import { CALLS_OVER_HTTP } from './request-context.ts';

/** Models of langchain4j, without the name of the API. */
const LANGCHAIN4J_MODELS: Readonly<Record<string, Endpoint>> = {
  Chat: 'chat.completions',
  ResponsesChat: 'responses',
  Language: 'completions',
  Embedding: 'embeddings',
  Image: 'images.generations',
  Moderation: 'moderations',
  AudioTranscription: 'audio.transcriptions',
};

const OTHER_PROVIDERS_MODULE =
  /springframework\.ai\.(?:ollama|anthropic|vertexai|google|bedrock|mistralai|transformers|deepseek|zhipuai)\b/;

/** Spring AI has the same interfaces for all providers, so files and modules that name another one don't count. */
const isOfOpenAi = ({ fileHolds, path }: RuleMatch, receiver = ''): boolean =>
  /openai/i.test(receiver + path) ||
  !(
    fileHolds(OTHER_PROVIDERS_MODULE) || /[-/](?:ollama|mistral|anthropic|bedrock|transformers)\b/i.test(path)
  );

function springEndpoint(method: string, receiver: string): Endpoint | null {
  if (method === 'prompt')
    return /client|chat|ai|agent|assistant|builder|build\(\)/i.test(receiver) ? 'chat.completions' : null;
  if (/embedding/i.test(receiver)) return 'embeddings';
  if (/^embed/.test(method)) return null;
  if (/image(?:Model|Client)/i.test(receiver)) return 'images.generations';
  if (/transcription/i.test(receiver)) return 'audio.transcriptions';
  if (/speech|tts/i.test(receiver)) return 'audio.speech';
  if (/moderation/i.test(receiver)) return 'moderations';
  return /chat(?:Model|Client)|openAi(?:Model|Client)/i.test(receiver) && method !== 'transcribe'
    ? 'chat.completions'
    : null;
}

/** What the calls that are chained to a prompt of Spring AI ask for. */
const CHAINED = { stream: 'streaming', entity: 'structured_outputs', tools: 'tools' } as const;

/** Endpoints and features in Java, Kotlin, Scala and Groovy. */
export const JVM_RULES = rulesFor({ families: ['jvm'] }, [
  {
    id: 'langchain4j-endpoint',
    kind: 'endpoint',
    sdk: 'langchain4j',
    pattern: pattern()`\b(?:Azure)?OpenAi(?:Streaming)?(?<value>${anyOf(LANGCHAIN4J_MODELS)})Model\s*\.\s*(?:builder|withApiKey)\(`,
    needs: ['langchain4j'],
    value: (model) => LANGCHAIN4J_MODELS[model] ?? null,
  },
  {
    id: 'spring-ai-endpoint',
    kind: 'endpoint',
    sdk: 'spring-ai',
    pattern:
      /\b(?<receiver>\w+(?:\(\))?)\s*\.\s*(?<value>prompt|call|stream|embed|embedForResponse|transcribe)\(/,
    needs: ['spring-ai'],
    value: (method, { match: { groups } }) => springEndpoint(method, groups?.receiver ?? ''),
    accept: (found) => isOfOpenAi(found, found.match.groups?.receiver),
    confidence: 'medium',
  },
  ...Object.entries(CHAINED).map(
    ([name, feature]): Rule => ({
      id: `jvm-chain-${name}`,
      kind: 'feature',
      families: ['jvm'],
      sdk: 'spring-ai',
      pattern: /\.\s*(?<value>prompt)\(/,
      needs: ['spring-ai'],
      value: feature,
      accept: (found) =>
        isOfOpenAi(found) && chainedCalls(found.code, found.offset).some((call) => call.name === name),
    }),
  ),
  {
    id: 'jvm-streaming-annotation',
    kind: 'feature',
    pattern: /^[ \t]*(?<value>@Streaming)\b/m,
    value: 'streaming',
    accept: ({ fileHolds }) => fileHolds(CALLS_OVER_HTTP),
  },
  {
    id: 'jvm-tool-annotation',
    kind: 'feature',
    pattern: /^[ \t]*(?<value>@Tool)(?=[\s(])/m,
    needs: ['langchain4j', 'spring-ai'],
    value: 'tools',
  },
]);
