import { chainedCalls, statementUpTo } from '../call-chain.ts';
import { modelOfConstant } from '../model-constants.ts';
import { isFallback, roleInCode } from '../model-role.ts';
import type { Rule } from '../rule.ts';
import type { ApiFeature, Endpoint } from '../site.ts';
import { anyOf, pattern } from '../vocabulary.ts';

const CLIENTS = ['openai-java', 'langchain4j', 'spring-ai', 'openai-kotlin', 'theokanning-openai'] as const;

/** Services of openai-java's client; white space and parentheses left out. */
const SERVICES: Readonly<Record<string, Endpoint>> = {
  'chat.completions': 'chat.completions',
  completions: 'completions',
  responses: 'responses',
  conversations: 'conversations',
  embeddings: 'embeddings',
  images: 'images.generations',
  'audio.transcriptions': 'audio.transcriptions',
  'audio.translations': 'audio.translations',
  'audio.speech': 'audio.speech',
  files: 'files',
  uploads: 'uploads',
  batches: 'batches',
  'beta.assistants': 'assistants',
  'beta.threads': 'threads',
  vectorStores: 'vector_stores',
  containers: 'containers',
  evals: 'evals',
  'fineTuning.jobs': 'fine_tuning',
  moderations: 'moderations',
  models: 'models.list',
  videos: 'videos',
  realtime: 'realtime',
};

/** Models of langchain4j, each of which speaks to one endpoint. */
const LANGCHAIN4J_MODELS: Readonly<Record<string, Endpoint>> = {
  OpenAiChatModel: 'chat.completions',
  OpenAiStreamingChatModel: 'chat.completions',
  OpenAiResponsesChatModel: 'responses',
  OpenAiLanguageModel: 'completions',
  OpenAiStreamingLanguageModel: 'completions',
  OpenAiEmbeddingModel: 'embeddings',
  OpenAiImageModel: 'images.generations',
  OpenAiModerationModel: 'moderations',
  OpenAiAudioTranscriptionModel: 'audio.transcriptions',
};

/** Methods of two clients whose client is one object: com.theokanning's and aallam's. */
const METHODS: Readonly<Record<string, Endpoint>> = {
  createChatCompletion: 'chat.completions',
  streamChatCompletion: 'chat.completions',
  mapStreamToAccumulator: 'chat.completions',
  chatCompletion: 'chat.completions',
  chatCompletions: 'chat.completions',
  createCompletion: 'completions',
  streamCompletion: 'completions',
  createEmbeddings: 'embeddings',
  embeddings: 'embeddings',
  createImage: 'images.generations',
  imageURL: 'images.generations',
  imageJSON: 'images.generations',
  createImageEdit: 'images.edits',
  createTranscription: 'audio.transcriptions',
  transcription: 'audio.transcriptions',
  translation: 'audio.translations',
  createSpeech: 'audio.speech',
  speech: 'audio.speech',
  uploadFile: 'files',
  createModeration: 'moderations',
  moderations: 'moderations',
  listModels: 'models.list',
  createAssistant: 'assistants',
  createThread: 'threads',
  createRun: 'threads',
};

/** What the builders of requests are asked for. */
const BUILDER_METHODS: Readonly<Record<string, ApiFeature>> = {
  addTool: 'tools',
  addFunctionTool: 'tools',
  tools: 'tools',
  defaultTools: 'tools',
  toolCallbacks: 'tools',
  defaultToolCallbacks: 'tools',
  toolSpecifications: 'tools',
  functions: 'tools',
  parallelToolCalls: 'parallel_tool_calls',
  streamOptions: 'stream_options',
  streamUsage: 'stream_options',
  maxCompletionTokens: 'max_completion_tokens',
  reasoningEffort: 'reasoning_effort',
  logprobs: 'logprobs',
  topLogprobs: 'logprobs',
  logitBias: 'logit_bias',
  seed: 'seed',
  serviceTier: 'service_tier',
  store: 'store',
  previousResponseId: 'previous_response_id',
  promptCacheKey: 'prompt_cache_key',
  background: 'background',
  strictJsonSchema: 'structured_outputs',
  createStreaming: 'streaming',
  generateStreaming: 'streaming',
  streamChatCompletion: 'streaming',
  streamCompletion: 'streaming',
};

