import { isFallback } from '../fallback.ts';
import { modelOfConstant } from '../model-constants.ts';
import { roleInCode } from '../model-role.ts';
import type { Rule } from '../rule.ts';
import type { ApiFeature, Endpoint } from '../site.ts';
import { anyOf, pattern } from '../vocabulary.ts';

/** Methods that make a request, without `Async`. */
const METHODS: Readonly<Record<string, Endpoint>> = {
  CompleteChat: 'chat.completions',
  CompleteChatStreaming: 'chat.completions',
  GetChatCompletions: 'chat.completions',
  GetChatCompletionsStreaming: 'chat.completions',
  GetChatMessageContent: 'chat.completions',
  GetChatMessageContents: 'chat.completions',
  GetStreamingChatMessageContents: 'chat.completions',
  InvokePrompt: 'chat.completions',
  InvokePromptStreaming: 'chat.completions',
  GetResponse: 'chat.completions',
  GetStreamingResponse: 'chat.completions',
  CreateChatCompletion: 'chat.completions',
  GetCompletions: 'completions',
  GetCompletionsStreaming: 'completions',
  GetTextContent: 'completions',
  CreateCompletion: 'completions',
  CreateResponse: 'responses',
  CreateResponseStreaming: 'responses',
  GenerateEmbedding: 'embeddings',
  GenerateEmbeddings: 'embeddings',
  GenerateVector: 'embeddings',
  GetEmbeddings: 'embeddings',
  CreateEmbedding: 'embeddings',
  GenerateImage: 'images.generations',
  GenerateImages: 'images.generations',
  GetImageGenerations: 'images.generations',
  GenerateImageEdit: 'images.edits',
  GenerateImageEdits: 'images.edits',
  GenerateImageVariation: 'images.variations',
  GenerateImageVariations: 'images.variations',
  TranscribeAudio: 'audio.transcriptions',
  GetAudioTranscription: 'audio.transcriptions',
  TranslateAudio: 'audio.translations',
  GetAudioTranslation: 'audio.translations',
  GenerateSpeech: 'audio.speech',
  UploadFile: 'files',
  ClassifyText: 'moderations',
  CreateModeration: 'moderations',
  CreateAssistant: 'assistants',
  GetAssistant: 'assistants',
  CreateThread: 'threads',
  CreateThreadAndRun: 'threads',
  CreateRun: 'threads',
  CreateRunStreaming: 'threads',
  CreateVectorStore: 'vector_stores',
  StartConversationSession: 'realtime',
  CreateBatch: 'batches',
  GetModels: 'models.list',
};

/** Methods that other libraries have, too; they count on a receiver that is a client. */
const COMMON =
  /^(?:GetResponse|GetStreamingResponse|UploadFile|GenerateImages?|CreateThread|CreateRun|CreateBatch|GetModels|CreateCompletion|CreateAssistant|GetAssistant)$/;
const CLIENT_RECEIVER =
  /(?:client|chat|openai|\bai\b|kernel|completion|service|sdk|assistant|image|file|vector|batch|model|agent)\w*[)!?]*\s*$/i;

const OPTIONS: Readonly<Record<string, ApiFeature>> = {
  Tools: 'tools',
  Functions: 'tools',
  ToolCallBehavior: 'tools',
  FunctionChoiceBehavior: 'tools',
  AllowParallelToolCalls: 'parallel_tool_calls',
  MaxCompletionTokens: 'max_completion_tokens',
  ReasoningEffortLevel: 'reasoning_effort',
  ReasoningEffort: 'reasoning_effort',
  IncludeLogProbabilities: 'logprobs',
  TopLogProbabilityCount: 'logprobs',
  LogitBiases: 'logit_bias',
  Seed: 'seed',
  StoredOutputEnabled: 'store',
  PreviousResponseId: 'previous_response_id',
};

