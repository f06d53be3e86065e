import { type RuleMatch, rulesFor } from '../rule.ts';
import type { Endpoint } from '../site.ts';
import { anyOf, byName, pattern } from '../vocabulary.ts';

/** Models of langchain4j, by endpoint. */
const LANGCHAIN4J_MODELS = byName<Endpoint>({
  'chat.completions': [
    'OpenAiChatModel',
    'OpenAiStreamingChatModel',
    'AzureOpenAiChatModel',
    'AzureOpenAiStreamingChatModel',
  ],
  responses: ['OpenAiResponsesChatModel'],
  completions: ['OpenAiLanguageModel', 'OpenAiStreamingLanguageModel'],
  embeddings: ['OpenAiEmbeddingModel', 'AzureOpenAiEmbeddingModel'],
  'images.generations': ['OpenAiImageModel', 'AzureOpenAiImageModel'],
  moderations: ['OpenAiModerationModel'],
  'audio.transcriptions': ['OpenAiAudioTranscriptionModel'],
});

/** Endpoints in Java, Kotlin, Scala and Groovy. */
export const JVM_ENDPOINT_RULES = rulesFor({ families: ['jvm'] }, [
  {
    id: 'langchain4j-endpoint',
    kind: 'endpoint',
    sdk: 'langchain4j',
    pattern: pattern()`\b(?<value>${anyOf(LANGCHAIN4J_MODELS)})\s*\.\s*(?:builder|withApiKey)\(`,
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
]);

const OTHER_PROVIDERS_MODULE =
  /springframework\.ai\.(?:ollama|anthropic|vertexai|google|bedrock|mistralai|transformers|deepseek|zhipuai)\b/;

/** Spring AI has the same interfaces for all providers, so files and modules that name another one don't count. */
export const isOfOpenAi = ({ fileHolds, path }: RuleMatch, receiver = ''): boolean =>
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
