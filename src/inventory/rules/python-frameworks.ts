import { JAVASCRIPT_AND_PYTHON } from '../languages.ts';
import { isLocalClass } from '../local-classes.ts';
import { type RuleMatch, rulesFor } from '../rule.ts';
import type { Endpoint } from '../site.ts';
import { anyOf, byName, pattern } from '../vocabulary.ts';

/** Classes of the client before version 1, with methods such as `create` and `acreate`. */
const V0_CLASSES: Readonly<Record<string, Endpoint>> = {
  ChatCompletion: 'chat.completions',
  Completion: 'completions',
  Embedding: 'embeddings',
  Image: 'images.generations',
  Audio: 'audio.transcriptions',
  Moderation: 'moderations',
  File: 'files',
  FineTune: 'fine_tuning',
  FineTuningJob: 'fine_tuning',
  Model: 'models.list',
  Engine: 'models.list',
};

/** Methods whose endpoint differs from their class's. */
const V0_METHODS: Readonly<Record<string, Endpoint>> = {
  'Audio.translate': 'audio.translations',
  'Image.create_edit': 'images.edits',
  'Image.create_variation': 'images.variations',
};

/** Classes of LangChain, LlamaIndex and others in Python and JavaScript, by endpoint. */
export const CLASSES = byName<Endpoint>({
  'chat.completions': [
    'ChatOpenAI',
    'AzureChatOpenAI',
    'OpenAILike',
    'OpenAIChatModel',
    'OpenAIServerModel',
    'OpenAIChatGenerator',
    'OpenAIChatCompletionClient',
    'ChatLiteLLM',
  ],
  responses: ['OpenAIResponsesModel'],
  embeddings: [
    'OpenAIEmbeddings',
    'AzureOpenAIEmbeddings',
    'OpenAIEmbedding',
    'OpenAIEmbeddingFunction',
    'OpenAITextEmbedder',
    'OpenAIDocumentEmbedder',
  ],
  'audio.transcriptions': ['OpenAIWhisperParser', 'OpenAIWhisperAudio'],
  'images.generations': ['DallEAPIWrapper'],
  moderations: ['OpenAIModerationChain'],
  assistants: ['OpenAIAssistantRunnable'],
});

/** Functions of LiteLLM. */
const LITELLM = byName<Endpoint>({
  'chat.completions': ['completion', 'acompletion', 'batch_completion', 'completion_with_retries'],
  completions: ['text_completion'],
  responses: ['responses', 'aresponses'],
  embeddings: ['embedding', 'aembedding'],
  'images.generations': ['image_generation', 'aimage_generation'],
  'audio.transcriptions': ['transcription', 'atranscription'],
  'audio.speech': ['speech', 'aspeech'],
  moderations: ['moderation', 'amoderation'],
});

const isDefinition = (found: RuleMatch): boolean =>
  isLocalClass(found.value, found) ||
  /\b(?:class|def|import|extends|instanceof|typeof)\s+[\w, ]*$/.test(found.before);

/** The older OpenAI client, LangChain, LlamaIndex, LiteLLM and similar frameworks in Python. */
export const PYTHON_FRAMEWORK_RULES = rulesFor({ families: ['python'] }, [
  {
    id: 'openai-python-v0-call',
    kind: 'endpoint',
    pattern: pattern()`(?:(?<![\w.])(?:\w*openai\w*\.|(?:(?!self\b)\w+\.)?(?=ChatCompletion\.a?create\b))|(?<=\b(?:framework|client|ai)\.))(?<value>${anyOf(V0_CLASSES)})\.(?<method>a?(?:create|list|transcribe|translate|retrieve|create_edit|create_variation|upload))\b`,
    needs: 'mention',
    value: (name, { match }) =>
      V0_METHODS[`${name}.${(match.groups?.method ?? '').replace(/^a/, '')}`] ?? V0_CLASSES[name] ?? null,
  },
  {
    id: 'framework-class',
    kind: 'endpoint',
    families: JAVASCRIPT_AND_PYTHON,
    pattern: pattern()`(?<!\w)(?<value>${anyOf(CLASSES)})\s*(?:<[^<>()]{0,80}>)?\(`,
    needs: 'mention',
    value: (name) => CLASSES[name] ?? null,
    accept: (found) => !isDefinition(found),
  },
  {
    id: 'llama-index-llm',
    kind: 'endpoint',
    sdk: 'llama-index',
    pattern: /(?<![\w.])(?<value>OpenAI|AzureOpenAI|OpenAIMultiModal)\(/,
    needs: ['llama-index'],
    value: 'chat.completions',
    accept: (found) =>
      !isDefinition(found) &&
      found.fileHolds(/llama_index\.(?:llms|multi_modal_llms)\S*\s+import\b[^)]{0,200}OpenAI/),
  },
  {
    id: 'langchain-python-llm',
    kind: 'endpoint',
    sdk: 'langchain-python',
    pattern: /(?<![\w.])(?<value>OpenAI|AzureOpenAI)\(/,
    needs: ['langchain-python'],
    value: 'completions',
    accept: (found) =>
      !isDefinition(found) && found.fileHolds(/langchain\S*\s+import\b[^\n]*\b(?:Azure)?OpenAI\b(?!Embed)/),
    confidence: 'medium',
  },
  {
    id: 'python-init-chat-model',
    kind: 'endpoint',
    pattern: /(?<![\w.])(?<value>init_chat_model)\(/,
    needs: 'mention',
    value: 'chat.completions',
    accept: ({ inside }) => /openai|gpt-|["']o\d/i.test(inside),
  },
  {
    id: 'litellm-call',
    kind: 'endpoint',
    sdk: 'litellm',
    pattern: pattern()`(?:(?<![\w.])litellm\.|\brouter\.(?=a?(?:comp|emb))|(?<![\w.]))(?<value>${anyOf(LITELLM)})\(`,
    needs: ['litellm'],
    value: (name) => LITELLM[name] ?? null,
    accept: (found) =>
      !isDefinition(found) && (/(?:litellm|\brouter)\.$/.test(found.before) || isImported(found)),
  },
]);

/** Whether a name is imported from LiteLLM. */
const isImported = ({ value, fileHolds }: RuleMatch): boolean =>
  fileHolds(new RegExp(`from\\s+litellm\\s+import\\s+(?:\\([^)]*|[^\\n]*)\\b${value}\\b`));
