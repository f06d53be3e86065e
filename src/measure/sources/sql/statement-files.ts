/** The statements. This module reads files when it is loaded; the bundle contains their text. */
import { readFileSync } from 'node:fs';

const read = (name: string): string => readFileSync(new URL(name, import.meta.url), 'utf8');

export const TASKS = read('tasks.sql');
export const COUNTS = read('counts.sql');
export const UNITS = read('units.sql');
export const PRESETS = {
  'otel-traces': read('otel-traces.sql').trimEnd(),
  'litellm-spendlogs': read('litellm-spendlogs.sql').trimEnd(),
} as const;
