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