const TYPES: Readonly<Record<string, ApiFeature>> = {
  'AIFunctionFactory.Create': 'tools',
  UseFunctionInvocation: 'tools',
  'ChatTool.CreateFunctionTool': 'tools',
  'ResponseTool.CreateFunctionTool': 'tools',
  'ResponseTool.CreateWebSearchTool': 'web_search',
  'ResponseTool.CreateWebSearchPreviewTool': 'web_search',
  'ResponseTextFormat.CreateJsonObjectFormat': 'json_mode',
  'ResponseTool.CreateFileSearchTool': 'file_search',
  'ToolDefinition.CreateFileSearch': 'file_search',
  'ToolDefinition.CreateCodeInterpreter': 'code_interpreter',
  'ChatResponseFormat.CreateJsonSchemaFormat': 'structured_outputs',
  'ResponseTextFormat.CreateJsonSchemaFormat': 'structured_outputs',
  'ChatResponseFormat.ForJsonSchema': 'structured_outputs',
  'ChatResponseFormat.CreateJsonObjectFormat': 'json_mode',
  'ChatCompletionsResponseFormat.JsonObject': 'json_mode',
  'ChatResponseFormat.Json': 'json_mode',
  'ChatMessageContentPart.CreateImagePart': 'vision',
  'ChatMessageContentPart.CreateInputAudioPart': 'audio_input',
  'ResponseContentPart.CreateInputImagePart': 'vision',
  'ResponseContentPart.CreateInputFilePart': 'file_input',
};

const STREAMING =
  /(?:CompleteChatStreaming|GetChatCompletionsStreaming|GetCompletionsStreaming|GetStreamingResponse|GetStreamingChatMessageContents|InvokePromptStreaming|CreateResponseStreaming|CreateRunStreaming)/;

