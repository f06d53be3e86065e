import { WordSearch } from './word-search.ts';

/**
 * Words without which a file has no site: everything that rules look for stands in a file that holds one of them, in
 * any case. They are the first and cheapest question, put to every byte of the tree; each at least 5 characters long,
 * because the shortest one sets the pace.
 */
export const GATE_WORDS = [
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
  'gpt_4',
  'gpt_5',
  'chatgpt',
  'o1-mini',
  'o1-preview',
  'o3-mini',
  'o4-mini',
  'text-embedding-',
  'text-davinci',
  'whisper-1',
  'dall-e-',
  'chat/completions',
  'chat.completions',
  'llm_base',
  'llm_api',
  'llm_model',
  'litellm',
  'langchain',
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
] as const;

const search = new WordSearch(GATE_WORDS);

/** Whether the first `length` bytes of a file may hold a site. */
export function mayHoldSites(bytes: Uint8Array, length: number): boolean {
  return search.test(bytes, length);
}
