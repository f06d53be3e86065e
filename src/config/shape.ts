/** The shape of the file: every zod issue as a finding, and the rest of the file without its mistakes. */
import { z } from 'zod';
import {
  DURATION_EXPECTED,
  type Parsed,
  parseDuration,
  parseShare,
  SHARE_EXPECTED,
} from './durations-and-shares.ts';
import { type ConfigFinding, finding, formatPath, nearest, type SettingPath } from './problem.ts';
import type { IssueParams } from './schema/scalars.ts';
import { configSchema, type Sections } from './schema.ts';
import { withoutSecrets } from './secrets.ts';
import { parseStage, STAGE_EXPECTED } from './stages.ts';

type Issue = z.core.$ZodIssue;

export const MISSING = 'the setting is missing';

export interface Shape {
  readonly findings: readonly ConfigFinding[];
  /** The sections that could be read, without their unreadable settings. */
  readonly sections: Sections;
  /** Whether nothing at, above or below this path was wrong, so that a rule may trust the setting. */
  readonly intact: (path: SettingPath) => boolean;
}

/** Reads the plain value of a file against the schema. */
export function readShape(raw: unknown): Shape {
  const read = configSchema.safeParse(raw);
  if (read.success) return { findings: [], sections: read.data, intact: () => true };
  const all = read.error.issues.flatMap((issue) => findingsOf(issue, [], raw));
  // `modles` is one mistake, not an unknown key and a missing one.
  const misspelled = all.flatMap(({ path, at, suggestion }) =>
    suggestion === null || at === 'value' ? [] : [[...path.slice(0, -1), suggestion]],
  );
  const present = new Set(misspelled.map(formatPath));
  const findings = all.filter(({ path, message }) => message !== MISSING || !present.has(formatPath(path)));
  const { sections, removed } = withoutMistakes(withSuggestedStages(raw, findings));
  const uncertain = [...removed, ...misspelled];
  const intact = (path: SettingPath): boolean =>
    !uncertain.some((other) => isWithin(path, other) || isWithin(other, path));
  return { findings, sections, intact };
}

const STAGES: SettingPath = ['rollout', 'stages'];

/** A copy that reads a stage with one obvious meaning, 5 for `5%`, so that contradictions are reported with it. */
function withSuggestedStages(raw: unknown, findings: readonly ConfigFinding[]): unknown {
  const copy: unknown = structuredClone(raw);
  const stages = valueAt(copy, STAGES);
  for (const { path, suggestion } of findings) {
    if (suggestion === null || path.length !== STAGES.length + 1 || !isWithin(path, STAGES)) continue;
    if (Array.isArray(stages)) stages[Number(path.at(-1))] = suggestion;
  }
  return copy;
}

/** Removes mistakes from a copy until the rest can be read. Each round removes something, so it ends. */
function withoutMistakes(copy: unknown): { sections: Sections; removed: SettingPath[] } {
  const schema = configSchema.partial();
  const removed: SettingPath[] = [];
  let rest = copy;
  for (;;) {
    const read = schema.safeParse(rest);
    if (read.success) return { sections: read.data, removed };
    const wrong = read.error.issues.flatMap((issue) => wrongPaths(issue, rest));
    removed.push(...wrong);
    // If the file is not a map, nothing of it is left.
    if (wrong.some((path) => path.length === 0)) rest = {};
    for (const path of wrong) remove(rest, path);
  }
}

/** What to remove so that an issue goes away: the unknown keys, the wrong value, or the map that lacks a key. */
function wrongPaths(issue: Issue, raw: unknown): SettingPath[] {
  const path = pathOf(issue);
  if (issue.code === 'unrecognized_keys') return issue.keys.map((key) => [...path, key]);
  // A list without one of its entries would mean something else, so the whole list goes.
  const entry = path.findIndex((part) => typeof part === 'number');
  if (entry >= 0) return [path.slice(0, entry)];
  return [valueAt(raw, path) === undefined ? path.slice(0, -1) : path];
}

function remove(value: unknown, path: SettingPath): void {
  const parent = valueAt(value, path.slice(0, -1));
  const key = path.at(-1);
  if (key !== undefined && isRecord(parent)) delete parent[key];
}

