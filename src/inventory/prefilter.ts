import { WordSearch } from './word-search.ts';

/**
 * A file can only have sites if it contains one of these words, in any case. This is the first and cheapest test, and it
 * runs over every byte of the tree. Each word has at least 5 characters, because the shortest one determines the speed.
 */
export const PREFILTER_WORDS = [
  'openai',
  'open-ai',
  'open_ai',
  'gpt-3',
  'gpt-4',
  'gpt-5',
  'gpt-oss',
  'gpt-image',
  'gpt-audio',
  'gpt-realtime',
  'gpt-transcribe',
  'gpt4o',
  'gpt_3',
  'gpt_4',
  'gpt_5',
  'chatgpt',
  'chat_gpt',
  'go-gpt3',
  'aiproxy',
  'gpt_api',
  'gpt_key',
  'gpt_token',
  'o1-mini',
  'o1-preview',
  'o3-mini',
  'o4-mini',
  'text-embedding-',
  'text-davinci',
  'davinci-002',
  'babbage-002',
  'omni-moderation',
  'codex-mini',
  'computer-use-preview',
  'whisper-1',
  'tts-1',
  'dall-e-',
  'sora-2',
  'chat/completions',
  ...['"/v1/', "'/v1/", '`/v1/'],
  'chat.completions',
  'llm_base',
  'llm_api',
  'llm_model',
  'litellm',
  'langchain',
  'rubyllm',
  'llama_index',
  'llamaindex',
  '@ai-sdk/',
  'extensions.ai',
  'semantickernel',
  'ichatclient',
  'ichatcompletionservice',
  'iembeddinggenerator',
  'aifunctionfactory',
  'springframework.ai',
  'pydantic_ai',
  'init_chat_model',
  'generatetext',
  'streamtext',
  'streamobject',
  'generateobject',
  'createchatcompletion',
  'responses.create',
  'embeddings.create',
  'chat_completion',
  'completion_window',
  'vector_store_ids',
  'web_search_preview',
  'code_interpreter',
  'audio.transcriptions',
  'audio.speech',
  'images.generate',
  'responses.parse',
  'createstreamed',
  'chat(parameters',
  'embeddings(parameters',
  '"image_url"',
  "'image_url'",
  'dashboard/billing',
  'vector(1536',
  'vector(3072',
  'asst_',
  '"json_object"',
  "'json_object'",
  '"json_schema"',
  "'json_schema'",
] as const;

const search = new WordSearch(PREFILTER_WORDS);

/** A key by its shape, in a file that need not mention the API; too short a word to be one of the others. */
const KEY = /(?<![\w-])sk-[\w-]{40}/;

/** Whether the first `length` bytes of a file may contain a site. */
export function mayHoldSites(bytes: Uint8Array, length: number): boolean {
  return search.test(bytes, length) || holdsKey(Buffer.from(bytes.buffer, bytes.byteOffset, length));
}

function holdsKey(text: Buffer): boolean {
  for (let at = text.indexOf('sk-'); at >= 0; at = text.indexOf('sk-', at + 1)) {
    if (KEY.test(text.toString('latin1', Math.max(0, at - 1), at + 43))) return true;
  }
  return false;
}
