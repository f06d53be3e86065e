import { rulesFor } from '../rule.ts';
import type { Endpoint } from '../site.ts';
import { anyOf, byName, OTHER_PROVIDER, pattern } from '../vocabulary.ts';

/** Methods of ruby-openai that take `parameters:`. */
const METHODS = byName<Endpoint>({
  'chat.completions': ['chat'],
  completions: ['completions'],
  embeddings: ['embeddings'],
  moderations: ['moderations'],
  responses: ['responses.create'],
  'images.generations': ['images.generate'],
  'images.edits': ['images.edit'],
  'images.variations': ['images.variations'],
  'audio.transcriptions': ['audio.transcribe', 'transcribe'],
  'audio.translations': ['audio.translate', 'translate'],
  'audio.speech': ['audio.speech'],
  files: ['files.upload'],
  batches: ['batches.create'],
  fine_tuning: ['finetunes.create'],
  assistants: ['assistants.create'],
  threads: ['threads.create', 'messages.create', 'runs.create'],
  vector_stores: ['vector_stores.create'],
  realtime: ['realtime.create'],
});

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
