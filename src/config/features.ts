/** The parts of the API that `check.features` may name; each brings its probes. */
export const FEATURES = [
  'streaming',
  'tools',
  'structured_outputs',
  'embeddings',
  'responses',
  'completions',
  'images',
  'audio',
  'moderations',
  'files',
  'batches',
  'assistants',
  'vector_stores',
  'fine_tuning',
  'realtime',
] as const;

export type Feature = (typeof FEATURES)[number];
