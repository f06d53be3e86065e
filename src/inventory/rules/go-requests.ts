import { isFallback } from '../fallback.ts';
import { modelOfConstant } from '../model-constants.ts';
import { roleInCode } from '../model-role.ts';
import { rulesFor } from '../rule.ts';
import type { Endpoint } from '../site.ts';
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
