import { isFallback } from '../fallback.ts';
import { modelOfConstant } from '../model-constants.ts';
import { roleInCode } from '../model-role.ts';
import { rulesFor } from '../rule.ts';
import type { ApiFeature, Endpoint } from '../site.ts';
import { anyOf, byName, pattern } from '../vocabulary.ts';

/** Methods of go-openai's client. */
const METHODS = byName<Endpoint>({
  'chat.completions': ['CreateChatCompletion', 'CreateChatCompletionStream'],
  completions: ['CreateCompletion', 'CreateCompletionStream'],
  embeddings: ['CreateEmbeddings'],
  responses: ['CreateResponse', 'CreateResponseStream', 'RetrieveResponse'],
  'images.generations': ['CreateImage'],
  'images.edits': ['CreateEditImage'],
  'images.variations': ['CreateVariImage'],
  'audio.transcriptions': ['CreateTranscription'],
  'audio.translations': ['CreateTranslation'],
  'audio.speech': ['CreateSpeech'],
  files: ['CreateFile', 'CreateFileBytes'],
  batches: ['CreateBatch', 'CreateBatchWithUploadFile', 'RetrieveBatch'],
  fine_tuning: ['CreateFineTuningJob', 'RetrieveFineTuningJob'],
  assistants: ['CreateAssistant', 'RetrieveAssistant', 'ModifyAssistant'],
  threads: [
    'CreateThread',
    'CreateThreadAndRun',
    'CreateMessage',
    'CreateRun',
    'RetrieveRun',
    'ListMessage',
    'SubmitToolOutputs',
  ],
  vector_stores: ['CreateVectorStore', 'CreateVectorStoreFile'],
  moderations: ['Moderations'],
  'models.list': ['ListModels', 'GetModel'],
});

/** Methods of openai-go's client, with their services. */
const SERVICES = byName<Endpoint>({
  'chat.completions': ['Chat.Completions.New', 'Chat.Completions.NewStreaming'],
  completions: ['Completions.New', 'Completions.NewStreaming'],
  responses: ['Responses.New', 'Responses.NewStreaming', 'Responses.Get'],
  conversations: ['Conversations.New'],
  embeddings: ['Embeddings.New'],
  'images.generations': ['Images.Generate', 'Images.GenerateStreaming'],
  'images.edits': ['Images.Edit'],
  'images.variations': ['Images.NewVariation'],
  'audio.transcriptions': ['Audio.Transcriptions.New', 'Audio.Transcriptions.NewStreaming'],
  'audio.translations': ['Audio.Translations.New'],
  'audio.speech': ['Audio.Speech.New'],
  files: ['Files.New', 'Files.Get', 'Files.Content'],
  uploads: ['Uploads.New'],
  batches: ['Batches.New', 'Batches.Get'],
  assistants: ['Beta.Assistants.New', 'Beta.Assistants.Get'],
  threads: ['Beta.Threads.New', 'Beta.Threads.Runs.New', 'Beta.Threads.Messages.New'],
  vector_stores: ['VectorStores.New', 'VectorStores.Search', 'VectorStores.Files.New'],
  containers: ['Containers.New'],
  evals: ['Evals.New'],
  fine_tuning: ['FineTuning.Jobs.New'],
  moderations: ['Moderations.New'],
  'models.list': ['Models.List', 'Models.ListAutoPaging', 'Models.Get'],
  videos: ['Videos.New'],
  realtime: ['Realtime.ClientSecrets.New'],
});

/** Fields of requests. */
const FIELDS: Readonly<Record<string, ApiFeature>> = {
  Stream: 'streaming',
  StreamOptions: 'stream_options',
  Tools: 'tools',
  Functions: 'tools',
  ParallelToolCalls: 'parallel_tool_calls',
  MaxCompletionTokens: 'max_completion_tokens',
  ReasoningEffort: 'reasoning_effort',
  LogProbs: 'logprobs',
  Logprobs: 'logprobs',
  TopLogProbs: 'logprobs',
  TopLogprobs: 'logprobs',
  LogitBias: 'logit_bias',
  Seed: 'seed',
  Prediction: 'prediction',
  ServiceTier: 'service_tier',
  Store: 'store',
  PreviousResponseID: 'previous_response_id',
  PromptCacheKey: 'prompt_cache_key',
  Background: 'background',
};

