import { hazardsIn } from '../../../src/inventory/hazards.ts';
import type { SourceFile } from '../../../src/inventory/rule.ts';
import { prepare, scanFile } from '../../../src/inventory/scan.ts';
import { CODE_COLUMNS } from './code.ts';
import { type Column, ROWS, type Row } from './rows.ts';
import { SETTINGS_COLUMNS } from './settings.ts';

export const COLUMNS: Readonly<Record<string, Column>> = { ...CODE_COLUMNS, ...SETTINGS_COLUMNS };

/** What `/PATH` in a cell stands for: all of these must be found. */
const PATHS = [
  '/chat/completions',
  '/responses',
  '/embeddings',
  '/completions',
  '/images/generations',
  '/audio/transcriptions',
  '/audio/speech',
  '/files',
  '/batches',
  '/assistants',
  '/threads',
  '/fine_tuning/jobs',
  '/moderations',
  '/models',
] as const;

/** What `PARAMETER` stands for, in the spelling of the language. */
const PARAMETERS = [
  'stream_options',
  'parallel_tool_calls',
  'max_completion_tokens',
  'reasoning_effort',
  'logprobs',
  'logit_bias',
  'seed',
  'service_tier',
  'prompt_cache_key',
  'previous_response_id',
] as const;

const SPELLINGS: Readonly<Record<string, (name: string) => string>> = {
  Go: pascal,
  'C#': pascal,
  Java: camel,
  Kotlin: camel,
  Swift: camel,
  Dart: camel,
};

/** The code of a cell, once for each endpoint or ability that it stands for. */
export function variantsOf(column: string, code: string): string[] {
  if (code.includes('/PATH')) return PATHS.map((path) => code.replace('/PATH', path));
  const spell = SPELLINGS[column] ?? ((name) => name);
  if (/(?<!_)PARAMETER/.test(code)) return PARAMETERS.map((name) => code.replace('PARAMETER', spell(name)));
  return [code];
}

/** The file of each hit. */
export const matrixSources = (): SourceFile[] =>
  Object.entries(COLUMNS).flatMap(([column, { cells }]) =>
    Object.values(cells).flatMap((cell) =>
      typeof cell === 'string' ? [] : variantsOf(column, cell[0]).map((code) => sourceOf(column, code)),
    ),
  );

function sourceOf(column: string, code: string): SourceFile {
  const { file, in: context } = COLUMNS[column] ?? { file: '', in: '' };
  return prepare(file, `${context}\n${code}\n`);
}

/** Whether the inventory reports what a row is about in a column's code. */
export function isFound(column: string, row: Row, code: string): boolean {
  const source = sourceOf(column, code);
  const ofCode = <Found extends { readonly line: number }>(found: readonly Found[]): Found[] =>
    found.filter(({ line }) => line > 1);
  return ROWS[row]({ sites: ofCode(scanFile(source)), hazards: ofCode(hazardsIn(source)) });
}

function camel(name: string): string {
  return name.replace(/_(\w)/g, (_, letter: string) => letter.toUpperCase());
}

function pascal(name: string): string {
  const [first = '', ...rest] = camel(name);
  return first.toUpperCase() + rest.join('');
}
