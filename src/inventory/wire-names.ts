import type { RuleMatch } from './rule.ts';
import type { ApiFeature } from './site.ts';

/** Types of message parts and of tools that the server runs. */
export const PART_TYPES: Readonly<Record<string, ApiFeature>> = {
  image_url: 'vision',
  input_image: 'vision',
  input_audio: 'audio_input',
  input_file: 'file_input',
  web_search: 'web_search',
  web_search_preview: 'web_search',
  file_search: 'file_search',
  code_interpreter: 'code_interpreter',
  image_generation: 'image_generation',
  computer_use_preview: 'computer_use',
  mcp: 'mcp',
};

/** Types of response formats. */
export const FORMAT_TYPES: Readonly<Record<string, ApiFeature>> = {
  json_schema: 'structured_outputs',
  json_object: 'json_mode',
};

/** Types such as `mcp` are common words: they only count in files that use server-side tools. */
export const isPartType = ({ value, fileHolds }: Pick<RuleMatch, 'value' | 'fileHolds'>): boolean =>
  !/^(?:mcp|web_search|image_generation|file_search)$/.test(value) ||
  fileHolds(/\bresponses\b|\bassistants\b|\btools\b/);
