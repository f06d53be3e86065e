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

const FEATURE_OF_API_FEATURE: Partial<Record<ApiFeature, Feature>> = {
  streaming: 'streaming',
  stream_options: 'streaming',
  tools: 'tools',
  parallel_tool_calls: 'tools',
  structured_outputs: 'structured_outputs',
  previous_response_id: 'responses',
  file_search: 'vector_stores',
};

/** The feature that `check` should probe because of this site; null if there is no probe for it. */
export function probedFeature(site: Pick<Site, 'kind' | 'value'>): Feature | null {
  const table: Readonly<Record<string, Feature | undefined>> =
    site.kind === 'endpoint' ? FEATURE_OF_ENDPOINT : site.kind === 'feature' ? FEATURE_OF_API_FEATURE : {};
  return table[site.value] ?? null;
}