/** What programs in .NET ask the API for. */
export const DOTNET_REQUEST_RULES: readonly Rule[] = [
  {
    id: 'dotnet-endpoint',
    kind: 'endpoint',
    families: ['dotnet'],
    pattern: pattern()`(?:\.|\?\.)\s*(?<value>${anyOf(METHODS)})(?:Async)?(?:<[^<>()\n]{1,60}(?:<[^<>]{1,40}>)?>)?\(`,
    needs: 'client',
    value: (method) => METHODS[method] ?? null,
    accept: ({ value, before, fileHolds }) =>
      // The interfaces are the same for models that run here.
      (!fileHolds(/Onnx|Ollama/) || fileHolds(/open_?ai/i)) &&
      (!COMMON.test(value) ||
        CLIENT_RECEIVER.test(before.replace(/\?$/, '').replace(/\.$/, '').replace(/\?$/, '')) ||
        /^\s*\.$/.test(before)),
    examples: {
      hit: [
        ['var result = await client.CompleteChatAsync(messages, options);', 'chat.completions'],
        ['await foreach (var update in _chatClient.GetStreamingResponseAsync(messages))', 'chat.completions'],
        ['var r = await chatClient.GetResponseAsync<Recipe>(prompt);', 'chat.completions'],
        ['var v = await embeddingClient.GenerateEmbeddingAsync(text);', 'embeddings'],
      ],
      trap: ['var r = await request.GetResponseAsync();', 'public async Task CompleteChatAsync(string text)'],
    },
  },
  {
    id: 'dotnet-registered-endpoint',
    kind: 'endpoint',
    sdk: 'semantic-kernel',
    families: ['dotnet'],
    pattern:
      /\.\s*(?<value>Add(?:Azure)?OpenAI(?:ChatCompletion|ChatClient|TextEmbeddingGeneration|EmbeddingGenerator|TextToImage|TextToAudio|AudioToText))\(/,
    needs: 'nothing',
    value: (method) => {
      if (/Embedding/.test(method)) return 'embeddings';
      if (/TextToImage/.test(method)) return 'images.generations';
      if (/TextToAudio/.test(method)) return 'audio.speech';
      return /AudioToText/.test(method) ? 'audio.transcriptions' : 'chat.completions';
    },
    confidence: 'medium',
    examples: {
      hit: [
        ['builder.AddOpenAIChatCompletion(model, key);', 'chat.completions'],
        ['builder.AddAzureOpenAITextEmbeddingGeneration(d, e, k);', 'embeddings'],
      ],
      trap: ['builder.AddOllamaChatCompletion(model, url);'],
    },
  },
  {
    id: 'dotnet-streaming-call',
    kind: 'feature',
    families: ['dotnet'],
    pattern: pattern()`(?:\.|\?\.)\s*(?<value>${STREAMING})(?:Async)?\s*[(<]`,
    needs: 'client',
    value: 'streaming',
    examples: {
      hit: [['await foreach (var u in client.CompleteChatStreamingAsync(messages))', 'streaming']],
      trap: ['public IAsyncEnumerable<string> CompleteChatStreamingAsync(string text)'],
    },
  },
  {
    id: 'dotnet-request-option',
    kind: 'feature',
    families: ['dotnet'],
    pattern: pattern()`(?<=[\s.{,])(?<value>${anyOf(OPTIONS)})(?:\s*=(?![=>])|\.Add(?:Range)?\()(?!\s*(?:null|default|\[\s*\]|false|new\s*\(\)\s*[;,]))`,
    needs: 'client',
    value: (option) => OPTIONS[option] ?? null,
    accept: ({ fileHolds }) =>
      fileHolds(
        /Chat(?:Completion)?(?:s)?Options|PromptExecutionSettings|Response(?:Creation)?Options|CreateResponseOptions|AssistantCreationOptions|ChatCompletionCreateRequest/,
      ),
    examples: {
      hit: [
        ['var options = new ChatCompletionOptions { Tools = { weather } };', 'tools'],
        ['var options = new ChatOptions { Tools = [clock] };', 'tools'],
        ['ChatCompletionOptions options = new();\noptions.Tools.Add(weather);', 'tools'],
      ],
      trap: [
        'var options = new ChatOptions { Tools = [] };',
        'var options = new ChatOptions { Seed = null };',
        'var menu = new Menu { Tools = items };',
      ],
    },
  },
  {
    id: 'dotnet-request-type',
    kind: 'feature',
    families: ['dotnet'],
    pattern: pattern()`\b(?<value>${anyOf(TYPES)})(?=\s*[(<;,\s}])`,
    needs: 'client',
    value: (type) => TYPES[type] ?? null,
    examples: {
      hit: [
        [
          'ResponseFormat = ChatResponseFormat.CreateJsonSchemaFormat("recipe", schema)',
          'structured_outputs',
        ],
        ['ChatMessageContentPart.CreateImagePart(new Uri(url))', 'vision'],
      ],
      trap: ['ResponseFormat = ChatResponseFormat.CreateTextFormat()'],
    },
  },
  {
    id: 'dotnet-typed-response',
    kind: 'feature',
    families: ['dotnet'],
    pattern:
      /(?:\.GetResponseAsync<(?<value>\w+(?:<\w+>|\[\])?)>\(|\bResponseFormat\s*=\s*(?<type>typeof\(\w+\)|"json_object"))/,
    needs: 'client',
    value: (_, { match }) => (match.groups?.type === '"json_object"' ? 'json_mode' : 'structured_outputs'),
    examples: {
      hit: [
        ['var r = await chatClient.GetResponseAsync<Recipe>(prompt);', 'structured_outputs'],
        ['new OpenAIPromptExecutionSettings { ResponseFormat = typeof(Recipe) }', 'structured_outputs'],
      ],
      trap: ['var r = await chatClient.GetResponseAsync(prompt);'],
    },
  },
  {
    id: 'dotnet-model-constant',
    kind: 'model',
    families: ['dotnet'],
    pattern:
      /\b(?:Models|Model|OpenAIModels|OpenAiModels)\.(?<value>(?:Gpt|GPT|ChatGPT|Chat_?Gpt|O[134]|Dall_?e|DallE|Text|Whisper|WhisperV1|Tts|AdaText|TextEmbedding)\w{0,40})\b/,
    needs: 'nothing',
    value: modelOfConstant,
    hardCoded: (found) => !isFallback(found),
    role: roleInCode,
    examples: {
      hit: [
        ['Model = Models.Gpt_4o,', 'gpt-4o'],
        ['Model = OpenAI.ObjectModels.Models.Gpt_3_5_Turbo', 'gpt-3.5-turbo'],
      ],
      trap: ['Model = Models.TextMessage,'],
    },
  },
];
