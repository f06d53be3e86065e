import type { LanguageId } from './languages.ts';
import type { Sdk } from './sdks.ts';

/** What a site configures or calls. */
export type SiteKind = 'base_url' | 'api_key' | 'model' | 'endpoint' | 'feature' | 'client_setting';

/**
 * What a model name is there for: `use` (a call names it), `default` (used when nothing else is configured),
 * `config` (a configuration file names it), `table` (prices, limits, allow-lists), `prefix_check` (compared with).
 */
export type ModelRole = 'use' | 'default' | 'config' | 'table' | 'prefix_check';

/** The endpoints of the API, named as the official clients name their calls. */
export const ENDPOINTS = [
  'chat.completions',
  'responses',
  'conversations',
  'embeddings',
  'completions',
  'images.generations',
  'images.edits',
  'images.variations',
  'audio.transcriptions',
  'audio.translations',
  'audio.speech',
  'videos',
  'files',
  'uploads',
  'batches',
  'assistants',
  'threads',
  'vector_stores',
  'containers',
  'evals',
  'realtime',
  'fine_tuning',
  'moderations',
  'models.list',
] as const;

export type Endpoint = (typeof ENDPOINTS)[number];

/** Abilities of a request that a gateway may lack or drop, named after the parameter where there is one. */
export const API_FEATURES = [
  'streaming',
  'stream_options',
  'tools',
  'parallel_tool_calls',
  'structured_outputs',
  'json_mode',
  'vision',
  'audio_input',
  'audio_output',
  'file_input',
  'max_completion_tokens',
  'reasoning_effort',
  'logprobs',
  'logit_bias',
  'seed',
  'multiple_choices',
  'prediction',
  'service_tier',
  'prompt_cache_key',
  'store',
  'previous_response_id',
  'background',
  'web_search',
  'file_search',
  'code_interpreter',
  'image_generation',
  'computer_use',
  'mcp',
] as const;

export type ApiFeature = (typeof API_FEATURES)[number];

/** How sure a rule is that its sites are what it says: `low` ones are reported and count for nothing. */
export type Confidence = 'high' | 'medium' | 'low';

/** Documentation and tests are reported, and never count against readiness. */
export type Scope = 'code' | 'docs' | 'test';

/** What stands in place of a value that is, or may be, a key. */
export const HIDDEN = '(hidden)';

/** The value of a `base_url` site where a client is built without any URL option and so calls the official API. */
export const IMPLICIT = '(implicit)';

/** A place in the repository that configures or calls the API. */
export interface Site {
  /** Relative to the root, with forward slashes. */
  readonly file: string;
  /** From 1. */
  readonly line: number;
  /** From 1, in UTF-16 units, as editors and GitHub count. */
  readonly column: number;
  readonly kind: SiteKind;
  /** The URL, the model, the name of the variable or option; an {@link Endpoint} or {@link ApiFeature}. */
  readonly value: string;
  /** The value can only be changed by editing code. */
  readonly hardCoded: boolean;
  /** Of model sites; null for the others. */
  readonly role: ModelRole | null;
  readonly language: LanguageId;
  readonly sdk: Sdk | null;
  readonly confidence: Confidence;
  readonly scope: Scope;
  readonly note: string | null;
  /** The id of the rule that found it. */
  readonly rule: string;
}