const TYPES: Readonly<Record<string, ApiFeature>> = {
  'OpenAiStreamingChatModel.builder': 'streaming',
  'OpenAiStreamingLanguageModel.builder': 'streaming',
  'ChatCompletionContentPartImage.builder': 'vision',
  'ChatCompletionContentPart.ofImageUrl': 'vision',
  'ImageContent.from': 'vision',
  'ResponseInputImage.builder': 'vision',
  'ResponseInputFile.builder': 'file_input',
  'ResponseFormatJsonSchema.builder': 'structured_outputs',
  'ResponseFormatJsonObject.builder': 'json_mode',
  'ResponseFormatType.JSON': 'json_mode',
  'Type.JSON_SCHEMA': 'structured_outputs',
  'Type.JSON_OBJECT': 'json_mode',
  'ChatResponseFormat.JsonObject': 'json_mode',
  RESPONSE_FORMAT_JSON_SCHEMA: 'structured_outputs',
  'WebSearchTool.builder': 'web_search',
  'FileSearchTool.builder': 'file_search',
};

const ENUMS =
  /(?:ChatModel|ResponsesModel|EmbeddingModel|ImageModel|AudioModel|SpeechModel|ModerationModel|WhisperModel|TtsModel|OpenAi\w*ModelName|OpenAIModels(?:\.\w+)?|Models?|ModelType|ModelEnum)/;

