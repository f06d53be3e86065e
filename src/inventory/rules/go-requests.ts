import { isFallback } from '../fallback.ts';
import { modelOfConstant } from '../model-constants.ts';
import { roleInCode } from '../model-role.ts';
import type { Rule } from '../rule.ts';
import type { ApiFeature, Endpoint } from '../site.ts';
import { anyOf, pattern } from '../vocabulary.ts';

/** Methods of go-openai's client. */
const METHODS: Readonly<Record<string, Endpoint>> = {
  CreateChatCompletion: 'chat.completions',
  CreateChatCompletionStream: 'chat.completions',
  CreateCompletion: 'completions',
  CreateCompletionStream: 'completions',
  CreateEmbeddings: 'embeddings',
  CreateResponse: 'responses',
  CreateResponseStream: 'responses',
  RetrieveResponse: 'responses',
  CreateImage: 'images.generations',
  CreateEditImage: 'images.edits',
  CreateVariImage: 'images.variations',
  CreateTranscription: 'audio.transcriptions',
  CreateTranslation: 'audio.translations',
  CreateSpeech: 'audio.speech',
  CreateFile: 'files',
  CreateFileBytes: 'files',
  CreateBatch: 'batches',
  CreateBatchWithUploadFile: 'batches',
  RetrieveBatch: 'batches',
  CreateFineTuningJob: 'fine_tuning',
  RetrieveFineTuningJob: 'fine_tuning',
  CreateAssistant: 'assistants',
  RetrieveAssistant: 'assistants',
  ModifyAssistant: 'assistants',
  CreateThread: 'threads',
  CreateThreadAndRun: 'threads',
  CreateMessage: 'threads',
  CreateRun: 'threads',
  RetrieveRun: 'threads',
  ListMessage: 'threads',
  SubmitToolOutputs: 'threads',
  CreateVectorStore: 'vector_stores',
  CreateVectorStoreFile: 'vector_stores',
  Moderations: 'moderations',
  ListModels: 'models.list',
  GetModel: 'models.list',
};

/** Services of openai-go's client, up to the method. */
const SERVICES: Readonly<Record<string, Endpoint>> = {
  'Chat.Completions.New': 'chat.completions',
  'Chat.Completions.NewStreaming': 'chat.completions',
  'Completions.New': 'completions',
  'Completions.NewStreaming': 'completions',
  'Responses.New': 'responses',
  'Responses.NewStreaming': 'responses',
  'Responses.Get': 'responses',
  'Conversations.New': 'conversations',
  'Embeddings.New': 'embeddings',
  'Images.Generate': 'images.generations',
  'Images.GenerateStreaming': 'images.generations',
  'Images.Edit': 'images.edits',
  'Images.NewVariation': 'images.variations',
  'Audio.Transcriptions.New': 'audio.transcriptions',
  'Audio.Transcriptions.NewStreaming': 'audio.transcriptions',
  'Audio.Translations.New': 'audio.translations',
  'Audio.Speech.New': 'audio.speech',
  'Files.New': 'files',
  'Files.Get': 'files',
  'Files.Content': 'files',
  'Uploads.New': 'uploads',
  'Batches.New': 'batches',
  'Batches.Get': 'batches',
  'Beta.Assistants.New': 'assistants',
  'Beta.Assistants.Get': 'assistants',
  'Beta.Threads.New': 'threads',
  'Beta.Threads.Runs.New': 'threads',
  'Beta.Threads.Messages.New': 'threads',
  'VectorStores.New': 'vector_stores',
  'VectorStores.Search': 'vector_stores',
  'VectorStores.Files.New': 'vector_stores',
  'Containers.New': 'containers',
  'Evals.New': 'evals',
  'FineTuning.Jobs.New': 'fine_tuning',
  'Moderations.New': 'moderations',
  'Models.List': 'models.list',
  'Models.ListAutoPaging': 'models.list',
  'Models.Get': 'models.list',
  'Videos.New': 'videos',
  'Realtime.ClientSecrets.New': 'realtime',
};

/** Fields of requests, and what stands for a field's kind. */
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

