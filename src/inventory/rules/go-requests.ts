import { isFallback } from '../fallback.ts';
import { modelOfConstant } from '../model-constants.ts';
import { roleInCode } from '../model-role.ts';
import { rulesFor } from '../rule.ts';
import { inAnySpelling, pattern } from '../vocabulary.ts';
import { CLIENT_METHODS, endpointOfMethod } from './client-methods.ts';

/** Endpoints, features and model constants in Go. */
export const GO_REQUEST_RULES = rulesFor({ families: ['go'] }, [
  {
    id: 'go-openai-endpoint',
    kind: 'endpoint',
    sdk: 'go-openai',
    pattern: pattern()`\.(?<value>(?:${inAnySpelling(Object.keys(CLIENT_METHODS))})(?:Stream)?|ListMessage|SubmitToolOutputs)\((?!\))`,
    needs: ['go-openai'],
    value: (method) => endpointOfMethod(method) ?? 'threads',
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