function findingsOf(issue: Issue, parent: SettingPath, raw: unknown): ConfigFinding[] {
  const path = [...parent, ...pathOf(issue)];
  const value = valueAt(raw, path);
  const expected = issue.message;
  const refused = (words: readonly string[]): ConfigFinding[] => {
    const suggestion = suggestionFor(value, expected, words);
    return [finding(path, refusal(value, path), expected, { suggestion })];
  };
  switch (issue.code) {
    case 'unrecognized_keys':
      return issue.keys.map((key) => unknownKey([...path, key]));
    case 'invalid_key': {
      const message = `the key "${String(path.at(-1))}" is not accepted`;
      return [finding(path, message, issue.issues[0]?.message ?? null, { at: 'key' })];
    }
    case 'invalid_union': {
      // The alternative that takes this kind of value is the one that was meant.
      const [meant, ...more] = issue.errors.filter((errors) =>
        errors.every(({ path: inner }) => inner.length > 0),
      );
      if (meant !== undefined && more.length === 0)
        return meant.flatMap((inner) => findingsOf(inner, path, raw));
      return refused(issue.errors.flat().flatMap(wordsOf));
    }
    case 'custom': {
      const { problem = refusal(value, path), suggestion = null }: IssueParams = issue.params ?? {};
      return [finding(path, problem, expected, { suggestion })];
    }
    default:
      return refused(wordsOf(issue));
  }
}

function wordsOf(issue: Issue): string[] {
  return issue.code === 'invalid_value' ? issue.values.map(String) : [];
}

/** What is there. URLs and headers may contain a password, so they are never repeated. */
function refusal(value: unknown, path: SettingPath): string {
  if (value === undefined) return MISSING;
  if (value === null) return 'the setting is empty';
  const text =
    typeof value === 'string' ? JSON.stringify(value.length > 60 ? `${value.slice(0, 60)}…` : value) : '';
  if (path.includes('headers') || path.at(-1) === 'base_url') return 'the value is not accepted';
  if (typeof value === 'string') return `${withoutSecrets(text)} is not accepted`;
  if (typeof value !== 'object') return `${value} is not accepted`;
  const size = Object.keys(value).length === 0 ? 'an empty' : 'a';
  return `${size} ${Array.isArray(value) ? 'list' : 'map'} is not accepted`;
}

/** A bare number with the unit that it lacks, or the nearest of some words. */
function suggestionFor(value: unknown, expected: string, words: readonly string[]): string | null {
  if (typeof value === 'string') return nearest(value, words);
  if (typeof value !== 'number') return null;
  const parsers: Readonly<Record<string, (text: string) => Parsed<unknown>>> = {
    [DURATION_EXPECTED]: parseDuration,
    [SHARE_EXPECTED]: parseShare,
    [STAGE_EXPECTED]: parseStage,
  };
  const parsed = parsers[expected]?.(String(value));
  return parsed === undefined || parsed.ok ? null : parsed.suggestion;
}

function unknownKey(path: SettingPath): ConfigFinding {
  const key = String(path.at(-1));
  const known = knownKeys(path.slice(0, -1));
  const suggestion = nearest(key, known) ?? elsewhere(key);
  const expected = known.length === 0 ? null : `one of ${known.join(', ')}`;
  return finding(path, `the key "${key}" is unknown`, expected, { at: 'key', suggestion });
}

interface JsonSchema {
  readonly properties?: Readonly<Record<string, unknown>>;
  readonly additionalProperties?: unknown;
  readonly items?: unknown;
  readonly anyOf?: readonly unknown[];
}

let cached: JsonSchema | undefined;

/** Built once, and only when a key is unknown. */
function wholeSchema(): JsonSchema {
  cached ??= z.toJSONSchema(configSchema, { io: 'input' });
  return cached;
}

/** The keys that the schema knows at a path. */
function knownKeys(path: SettingPath): string[] {
  let schemas: readonly JsonSchema[] = [wholeSchema()];
  for (const part of path)
    schemas = schemas.flatMap((schema) => childrenOf(schema, part)).flatMap(alternativesOf);
  return schemas.flatMap((schema) => Object.keys(schema.properties ?? {}));
}

function childrenOf(schema: JsonSchema, part: string | number): JsonSchema[] {
  const own = schema.properties?.[part];
  return [own ?? (typeof part === 'number' ? schema.items : schema.additionalProperties)].filter(isRecord);
}

function alternativesOf(schema: JsonSchema): JsonSchema[] {
  return [schema, ...(schema.anyOf ?? []).filter(isRecord)];
}

/** Where a key in the wrong map belongs: `stages` → `rollout.stages`. */
function elsewhere(key: string): string | null {
  const section = knownKeys([]).find((name) => knownKeys([name]).includes(key));
  return section === undefined ? null : formatPath([section, key]);
}

function pathOf(issue: Issue): (string | number)[] {
  return issue.path.map((part) => (typeof part === 'number' ? part : String(part)));
}

/** The part of a plain value at a path; undefined if there is none. */
function valueAt(value: unknown, path: SettingPath): unknown {
  return path.reduce<unknown>((inner, part) => {
    if (Array.isArray(inner)) return inner[Number(part)];
    return isRecord(inner) && Object.hasOwn(inner, part) ? inner[part] : undefined;
  }, value);
}

function isWithin(path: SettingPath, ancestor: SettingPath): boolean {
  return ancestor.every((part, index) => path[index] === part);
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
