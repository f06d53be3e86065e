import { variableIn } from '../call-options.ts';
import { rulesFor } from '../rule.ts';
import type { Endpoint } from '../site.ts';
import { anyOf, byName, pattern, URL_TEXT } from '../vocabulary.ts';
import { KEY_IN_PLACE, WRITTEN_KEY } from '../written-keys.ts';

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
    id: 'async-openai-base-url-literal',
    kind: 'base_url',
    pattern: pattern()`\.with_api_base\(\s*(?:String::from\()?"(?<value>${URL_TEXT})"`,
    hardCoded: true,
  },
  {
    id: 'async-openai-base-url-option',
    kind: 'base_url',
    pattern: /\.(?<option>with_api_base)\((?!\s*(?:String::from\()?")\s*(?<value>[^\s)][^\n]{0,120})/,
    value: (expression) => variableIn(expression) ?? 'with_api_base',
    hardCoded: false,
  },
  {
    id: 'async-openai-api-key-option',
    kind: 'api_key',
    pattern: /\.with_api_key\((?!\s*(?:String::from\()?")\s*&?(?<value>[^\s)][^\n]{0,120})/,
    value: (expression) =>
      variableIn(expression) ??
      /(\w+)(?:\.(?:clone|to_string|as_str|as_ref|to_owned|into|expose_secret|unwrap|unwrap_or_default|expect)\(\))*[^\w]*$/.exec(
        expression,
      )?.[1] ??
      null,
    hardCoded: false,
    confidence: 'medium',
  },
  {
    id: 'async-openai-api-key-literal',
    ...WRITTEN_KEY,
    pattern: pattern()`\.with_api_key\(\s*(?:String::from\()?"(?<value>${KEY_IN_PLACE})"`,
  },
  {
    id: 'async-openai-endpoint',
    kind: 'endpoint',
    pattern: pattern()`\.\s*(?<value>${anyOf(GROUPS)})\(\)(?:\s*\.\s*(?:query|headers?|path)\([^\n]{0,80}\)\??)?\s*\.\s*(?<method>create\w*|generate\w*|edit\w*|transcri\w+|translat\w+|speech|retrieve\w*|list\w*|upload|delete|content|search|messages|runs|items|files|session|transcription_session)\(`,
    value: (group, { match }) => METHODS[match.groups?.method ?? ''] ?? GROUPS[group] ?? null,
  },
  {
    id: 'async-openai-backoff',
    kind: 'client_setting',
    pattern: /\.(?<value>with_backoff|with_http_client)\(/,
    value: (option) => (option === 'with_backoff' ? 'retries' : 'timeout'),
    accept: ({ value, fileHolds, line }) =>
      !/anthropic/i.test(line) && (value === 'with_backoff' || fileHolds(/\.timeout\(/)),
    hardCoded: true,
  },
]);
