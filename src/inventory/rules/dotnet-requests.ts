import { rulesFor } from '../rule.ts';
import type { Endpoint } from '../site.ts';
import { anyOf, byName, pattern } from '../vocabulary.ts';

/** Methods that send a request, without `Async`. */
const METHODS = byName<Endpoint>({
  'chat.completions': [
    'CompleteChat',
    'CompleteChatStreaming',
    'GetChatCompletions',
    'GetChatCompletionsStreaming',
    'GetChatMessageContent',
    'GetChatMessageContents',
    'GetStreamingChatMessageContents',
    'InvokePrompt',
    'InvokePromptStreaming',
    'GetResponse',
    'GetStreamingResponse',
    'CreateChatCompletion',
    'GetResponseFromChatbot',
    'StreamResponseEnumerableFromChatbot',
  ],
  completions: [
    'GetCompletions',
    'GetCompletionsStreaming',
    'GetTextContent',
    'CreateCompletion',
    'CreateCompletionAsStream',
    'GetCompletion',
    'StreamCompletion',
  ],
  responses: ['CreateResponse', 'CreateResponseStreaming'],
  embeddings: [
    'GenerateEmbedding',
    'GenerateEmbeddings',
    'GenerateVector',
    'GetEmbeddings',
    'CreateEmbedding',
  ],
  'images.generations': ['GenerateImage', 'GenerateImages', 'GetImageGenerations', 'CreateImage'],
  'images.edits': ['GenerateImageEdit', 'GenerateImageEdits'],
  'images.variations': ['GenerateImageVariation', 'GenerateImageVariations'],
  'audio.transcriptions': ['TranscribeAudio', 'GetAudioTranscription', 'CreateTranscription'],
  'audio.translations': ['TranslateAudio', 'GetAudioTranslation'],
  'audio.speech': ['GenerateSpeech', 'CreateSpeech'],
  files: ['UploadFile'],
  moderations: ['ClassifyText', 'CreateModeration'],
  assistants: ['CreateAssistant', 'GetAssistant'],
  threads: ['CreateThread', 'CreateThreadAndRun', 'CreateRun', 'CreateRunStreaming'],
  vector_stores: ['CreateVectorStore'],
  realtime: ['StartConversationSession'],
  batches: ['CreateBatch'],
  'models.list': ['GetModels'],
});

/** Methods that other libraries also have; they count if the receiver is a client. */
const COMMON =
  /^(?:GetResponse|GetStreamingResponse|UploadFile|GenerateImages?|CreateThread|CreateRun|CreateBatch|GetModels|CreateCompletion|GetCompletion|StreamCompletion|CreateImage|CreateTranscription|CreateSpeech|CreateAssistant|GetAssistant)$/;
const CLIENT_RECEIVER =
  /(?:client|chat|openai|\bai\b|kernel|completion|service|sdk|assistant|image|file|vector|batch|model|agent)\w*[)!?]*\s*$/i;

/** Endpoints, features and model constants in .NET. */
export const DOTNET_REQUEST_RULES = rulesFor({ families: ['dotnet'] }, [
  {
    id: 'dotnet-endpoint',
    kind: 'endpoint',
    pattern: pattern()`(?:\.|\?\.)\s*(?<value>${anyOf(METHODS)})(?:Async)?(?:<[^<>()\n]{1,60}(?:<[^<>]{1,40}>)?>)?\s*\(`,
    needs: 'client',
    value: (method, { before }) =>
      /\bChat(?:Completion)?(?:Endpoint)?\??\.$/.test(before)
        ? 'chat.completions'
        : (METHODS[method] ?? null),
    accept: ({ value, before, fileHolds }) =>
      // Local models have the same interfaces.
      (!fileHolds(/Onnx|Ollama/) || fileHolds(/open_?ai/i)) &&
      (!COMMON.test(value) ||
        CLIENT_RECEIVER.test(before.replace(/\?$/, '').replace(/\.$/, '').replace(/\?$/, '')) ||
        /^\s*\.$/.test(before)),
  },
  {
    id: 'dotnet-registered-endpoint',
    kind: 'endpoint',
    sdk: 'semantic-kernel',
    pattern:
      /\.\s*(?<value>Add(?:Azure)?OpenAI(?:ChatCompletion|ChatClient|TextEmbeddingGeneration|EmbeddingGenerator|TextToImage|TextToAudio|AudioToText))\(/,
    value: (method) => {
      if (/Embedding/.test(method)) return 'embeddings';
      if (/TextToImage/.test(method)) return 'images.generations';
      if (/TextToAudio/.test(method)) return 'audio.speech';
      return /AudioToText/.test(method) ? 'audio.transcriptions' : 'chat.completions';
    },
    confidence: 'medium',
  },
  {
    id: 'dotnet-typed-response',
    kind: 'feature',
    pattern:
      /(?:\.GetResponseAsync<(?<value>\w+(?:<\w+>|\[\])?)>\(|\bResponseFormat\s*=\s*(?<type>typeof\(\w+\)|"json_object"))/,
    needs: 'client',
    value: (_, { match }) => (match.groups?.type === '"json_object"' ? 'json_mode' : 'structured_outputs'),
  },
]);
