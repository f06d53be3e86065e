import { rulesFor } from '../rule.ts';
import type { Endpoint } from '../site.ts';
import { anyOf, byName, OTHER_PROVIDER, pattern } from '../vocabulary.ts';

/** Methods of ruby-openai that take `parameters:`. */
const METHODS: Readonly<Record<string, Endpoint>> = {
  chat: 'chat.completions',
  completions: 'completions',
  embeddings: 'embeddings',
  moderations: 'moderations',
  'responses.create': 'responses',
  'images.generate': 'images.generations',
  'images.edit': 'images.edits',
  'images.variations': 'images.variations',
  'audio.transcribe': 'audio.transcriptions',
  'audio.translate': 'audio.translations',
  'audio.speech': 'audio.speech',
  transcribe: 'audio.transcriptions',
  translate: 'audio.translations',
  'files.upload': 'files',
  'batches.create': 'batches',
  'finetunes.create': 'fine_tuning',
  'assistants.create': 'assistants',
  'threads.create': 'threads',
  'messages.create': 'threads',
  'runs.create': 'threads',
  'vector_stores.create': 'vector_stores',
  'realtime.create': 'realtime',
};

const LISTED = byName<Endpoint>({
  'models.list': ['models'],
  files: ['files'],
  threads: ['runs', 'messages', 'threads'],
  batches: ['batches'],
});

/** Endpoints and features in Ruby. */
export const RUBY_REQUEST_RULES = rulesFor({ families: ['ruby'] }, [
  {
    id: 'ruby-openai-endpoint',
    kind: 'endpoint',
    sdk: 'ruby-openai',
    pattern: pattern()`[.&]\s*(?<value>${anyOf(METHODS)})(?:\(\s*|[ \t]+)(?:\w+:\s*[\w.@]+\s*,\s*)?(?:parameters:|\{\s*parameters:)`,
    value: (method) => METHODS[method] ?? null,
    accept: ({ before }) => !OTHER_PROVIDER.test(before),
  },
  {
    id: 'ruby-openai-listing',
    kind: 'endpoint',
    sdk: 'ruby-openai',
    pattern:
      /(?:client|openai|@ai)\w*(?:\(\))?\s*\.\s*(?<value>models\.(?:list|retrieve)|files\.(?:list|retrieve|content|delete)|runs\.(?:retrieve|list)|messages\.list|threads\.(?:create|retrieve)|batches\.retrieve)\b/,
    needs: 'client',
    value: (call) => LISTED[call.split('.', 1)[0] ?? ''] ?? null,
    confidence: 'medium',
  },
]);