/** What programs in Java, Kotlin, Scala and Groovy ask the API for. */
export const JVM_REQUEST_RULES: readonly Rule[] = [
  {
    id: 'openai-java-endpoint',
    kind: 'endpoint',
    sdk: 'openai-java',
    families: ['jvm'],
    pattern:
      /\.\s*(?<value>chat\(\)\s*\.\s*completions|audio\(\)\s*\.\s*(?:transcriptions|translations|speech)|beta\(\)\s*\.\s*(?:assistants|threads)|fineTuning\(\)\s*\.\s*jobs|completions|responses|conversations|embeddings|images|files|uploads|batches|vectorStores|containers|evals|moderations|models|videos|realtime)\(\)\s*\.\s*(?:withRawResponse\(\)\s*\.\s*)?(?<method>create\w*|generate\w*|edit\w*|list|retrieve\w*|content|delete|cancel|search|messages|runs|clientSecrets|files|update)\(/,
    needs: ['openai-java'],
    value: (service, { before, match }) => {
      const name = service.replace(/[()\s]/g, '');
      if (name === 'completions' && /chat\(\)\s*\.\s*$/.test(before)) return null;
      if (name === 'images' && /^edit/.test(match.groups?.method ?? '')) return 'images.edits';
      return SERVICES[name] ?? null;
    },
    hardCoded: false,
    confidence: 'high',
    examples: {
      hit: [
        ['client.chat().completions().create(params)', 'chat.completions'],
        ['client.async()\n  .responses()\n  .createStreaming(params)', 'responses'],
        ['client.images().edit(params)', 'images.edits'],
        ['client.models().list()', 'models.list'],
      ],
      trap: ['repository.files().find(name)', 'completion.choices().get(0)'],
    },
  },
  {
    id: 'langchain4j-endpoint',
    kind: 'endpoint',
    sdk: 'langchain4j',
    families: ['jvm'],
    pattern: pattern()`\b(?<value>${anyOf(LANGCHAIN4J_MODELS)})\s*\.\s*(?:builder|withApiKey)\(`,
    needs: ['langchain4j'],
    value: (model) => LANGCHAIN4J_MODELS[model] ?? null,
    hardCoded: false,
    confidence: 'high',
    examples: {
      hit: [
        ['ChatModel model = OpenAiChatModel.builder()', 'chat.completions'],
        ['return OpenAiEmbeddingModel.builder()', 'embeddings'],
      ],
      trap: ['private final OpenAiChatModel model;', 'OllamaChatModel.builder()'],
    },
  },
  {
    id: 'spring-ai-endpoint',
    kind: 'endpoint',
    sdk: 'spring-ai',
    families: ['jvm'],
    pattern:
      /\b(?<receiver>\w+(?:\(\))?)\s*\.\s*(?<value>prompt|call|stream|embed|embedForResponse|transcribe)\(/,
    needs: ['spring-ai'],
    value: (method, { match: { groups } }) => springEndpoint(method, groups?.receiver ?? ''),
    accept: ({ code }) => !/springframework\.ai\.(?:ollama|anthropic|vertexai|bedrock|mistralai)\b/.test(code),
    hardCoded: false,
    confidence: 'medium',
    examples: {
      hit: [
        ['return chatClient.prompt()\n  .user(text).call().content();', 'chat.completions'],
        ['float[] vector = embeddingModel.embed(text);', 'embeddings'],
        ['ImageResponse image = imageModel.call(prompt);', 'images.generations'],
      ],
      trap: ['String name = console.prompt("name");', 'list.stream().map(f)'],
    },
  },
  {
    id: 'jvm-endpoint-method',
    kind: 'endpoint',
    families: ['jvm'],
    pattern: pattern()`\b(?!this\.)\w*(?:[sS]ervice|[cC]lient|[aA][iI]|[aA]pi)\w*(?:\(\))?(?:!!)?\??\s*\.\s*(?<value>${anyOf(METHODS)})\(`,
    needs: ['openai-kotlin', 'theokanning-openai'],
    value: (method) => METHODS[method] ?? null,
    hardCoded: false,
    confidence: 'high',
    examples: {
      hit: [
        ['val answer = openAI.chatCompletion(request)', 'chat.completions'],
        ['openAiService.streamChatCompletion(request)', 'chat.completions'],
      ],
      trap: ['fun chatCompletion(request: Request) {', 'val n = stats.embeddings()'],
    },
  },
  {
    id: 'jvm-request-option',
    kind: 'feature',
    families: ['jvm'],
    pattern: pattern()`\.\s*(?<value>${anyOf(BUILDER_METHODS)})\((?!\s*(?:\)|null\b|false\b|List\.of\(\)|emptyList\(\)|Collections\.emptyList))`,
    needs: CLIENTS,
    value: (method) => BUILDER_METHODS[method] ?? null,
    accept: ({ code, match, value }) =>
      !/^(?:store|seed|tools|functions|background)$/.test(value) ||
      /open_?ai|chat|params|options|builder|prompt|assistant|AiServices|request/i.test(statementUpTo(code, match.index)),
    hardCoded: false,
    confidence: 'high',
    examples: {
      hit: [
        ['ChatCompletionCreateParams.builder()\n  .addTool(Weather.class)', 'tools'],
        ['AiServices.builder(Assistant.class).chatModel(model).tools(new Calculator())', 'tools'],
        ['client.chat().completions().createStreaming(params)', 'streaming'],
        ['OpenAiChatOptions.builder().reasoningEffort("low")', 'reasoning_effort'],
      ],
      trap: ['ChatOptions.builder().tools(List.of())', 'repository.store(item)', 'options.logprobs(false)'],
    },
  },
  {
    id: 'jvm-response-format',
    kind: 'feature',
    families: ['jvm'],
    pattern: /\.\s*(?<value>responseFormat|text)\(\s*(?<format>"json_schema"|"json_object"|\w+\.class|\w+::class|ResponseFormat\.JSON|\w*JsonSchema\w*|\w*JsonObject\w*)/,
    needs: CLIENTS,
    value: (_, { match: { groups } }) =>
      /object|ResponseFormat\.JSON$/i.test(groups?.format ?? '') ? 'json_mode' : 'structured_outputs',
    hardCoded: false,
    confidence: 'high',
    examples: {
      hit: [
        ['ChatCompletionCreateParams.builder().responseFormat(Recipe.class)', 'structured_outputs'],
        ['OpenAiChatModel.builder().responseFormat("json_object")', 'json_mode'],
      ],
      trap: ['OpenAiChatModel.builder().responseFormat("text")', 'label.text("Recipe")'],
    },
  },
  {
    id: 'jvm-request-type',
    kind: 'feature',
    families: ['jvm'],
    pattern: pattern()`\b(?<value>${anyOf(TYPES)})\b`,
    needs: CLIENTS,
    value: (type) => TYPES[type] ?? null,
    accept: ({ before }) => !/^\s*import\b/.test(before),
    hardCoded: false,
    confidence: 'high',
    examples: {
      hit: [
        ['StreamingChatModel model = OpenAiStreamingChatModel.builder()', 'streaming'],
        ['UserMessage.from(ImageContent.from(url))', 'vision'],
        ['ResponseFormat.builder().type(ResponseFormat.Type.JSON_SCHEMA)', 'structured_outputs'],
      ],
      trap: ['import static a.b.Capability.RESPONSE_FORMAT_JSON_SCHEMA;', 'private ImageContent image;'],
    },
  },
  {
    id: 'jvm-streaming-chain',
    kind: 'feature',
    sdk: 'spring-ai',
    families: ['jvm'],
    pattern: /\.\s*(?<value>prompt)\(/,
    needs: ['spring-ai'],
    value: 'streaming',
    accept: ({ code, offset }) => chainedCalls(code, offset).some(({ name }) => name === 'stream'),
    hardCoded: false,
    confidence: 'high',
    examples: {
      hit: [['return chatClient.prompt().user(text).stream().content();', 'streaming']],
      trap: ['return chatClient.prompt().user(text).call().content();'],
    },
  },
  {
    id: 'jvm-tool-annotation',
    kind: 'feature',
    families: ['jvm'],
    pattern: /^\s*(?<value>@Tool)(?=[\s(])/m,
    needs: ['langchain4j', 'spring-ai'],
    value: 'tools',
    hardCoded: false,
    confidence: 'high',
    examples: {
      hit: [['@Tool("Adds two numbers")\ndouble add(double a, double b) {', 'tools']],
      trap: ['@ToolWindow\nclass Panel {'],
    },
  },
  {
    id: 'jvm-model-constant',
    kind: 'model',
    families: ['jvm'],
    pattern: pattern()`\b${ENUMS}\.(?<value>[A-Z]\w{1,40})\b`,
    needs: CLIENTS,
    value: (constant) => modelOfConstant(constant),
    accept: ({ before }) => !/^\s*import\b/.test(before),
    hardCoded: (found) => !isFallback(found),
    role: (found) => roleInCode(found),
    confidence: 'high',
    examples: {
      hit: [
        ['.model(ChatModel.GPT_4O_MINI)', 'gpt-4o-mini'],
        ['.modelName(OpenAiChatModelName.GPT_4_O)', 'gpt-4o'],
        ['.model(OpenAiApi.EmbeddingModel.TEXT_EMBEDDING_3_SMALL.getValue())', 'text-embedding-3-small'],
        ['agent(llmModel = OpenAIModels.Chat.GPT4o)', 'gpt-4o'],
      ],
      trap: ['import com.openai.models.ChatModel.GPT_4O', '.model(ChatModel.of(name))', '.size(ImageModel.LARGE)'],
    },
  },
  {
    id: 'jvm-model-static-import',
    kind: 'model',
    families: ['jvm'],
    pattern: /(?<![\w.])(?<value>(?:GPT|O[134]|TEXT_EMBEDDING|TEXT_MODERATION|OMNI|DALL_E|WHISPER|TTS)_\w{1,40})\b(?!\s*\()/,
    needs: ['langchain4j', 'openai-java', 'spring-ai'],
    value: (constant) => modelOfConstant(constant),
    accept: ({ code, value }) => new RegExp(`import static [\\w.]+\\.(?:${value}|\\*)`).test(code),
    hardCoded: (found) => !isFallback(found),
    role: (found) => roleInCode(found),
    confidence: 'high',
    examples: {
      hit: [
        [
          'import static dev.langchain4j.model.openai.OpenAiChatModelName.GPT_4_O_MINI;\nvar m = b.modelName(GPT_4_O_MINI);',
          'gpt-4o-mini',
        ],
      ],
      trap: ['String name = GPT_4_O;'],
    },
  },
];

function springEndpoint(method: string, receiver: string): Endpoint | null {
  if (method === 'prompt') return /client|chat|ai|agent|assistant|builder|build\(\)/i.test(receiver) ? 'chat.completions' : null;
  if (/^embed/.test(method)) return /embedding/i.test(receiver) ? 'embeddings' : null;
  if (/image(?:Model|Client)/i.test(receiver)) return 'images.generations';
  if (/transcription/i.test(receiver)) return 'audio.transcriptions';
  if (/speech|tts/i.test(receiver)) return 'audio.speech';
  if (/moderation/i.test(receiver)) return 'moderations';
  return /chat(?:Model|Client)|openAi(?:Model|Client)/i.test(receiver) && method !== 'transcribe' ? 'chat.completions' : null;
}
