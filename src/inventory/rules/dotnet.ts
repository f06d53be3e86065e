import { variableIn } from '../call-options.ts';
import { rulesFor } from '../rule.ts';
import type { Endpoint } from '../site.ts';
import { anyOf, byName, inAnySpelling, pattern } from '../vocabulary.ts';
import { CLIENT_METHODS, endpointOfMethod } from './client-methods.ts';
import { lastName } from './client-options.ts';

/** `config["OpenAI:Endpoint"]`, `GetValue<string>("OpenAI:Endpoint")` → `OpenAI:Endpoint`. */
const settingIn = (expression: string): string | null =>
  /[[(]\s*"([\w:.-]*[:_][\w:.-]*)"\s*[\])]/.exec(expression)?.[1] ?? null;

/** Methods that only clients in .NET have, without `Async` and `Streaming`. */
const METHODS = byName<Endpoint>({
  'chat.completions': [
    ...['CompleteChat', 'InvokePrompt', 'GetResponse', 'GetStreamingResponse', 'GetResponseFromChatbot'],
    ...['GetChatMessageContent', 'GetChatMessageContents', 'GetStreamingChatMessageContents'],
    'StreamResponseEnumerableFromChatbot',
  ],
  completions: ['GetTextContent', 'GetCompletion'],
  embeddings: ['GenerateEmbedding', 'GenerateEmbeddings', 'GenerateVector'],
  'images.generations': ['GenerateImage', 'GenerateImages', 'GetImageGenerations'],
  'images.edits': ['GenerateImageEdit', 'GenerateImageEdits'],
  'images.variations': ['GenerateImageVariation', 'GenerateImageVariations'],
  'audio.transcriptions': ['TranscribeAudio'],
  'audio.translations': ['TranslateAudio'],
  'audio.speech': ['GenerateSpeech'],
  moderations: ['ClassifyText'],
  assistants: ['GetAssistant'],
  realtime: ['StartConversationSession'],
  'models.list': ['GetModels'],
});

/** Methods that other libraries also have, as those of all languages; they count if the receiver is a client. */
const COMMON = /^(?:GetResponse|GetStreamingResponse|GenerateImages?|GetModels|GetCompletion|GetAssistant)$/;
const CLIENT_RECEIVER =
  /(?:client|chat|openai|\bai\b|kernel|completion|service|sdk|assistant|image|file|vector|batch|model|agent|endpoint)\w*[)!?]*\s*$/i;

/** The official client's clients for parts of the API: `client.GetVectorStoreClient().CreateVectorStore(…)`. */
const CLIENTS_OF_PARTS: Readonly<Record<string, Endpoint>> = {
  File: 'files',
  VectorStore: 'vector_stores',
  Model: 'models.list',
  Batch: 'batches',
  FineTuning: 'fine_tuning',
  Assistant: 'assistants',
  Evaluation: 'evals',
  Container: 'containers',
};

/** Clients, endpoints and features in .NET. */
export const DOTNET_RULES = rulesFor({ families: ['dotnet'] }, [
  {
    id: 'dotnet-connection-string',
    kind: 'base_url',
    pattern:
      /\b(?:GetConnectionString|AddConnectionString|AddOpenAIClient|AddAzureOpenAIClient|AddAzureOpenAI|AddOpenAI)\(\s*(?:"(?<value>\w*(?:openai|\bai|chat|llm|gpt)\w*)"|(?<=\.Add(?:Azure)?OpenAIClient\(\s*)(?<name>\w+)(?=,\s*\w+\s*=>|\)))/i,
    value: (value, { match: { groups } }) => groups?.name ?? value,
    accept: ({ match, value }) =>
      /OpenAI/i.test(match[0]) && (/^(?:Get|Add)Connection/.test(match[0]) ? /openai/i.test(value) : true),
    hardCoded: false,
    confidence: 'medium',
    note: 'A connection string: Endpoint=…;Key=….',
  },
  {
    id: 'dotnet-api-key-option',
    kind: 'api_key',
    pattern:
      /(?:\bnew\s+(?:OpenAI_API\.)?(?:ApiKeyCredential|AzureKeyCredential|OpenAIAPI|APIAuthentication|OpenAIAuthentication)\(|\.AddOpenAI\w+\([^;]{0,200}?\bapiKey:|\bnew\s+(?:ChatClient|EmbeddingClient|AudioClient|ImageClient)\([^;]{0,120}?\bapiKey:|\bnew\s+(?:ChatClient|EmbeddingClient|AudioClient|ImageClient)\([^,;()]{1,60},\s*(?=[\w.]*[kK]ey\b))(?!\s*\$?@?")\s*(?<value>[A-Za-z_][^\n;]{0,120})/,
    needs: 'client',
    value: (expression) =>
      variableIn(expression) ?? settingIn(expression) ?? lastName(expression.replace(/[),;].*$/, '')),
    hardCoded: false,
    confidence: 'medium',
  },
  {
    id: 'dotnet-endpoint',
    kind: 'endpoint',
    pattern: pattern()`(?:\.|\?\.)\s*(?<value>${anyOf(METHODS)}|${inAnySpelling(Object.keys(CLIENT_METHODS))})(?:Streaming|AsStream)?(?:Async)?(?:<[^<>()\n]{1,60}(?:<[^<>]{1,40}>)?>)?\s*\(`,
    needs: 'client',
    value: (method, { before }) =>
      /\bChat(?:Completion)?(?:Endpoint)?\??\.$/.test(before)
        ? 'chat.completions'
        : (METHODS[method] ?? endpointOfMethod(method)),
    accept: ({ value, before, fileHolds }) =>
      // Local models have the same interfaces.
      (!fileHolds(/Onnx|Ollama/) || fileHolds(/open_?ai/i)) &&
      ((value in METHODS && !COMMON.test(value)) ||
        CLIENT_RECEIVER.test(before.replace(/\?$/, '').replace(/\.$/, '').replace(/\?$/, '')) ||
        /^\s*\.$/.test(before)),
  },
  {
    id: 'dotnet-endpoint-of-client',
    kind: 'endpoint',
    pattern: pattern()`\.\s*Get(?:OpenAI)?(?<value>${anyOf(CLIENTS_OF_PARTS)})Client\(\)\s*\.\s*\w`,
    needs: 'client',
    value: (part) => CLIENTS_OF_PARTS[part] ?? null,
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
