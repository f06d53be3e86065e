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

/** Resources of openai-ruby, up to the method. */
const RESOURCES: Readonly<Record<string, Endpoint>> = {
  'chat.completions.': 'chat.completions',
  'completions.': 'completions',
  'responses.': 'responses',
  'conversations.': 'conversations',
  'embeddings.': 'embeddings',
  'images.': 'images.generations',
  'audio.transcriptions.': 'audio.transcriptions',
  'audio.translations.': 'audio.translations',
  'audio.speech.': 'audio.speech',
  'files.': 'files',
  'uploads.': 'uploads',
  'batches.': 'batches',
  'beta.assistants.': 'assistants',
  'beta.threads.': 'threads',
  'vector_stores.': 'vector_stores',
  'fine_tuning.jobs.': 'fine_tuning',
  'moderations.': 'moderations',
  'models.': 'models.list',
  'realtime.': 'realtime',
  'videos.': 'videos',
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
  {
    id: 'openai-ruby-endpoint',
    kind: 'endpoint',
    sdk: 'openai-ruby',
    pattern: pattern()`\.(?<value>${anyOf(RESOURCES)})(?<method>create|stream(?:_raw)?|generate|edit|retrieve|list|delete|content|search|cancel)\b(?!\(?\s*parameters:)`,
    needs: ['openai-ruby'],
    value: (resource, { before, match }) => {
      if (resource === 'completions.' && before.endsWith('chat.')) return null;
      if (resource === 'images.' && match.groups?.method === 'edit') return 'images.edits';
      return RESOURCES[resource] ?? null;
    },
    accept: ({ before }) => !OTHER_PROVIDER.test(before),
  },
]);
