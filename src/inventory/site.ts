import type { LanguageId } from './languages.ts';
import type { Sdk } from './sdks.ts';

/** What a site configures or calls. */
export type SiteKind = 'base_url' | 'api_key' | 'model' | 'endpoint' | 'feature' | 'client_setting';

/**
 * What a model name is used for: `use` (in a call), `default` (if nothing else is configured), `config` (in a
 * configuration file), `table` (prices, limits, allow-lists), `prefix_check` (compared with).
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

/** Features of a request that a gateway may not support or may drop, named after their parameter if there is one. */
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

/** How sure a rule is of its sites; `low` ones are reported but don't count. */
export type Confidence = 'high' | 'medium' | 'low';

/** Documentation and tests are reported but never count against readiness. */
export type Scope = 'code' | 'docs' | 'test';

/** Shown in place of a value that is, or may be, a key. */
export const HIDDEN = '(hidden)';

/** The value of a `base_url` site whose client has no URL option and so calls the official API. */
export const IMPLICIT = '(implicit)';

/** A line of a file in the repository. */
export interface FileLine {
  /** Relative to the root, with forward slashes. */
  readonly file: string;
  /** From 1. */
  readonly line: number;
}

export interface Location extends FileLine {
  /** From 1, in UTF-16 code units, as editors and GitHub count. */
  readonly column: number;
}

/** A place in the repository that configures or calls the API. */
export interface Site extends Location {
  readonly kind: SiteKind;
  /** The URL, the model, the name of the variable or option; an {@link Endpoint} or {@link ApiFeature}. */
  readonly value: string;
  /** What follows a hard-coded URL in its literal: `/embeddings`; `?` if it is more than a path. */
  readonly rest?: string;
  /** The constant that holds a hard-coded value, if its name says what it is for: `EMBEDDING_MODEL`. */
  readonly name?: string;
  /** Whether the value can only be changed by editing code. */
  readonly hardCoded: boolean;
  /** Only for models; null for other kinds. */
  readonly role: ModelRole | null;
  readonly language: LanguageId;
  readonly sdk: Sdk | null;
  readonly confidence: Confidence;
  readonly scope: Scope;
  readonly note: string | null;
  /** The id of the rule that found it. */
  readonly rule: string;
}