const TYPES: Readonly<Record<string, ApiFeature>> = {
  ChatCompletionResponseFormatTypeJSONSchema: 'structured_outputs',
  ChatCompletionResponseFormatTypeJSONObject: 'json_mode',
  ResponseFormatJSONSchemaParam: 'structured_outputs',
  ResponseFormatTextJSONSchemaConfigParam: 'structured_outputs',
  ResponseFormatTextConfigParamOfJSONSchema: 'structured_outputs',
  ResponseFormatJSONObjectParam: 'json_mode',
  ChatMessagePartTypeImageURL: 'vision',
  ChatMessageImageURL: 'vision',
  ImageContentPart: 'vision',
  ChatCompletionContentPartImageParam: 'vision',
  ChatCompletionContentPartImageImageURLParam: 'vision',
  ResponseInputImageParam: 'vision',
  InputAudioContentPart: 'audio_input',
  ChatCompletionContentPartInputAudioParam: 'audio_input',
  ResponseInputFileParam: 'file_input',
  WebSearchToolParam: 'web_search',
  WebSearchPreviewToolParam: 'web_search',
  FileSearchToolParam: 'file_search',
  AssistantToolTypeFileSearch: 'file_search',
  AssistantToolTypeCodeInterpreter: 'code_interpreter',
  CreateChatCompletionStream: 'streaming',
  CreateCompletionStream: 'streaming',
  CreateResponseStream: 'streaming',
  NewStreaming: 'streaming',
  GenerateStreaming: 'streaming',
};

/** The types of go-openai's and openai-go's requests, whose fields count as the API's. */
const REQUEST_TYPE =
  /\b(?:ChatCompletionRequest|CompletionRequest|CreateResponseRequest|ResponseRequest|ChatCompletionNewParams|ResponseNewParams|CompletionNewParams|AssistantRequest|RunRequest|BetaAssistantNewParams)\b/;

