import type { Feature } from '../config/features.ts';
import type { ApiFeature, Endpoint, Site } from './site.ts';

const FEATURE_OF_ENDPOINT: Partial<Record<Endpoint, Feature>> = {
  responses: 'responses',
  conversations: 'responses',
  embeddings: 'embeddings',
  completions: 'completions',
  'images.generations': 'images',
  'images.edits': 'images',
  'images.variations': 'images',
  'audio.transcriptions': 'audio',
  'audio.translations': 'audio',
  'audio.speech': 'audio',
  files: 'files',
  uploads: 'files',
  batches: 'batches',
  assistants: 'assistants',
  threads: 'assistants',
  vector_stores: 'vector_stores',
  realtime: 'realtime',
  fine_tuning: 'fine_tuning',
  moderations: 'moderations',
};

/** The other features have probes of their own names. */
const FEATURE_OF_API_FEATURE = {
  stream_options: 'streaming',
  parallel_tool_calls: 'tools',
  file_search: 'vector_stores',
  max_completion_tokens: null,
} as const satisfies Partial<Record<ApiFeature, Feature | null>>;

type Own = Exclude<ApiFeature, keyof typeof FEATURE_OF_API_FEATURE>;

/** The feature that `check` should probe because of this site; null if there is no probe for it. */
export function probedFeature(site: Pick<Site, 'kind' | 'value'>): Feature | null {
  const { kind, value } = site;
  const table: Readonly<Record<string, Feature | null | undefined>> =
    kind === 'endpoint' ? FEATURE_OF_ENDPOINT : FEATURE_OF_API_FEATURE;
  if (value in table || kind === 'endpoint') return table[value] ?? null;
  return kind === 'feature' ? (value as Own satisfies Feature) : null;
}
