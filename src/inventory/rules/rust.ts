import { rulesFor } from '../rule.ts';
import type { Endpoint } from '../site.ts';
import { anyOf, byName, pattern } from '../vocabulary.ts';

/** Groups of async-openai's client; for `audio` and `images`, the method may determine the endpoint. */
const GROUPS: Readonly<Record<string, Endpoint>> = {
  chat: 'chat.completions',
  completions: 'completions',
  responses: 'responses',
  conversations: 'conversations',
  embeddings: 'embeddings',
  images: 'images.generations',
  audio: 'audio.transcriptions',
  files: 'files',
  uploads: 'uploads',
  batches: 'batches',
  assistants: 'assistants',
  threads: 'threads',
  vector_stores: 'vector_stores',
  containers: 'containers',
  evals: 'evals',
  fine_tuning: 'fine_tuning',
  moderations: 'moderations',
  models: 'models.list',
  videos: 'videos',
  realtime: 'realtime',
};

const METHODS = byName<Endpoint>({
  'images.edits': ['edit', 'create_edit'],
  'images.variations': ['create_variation'],
  'audio.speech': ['speech'],
  'audio.translations': ['translate', 'translation'],
});

/** async-openai: clients, calls and requests in Rust. */
export const RUST_RULES = rulesFor({ families: ['rust'], sdk: 'async-openai', needs: 'client' }, [
  {
    id: 'async-openai-endpoint',
    kind: 'endpoint',
    pattern: pattern()`\.\s*(?<value>${anyOf(GROUPS)})\(\)(?:\s*\.\s*(?:query|headers?|path)\([^\n]{0,80}\)\??)?\s*\.\s*(?<method>create\w*|generate\w*|edit\w*|transcri\w+|translat\w+|speech|retrieve\w*|list\w*|upload|delete|content|search|messages|runs|items|files|session|transcription_session)\(`,
    value: (group, { match }) => METHODS[match.groups?.method ?? ''] ?? GROUPS[group] ?? null,
  },
]);
