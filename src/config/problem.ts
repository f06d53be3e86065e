/** What can be wrong with a config, and the sentence that says so. */
import leven from 'leven';

/** Keys and indexes from the top of the file: `['rollout', 'stages', 2]`. */
export type SettingPath = readonly (string | number)[];

/** A problem whose line and column are not known yet. */
export interface ConfigFinding {
  readonly path: SettingPath;
  /** Which part of the setting to point at. */
  readonly at: 'key' | 'value';
  /** What is there. */
  readonly message: string;
  /** What would be right; null where the message says it all. */
  readonly expected: string | null;
  /** The nearest thing that would be right, for "did you mean". */
  readonly suggestion: string | null;
}

/** A finding that points at the value and has no suggestion, unless `more` says otherwise. */
export function finding(
  path: SettingPath,
  message: string,
  expected: string | null,
  more: Partial<Pick<ConfigFinding, 'at' | 'suggestion'>> = {},
): ConfigFinding {
  return { path, at: 'value', message, expected, suggestion: null, ...more };
}

/** An error or a warning with its position. Line and column count from 1; 0 means the whole file. */
export interface ConfigProblem {
  /** As the caller named it, e.g. `.github/gateway-rollout.yml`. */
  readonly file: string;
  readonly line: number;
  readonly column: number;
  /** The setting, e.g. `rollout.stages[2]`; empty for the whole file. */
  readonly path: string;
  readonly message: string;
  readonly expected: string | null;
  readonly suggestion: string | null;
}

/** One line: `file:12:5 rollout.stages[2]: …; expected …; did you mean "…"?` */
export function formatProblem(problem: ConfigProblem): string {
  const position = problem.line === 0 ? problem.file : `${problem.file}:${problem.line}:${problem.column}`;
  const setting = problem.path === '' ? ':' : ` ${problem.path}:`;
  const expected = problem.expected === null ? '' : `; expected ${problem.expected}`;
  const hint = problem.suggestion === null ? '' : `; did you mean "${problem.suggestion}"?`;
  return `${position}${setting} ${problem.message}${expected}${hint}`;
}

/** A problem of a whole file, for example that it does not exist. */
export function fileProblem(file: string, message: string, expected: string | null = null): ConfigProblem {
  return { file, line: 0, column: 0, path: '', message, expected, suggestion: null };
}

/** `['rollout', 'stages', 2]` → `rollout.stages[2]`; keys with a dot or a space are put in brackets. */
export function formatPath(path: SettingPath): string {
  return path
    .map((part, index) => {
      if (typeof part === 'number') return `[${part}]`;
      if (!/^[\w%$-]+$/.test(part)) return `["${part}"]`;
      return index === 0 ? part : `.${part}`;
    })
    .join('');
}

/** The candidate that a person most likely meant, or null when none is near. */
export function nearest(word: string, candidates: readonly string[]): string | null {
  const plain = normalise(word);
  if (plain.length > 80) return null;
  const [best] = candidates
    .map((candidate) => ({ candidate, distance: distance(plain, normalise(candidate)) }))
    .sort((a, b) => a.distance - b.distance);
  const isNear = best !== undefined && best.distance <= Math.max(1, Math.round(plain.length * 0.4));
  return isNear ? best.candidate : null;
}

/** To a person, `baseUrl`, `base-url` and `base_url` are one word. */
function normalise(word: string): string {
  return word.toLowerCase().replaceAll(/[^\p{L}\p{N}%]/gu, '');
}

function distance(word: string, candidate: string): number {
  // `max_cost` for `max_cost_usd`: a prefix counts as near, however long the rest.
  return word.length >= 4 && candidate.startsWith(word) ? 1 : leven(word, candidate);
}