const TYPES = byName<ApiFeature>({
  structured_outputs: [
    'ChatCompletionResponseFormatTypeJSONSchema',
    'ResponseFormatJSONSchemaParam',
    'ResponseFormatTextJSONSchemaConfigParam',
    'ResponseFormatTextConfigParamOfJSONSchema',
  ],
  json_mode: ['ChatCompletionResponseFormatTypeJSONObject', 'ResponseFormatJSONObjectParam'],
  vision: [
    'ChatMessagePartTypeImageURL',
    'ChatMessageImageURL',
    'ImageContentPart',
    'ChatCompletionContentPartImageParam',
    'ChatCompletionContentPartImageImageURLParam',
    'ResponseInputImageParam',
  ],
  audio_input: ['InputAudioContentPart', 'ChatCompletionContentPartInputAudioParam'],
  file_input: ['ResponseInputFileParam'],
  web_search: ['WebSearchToolParam', 'WebSearchPreviewToolParam'],
  file_search: ['FileSearchToolParam', 'AssistantToolTypeFileSearch'],
  code_interpreter: ['AssistantToolTypeCodeInterpreter'],
  streaming: [
    'CreateChatCompletionStream',
    'CreateCompletionStream',
    'CreateResponseStream',
    'NewStreaming',
    'GenerateStreaming',
  ],
});

/** Request types of go-openai and openai-go; fields only count in files that use one. */
const REQUEST_TYPE =
  /\b(?:ChatCompletionRequest|CompletionRequest|CreateResponseRequest|ResponseRequest|ChatCompletionNewParams|ResponseNewParams|CompletionNewParams|AssistantRequest|RunRequest|BetaAssistantNewParams)\b/;

/** Endpoints, features and model constants in Go. */
export const GO_REQUEST_RULES = rulesFor({ families: ['go'] }, [
  {
    id: 'go-openai-endpoint',
    kind: 'endpoint',
    sdk: 'go-openai',
    pattern: pattern()`\.(?<value>${anyOf(METHODS)})\((?!\))`,
    needs: ['go-openai'],
    value: (method) => METHODS[method] ?? null,
  },
  {
    id: 'openai-go-endpoint',
    kind: 'endpoint',
    sdk: 'openai-go',
    pattern: pattern()`\.(?<value>${anyOf(SERVICES)})\(`,
    needs: ['openai-go'],
    value: (call, { before }) =>
      call.startsWith('Completions') && before.endsWith('Chat.') ? null : (SERVICES[call] ?? null),
  },
  {
    id: 'langchaingo-endpoint',
    kind: 'endpoint',
    sdk: 'langchaingo',
    pattern:
      /\b(?<value>llms\.GenerateFromSinglePrompt|\w+\.GenerateContent|\w+\.CreateEmbedding|embeddings\.NewEmbedder)\(/,
    needs: ['langchaingo'],
    value: (call) => (/mbed/.test(call) ? 'embeddings' : 'chat.completions'),
  },
  {
    id: 'go-request-field',
    kind: 'feature',
    pattern: pattern()`(?<=[\s.{,])(?<value>${anyOf(FIELDS)})\s*(?::|=(?!=))\s*(?!nil\b|false\b|\S*\.?(?:F|Bool)\(false\)|[\]\[\w.]*\{\s*\}|\`)[^\s=]`,
    needs: 'client',
    value: (field) => FIELDS[field] ?? null,
    accept: ({ fileHolds }) => fileHolds(REQUEST_TYPE),
  },
  {
    id: 'go-request-several',
    kind: 'feature',
    pattern: /(?<=[\s.{,])(?<value>N)\s*[:=]\s*(?:openai\.Int\(|param\.NewOpt\()?(?:[2-9]|\d{2,3})\b/,
    needs: 'client',
    value: 'multiple_choices',
    accept: ({ fileHolds }) => fileHolds(REQUEST_TYPE),
  },
  {
    id: 'go-request-type',
    kind: 'feature',
    pattern: pattern()`\.(?<value>${anyOf(TYPES)})(?=[\s({,})])`,
    needs: 'client',
    value: (type) => TYPES[type] ?? null,
    // A signature or a declaration mentions the type without using it.
    accept: ({ line }) => !/^\s*(?:func|type)\b|\*\s*openai\.\w+\)?\s*\{?$/.test(line),
  },
  {
    id: 'go-model-constant',
    kind: 'model',
    pattern:
      /\b[a-z]\w*\.(?<value>(?:ChatModel|(?:Create)?ImageModel|EmbeddingModel|AudioModel|SpeechModel|TTSModel|Moderation(?:Model)?)?(?:GPT|Chatgpt|O[134](?![a-z]{3})|Whisper1|DallE|TTS1|1|Ada|Small|Large|Text|Omni|Codex)\w{0,40})\b(?!\()/,
    needs: 'client',
    value: modelOfConstant,
    hardCoded: (found) => !isFallback(found),
    role: roleInCode,
  },
]);
