import type { Endpoint } from '../site.ts';
import { byName, squash } from '../vocabulary.ts';

/** Methods that clients in several languages name after what they create or read, in snake case. */
export const CLIENT_METHODS = byName<Endpoint>({
  'chat.completions': [
    'create_chat_completion',
    'stream_chat_completion',
    'create_stream_chat_completion',
    'get_chat_completions',
  ],
  completions: ['create_completion', 'stream_completion', 'get_completions'],
  embeddings: ['create_embedding', 'create_embeddings', 'get_embeddings'],
  responses: ['create_response', 'retrieve_response'],
  'images.generations': ['create_image', 'gen_images', 'get_images'],
  'images.edits': ['create_image_edit', 'create_edit_image'],
  'images.variations': ['create_image_variation', 'create_vari_image'],
  'audio.transcriptions': ['create_transcription', 'get_audio_transcription'],
  'audio.translations': ['create_translation', 'get_audio_translation'],
  'audio.speech': ['create_speech'],
  files: ['create_file', 'create_file_bytes', 'upload_file'],
  batches: ['create_batch', 'create_batch_with_upload_file', 'retrieve_batch'],
  fine_tuning: ['create_fine_tune', 'create_fine_tuning_job', 'retrieve_fine_tuning_job'],
  assistants: ['create_assistant', 'retrieve_assistant', 'modify_assistant'],
  threads: ['create_thread', 'create_thread_and_run', 'create_message', 'create_run', 'retrieve_run'],
  vector_stores: ['create_vector_store', 'create_vector_store_file'],
  moderations: ['create_moderation', 'moderations'],
  'models.list': ['list_models', 'get_model'],
});

const BY_METHOD = new Map(Object.entries(CLIENT_METHODS).map(([name, endpoint]) => [squash(name), endpoint]));

/** The endpoint of a method in any spelling; the same for its variant that streams. */
export const endpointOfMethod = (method: string): Endpoint | null =>
  BY_METHOD.get(squash(method).replace(/s?(?:stream(?:ing)?)?$/, '')) ??
  BY_METHOD.get(squash(method).replace(/stream(?:ing)?$/, '')) ??
  null;
