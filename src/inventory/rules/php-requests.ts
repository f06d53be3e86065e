import { statementUpTo } from '../call-chain.ts';
import { rulesFor } from '../rule.ts';
import type { Endpoint } from '../site.ts';
import { anyOf, byName, OTHER_PROVIDER, pattern } from '../vocabulary.ts';

/** Resources of the client. */
const RESOURCES: Readonly<Record<string, Endpoint>> = {
  chat: 'chat.completions',
  completions: 'completions',
  responses: 'responses',
  conversations: 'conversations',
  embeddings: 'embeddings',
  images: 'images.generations',
  audio: 'audio.transcriptions',
  files: 'files',
  batches: 'batches',
  assistants: 'assistants',
  threads: 'threads',
  vectorStores: 'vector_stores',
  containers: 'containers',
  fineTuning: 'fine_tuning',
  moderations: 'moderations',
  models: 'models.list',
  realtime: 'realtime',
};

const METHODS = byName<Endpoint>({
  'images.edits': ['edit', 'editStreamed'],
  'images.variations': ['variation'],
  'audio.speech': ['speech', 'speechStreamed'],
  'audio.translations': ['translate'],
});

/** Endpoints and features in PHP. */
export const PHP_REQUEST_RULES = rulesFor({ families: ['php'] }, [
  {
    id: 'php-endpoint',
    kind: 'endpoint',
    pattern:
      /(?:->|::)\s*(?<value>chat|completions|responses|embeddings|moderations)\(\)\s*->\s*(?:create\w*|stream\w*|retrieve\w*)\(/,
    value: (resource) => RESOURCES[resource] ?? null,
    accept: ({ code, match }) => !OTHER_PROVIDER.test(statementUpTo(code, match.index)),
  },
  {
    id: 'php-other-endpoint',
    kind: 'endpoint',
    pattern: pattern()`(?:->|::)\s*(?<value>${anyOf(RESOURCES)})\(\)\s*->\s*(?:(?:runs|messages|jobs|files)\(\)\s*->\s*)?(?<method>create\w*|stream\w*|retrieve\w*|list\w*|upload|edit\w*|variation|transcribe\w*|speech\w*|translate|delete|download|cancel|search|modify)\(`,
    needs: 'client',
    value: (resource, { match }) => METHODS[match.groups?.method ?? ''] ?? RESOURCES[resource] ?? null,
    // Relations of a database model (`$user->files()->create()`) look the same.
    accept: ({ code, match }) => /OpenAI|client|\bai\b/i.test(statementUpTo(code, match.index).slice(-120)),
  },
]);