/** What requests in Go ask for. */
export const GO_REQUEST_RULES: readonly Rule[] = [
  {
    id: 'go-openai-endpoint',
    kind: 'endpoint',
    sdk: 'go-openai',
    families: ['go'],
    pattern: pattern()`\.(?<value>${anyOf(METHODS)})\((?!\))`,
    needs: ['go-openai'],
    value: (method) => METHODS[method] ?? null,
    examples: {
      hit: [
        ['stream, err := c.api.CreateChatCompletionStream(ctx, req)', 'chat.completions'],
        ['resp, err := client.CreateEmbeddings(ctx, openai.EmbeddingRequest{', 'embeddings'],
        ['resp, err := client.Moderations(ctx, req)', 'moderations'],
      ],
      trap: [
        'func (c *Client) CreateChatCompletion(ctx context.Context) error {',
        'store.CreateFileIndex(ctx)',
        'name := config.GetModel()',
      ],
    },
  },
  {
    id: 'openai-go-endpoint',
    kind: 'endpoint',
    sdk: 'openai-go',
    families: ['go'],
    pattern: pattern()`\.(?<value>${anyOf(SERVICES)})\(`,
    needs: ['openai-go'],
    value: (call, { before }) =>
      call.startsWith('Completions') && before.endsWith('Chat.') ? null : (SERVICES[call] ?? null),
    examples: {
      hit: [
        ['stream := client.Chat.Completions.NewStreaming(ctx, params)', 'chat.completions'],
        ['resp, err := s.client.Responses.New(ctx, params)', 'responses'],
        ['page, err := client.Models.List(ctx)', 'models.list'],
      ],
      trap: ['page, err := repo.Models.ListAll(ctx)', 'metrics.Responses.Observe(1)'],
    },
  },
  {
    id: 'langchaingo-endpoint',
    kind: 'endpoint',
    sdk: 'langchaingo',
    families: ['go'],
    pattern:
      /\b(?<value>llms\.GenerateFromSinglePrompt|\w+\.GenerateContent|\w+\.CreateEmbedding|embeddings\.NewEmbedder)\(/,
    needs: ['langchaingo'],
    value: (call) => (/mbed/.test(call) ? 'embeddings' : 'chat.completions'),
    examples: {
      hit: [
        ['text, err := llms.GenerateFromSinglePrompt(ctx, llm, prompt)', 'chat.completions'],
        ['vectors, err := llm.CreateEmbedding(ctx, texts)', 'embeddings'],
      ],
      trap: ['page.GenerateContents(ctx)'],
    },
  },
  {
    id: 'go-request-field',
    kind: 'feature',
    families: ['go'],
    pattern: pattern()`(?<=[\s.{,])(?<value>${anyOf(FIELDS)})\s*(?::|=(?!=))\s*(?!nil\b|false\b|\S*\.?(?:F|Bool)\(false\)|[\]\[\w.]*\{\s*\}|\`)[^\s=]`,
    needs: 'client',
    value: (field) => FIELDS[field] ?? null,
    accept: ({ fileHolds }) => fileHolds(REQUEST_TYPE),
    examples: {
      hit: [
        ['req := openai.ChatCompletionRequest{\n\tModel: model,\n\tStream: true,\n}', 'streaming'],
        ['req := openai.ChatCompletionRequest{}\nreq.Tools = toolset', 'tools'],
        ['openai.ChatCompletionNewParams{MaxCompletionTokens: openai.Int(500)}', 'max_completion_tokens'],
      ],
      trap: [
        'openai.ChatCompletionRequest{Stream: false, Tools: nil}',
        'openai.ChatCompletionRequest{Tools: []openai.Tool{}}',
        'type Flags struct {\n\tStream bool\n}',
        'opts := docker.Options{Stream: true}',
      ],
    },
  },
  {
    id: 'go-request-several',
    kind: 'feature',
    families: ['go'],
    pattern: /(?<=[\s.{,])(?<value>N)\s*[:=]\s*(?:openai\.Int\(|param\.NewOpt\()?(?:[2-9]|\d{2,3})\b/,
    needs: 'client',
    value: 'multiple_choices',
    accept: ({ fileHolds }) => fileHolds(REQUEST_TYPE),
    examples: {
      hit: [['openai.ChatCompletionRequest{Model: model, N: 3}', 'multiple_choices']],
      trap: ['openai.ChatCompletionRequest{Model: model, N: 1}'],
    },
  },
  {
    id: 'go-request-type',
    kind: 'feature',
    families: ['go'],
    pattern: pattern()`\.(?<value>${anyOf(TYPES)})(?=[\s({,})])`,
    needs: 'client',
    value: (type) => TYPES[type] ?? null,
    // A signature or a declaration names the type without using it.
    accept: ({ line }) => !/^\s*(?:func|type)\b|\*\s*openai\.\w+\)?\s*\{?$/.test(line),
    examples: {
      hit: [
        ['Type: openai.ChatCompletionResponseFormatTypeJSONSchema,', 'structured_outputs'],
        ['Type: openai.ChatMessagePartTypeImageURL,', 'vision'],
        ['stream := client.Chat.Completions.NewStreaming(ctx, params)', 'streaming'],
      ],
      trap: [
        'Type: openai.ChatCompletionResponseFormatTypeText,',
        'func image(u *openai.ChatMessageImageURL) {',
      ],
    },
  },
  {
    id: 'go-model-constant',
    kind: 'model',
    families: ['go'],
    pattern:
      /\b[a-z]\w*\.(?<value>(?:ChatModel|(?:Create)?ImageModel|EmbeddingModel|AudioModel|SpeechModel|TTSModel|Moderation(?:Model)?)?(?:GPT|Chatgpt|O[134](?![a-z]{3})|Whisper1|DallE|TTS1|1|Ada|Small|Large|Text|Omni|Codex)\w{0,40})\b(?!\()/,
    needs: 'client',
    value: modelOfConstant,
    hardCoded: (found) => !isFallback(found),
    role: roleInCode,
    examples: {
      hit: [
        ['Model: openai.GPT4oMini,', 'gpt-4o-mini'],
        ['Model: openai.ChatModelGPT4_1,', 'gpt-4.1'],
        ['Model: openai.SmallEmbedding3,', 'text-embedding-3-small'],
        ['Model: gogpt.GPT3Dot5Turbo0613,', 'gpt-3.5-turbo-0613'],
      ],
      trap: ['style.TextAlign,', 'level.LargeObject,', 'config.GPTModelName'],
    },
  },
];
