import { type RuleMatch, rulesFor } from '../rule.ts';
import type { Endpoint } from '../site.ts';
import { byName, pattern } from '../vocabulary.ts';
import { endpointOfMethod } from './client-methods.ts';

/** Methods of the AI SDK's provider. */
const PROVIDER_METHODS = byName<Endpoint>({
  'chat.completions': ['chat'],
  responses: ['responses'],
  completions: ['completion'],
  embeddings: ['embedding', 'embeddingModel', 'textEmbedding', 'textEmbeddingModel'],
  'images.generations': ['image', 'imageModel'],
  'audio.transcriptions': ['transcription'],
  'audio.speech': ['speech'],
});

/** What methods of the client before version 4 create or list. */
const NOUNS =
  /ChatCompletion|Completion|Embedding|Image|ImageEdit|ImageVariation|Transcription|Translation|Moderation|File|FineTune|Models/;

export const mayUseOpenAi = ({ fileHolds }: RuleMatch): boolean =>
  fileHolds(/@ai-sdk\/(?:openai|azure)|\bopenai\b/i) || !fileHolds(/@ai-sdk\/\w+/);

/** The older OpenAI client, the AI SDK, LangChain and LlamaIndex in JavaScript and TypeScript. */
export const JAVASCRIPT_FRAMEWORK_RULES = rulesFor({ families: ['javascript'] }, [
  {
    id: 'openai-node-v3-call',
    kind: 'endpoint',
    pattern: pattern('i')`(?:openai|api|client|ai)\w*\s*\.\s*(?<value>(?:create|list)(?:${NOUNS}))\s*\(`,
    needs: 'mention',
    value: endpointOfMethod,
  },
  {
    id: 'chatgpt-npm-call',
    kind: 'endpoint',
    sdk: 'chatgpt-npm',
    pattern: /(?<!\b(?:telegram|ctx|bot|chrome|runtime|tabs|channel|chat))\.\s*(?<value>sendMessage)\(/i,
    needs: ['chatgpt-npm'],
    value: 'chat.completions',
  },
  {
    id: 'azure-openai-node-call',
    kind: 'endpoint',
    pattern:
      /\.\s*(?<value>(?:get|stream)(?:ChatCompletions|Completions|Embeddings|Images|AudioTranscription))\s*\(/,
    needs: 'mention',
    value: endpointOfMethod,
    accept: ({ fileHolds }) => fileHolds(/@azure\/openai|AzureKeyCredential/),
  },
  {
    id: 'vercel-ai-endpoint',
    kind: 'endpoint',
    sdk: 'vercel-ai',
    pattern:
      /\b(?:openai|azure)\w*\s*\.\s*(?<value>chat|responses|completion|embedding(?:Model)?|textEmbedding(?:Model)?|image(?:Model)?|transcription|speech)\(/i,
    needs: ['vercel-ai'],
    value: (method) => PROVIDER_METHODS[method] ?? null,
  },
  {
    id: 'vercel-ai-generate',
    kind: 'endpoint',
    pattern:
      /(?<![\w.$])(?<value>generateText|streamText|generateObject|streamObject|streamUI)\s*(?:<[^<>()]{0,80}>)?\(\s*\{/,
    needs: ['vercel-ai'],
    value: 'chat.completions',
    accept: mayUseOpenAi,
    confidence: 'medium',
    note: 'From version 5, the AI SDK calls /responses unless openai.chat() creates the model.',
  },
  {
    id: 'vercel-ai-embed',
    kind: 'endpoint',
    sdk: 'vercel-ai',
    pattern: /(?<![\w.$])(?<value>embed|embedMany)\s*\(\s*\{/,
    needs: ['vercel-ai'],
    value: 'embeddings',
    accept: mayUseOpenAi,
  },
  {
    id: 'javascript-framework-streaming',
    kind: 'feature',
    pattern:
      /(?<![\w.$])(?<value>streamText|streamUI|toDataStreamResponse|OpenAIStream)\s*(?:<[^<>()]{0,80}>)?\(/,
    needs: ['vercel-ai'],
    accept: (found) => mayUseOpenAi(found) && !/function\s+$/.test(found.before),
    value: 'streaming',
  },
]);
