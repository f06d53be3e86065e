/** The shape of the file: every zod issue as a finding, and what is left of the file without its mistakes. */
import { z } from 'zod';
import { type Finding, formatPath, nearest, type SettingPath } from './problem.ts';
import type { IssueParams } from './schema/scalars.ts';
import { configSchema, type Sections } from './schema.ts';
import { withoutSecrets } from './secrets.ts';
import { parseStage, STAGE_EXPECTED } from './stages.ts';
import { DURATION_EXPECTED, type Parsed, parseDuration, parseShare, SHARE_EXPECTED } from './units.ts';

type Issue = z.core.$ZodIssue;

/** What is said of a required setting that is not there. */
export const MISSING = 'the setting is missing';

export interface Shape {
  readonly findings: readonly Finding[];
  /** The sections that could be read, without the settings that could not. */
  readonly sections: Sections;
  /** Whether nothing at, above or below this path was wrong, so that a rule may believe what it reads there. */
  readonly intact: (path: SettingPath) => boolean;
}

/** Reads the plain value of a file against the schema. */
export function readShape(raw: unknown): Shape {
  const read = configSchema.safeParse(raw);
  if (read.success) return { findings: [], sections: read.data, intact: () => true };
  const all = read.error.issues.flatMap((issue) => findingsOf(issue, [], raw));
  // `modles` is one mistake, not an unknown key and a missing one.
  const meant = all.flatMap(({ path, at, suggestion }) =>
    suggestion === null || at === 'value' ? [] : [[...path.slice(0, -1), suggestion]],
  );
  const misspelt = new Set(meant.map(formatPath));
  const findings = all.filter(({ path, message }) => message !== MISSING || !misspelt.has(formatPath(path)));
  const { sections, pruned } = salvage(asMeant(raw, findings));
  const doubtful = [...pruned, ...meant];
  const intact = (path: SettingPath): boolean =>
    !doubtful.some((other) => isWithin(path, other) || isWithin(other, path));
  return { findings, sections, intact };
}

const STAGES: SettingPath = ['rollout', 'stages'];

/** A copy in which a stage with one obvious reading, 5 for `5%`, is read so: contradictions beside it are told at once. */
function asMeant(raw: unknown, findings: readonly Finding[]): unknown {
  const meant: unknown = structuredClone(raw);
  const stages = valueAt(meant, STAGES);
  for (const { path, suggestion } of findings) {
    if (suggestion === null || path.length !== STAGES.length + 1 || !isWithin(path, STAGES)) continue;
    if (Array.isArray(stages)) stages[Number(path.at(-1))] = suggestion;
  }
  return meant;
}

/** Removes what is wrong from a copy until the rest can be read. Each round removes something, so it ends. */
function salvage(copy: unknown): { sections: Sections; pruned: SettingPath[] } {
  const schema = configSchema.partial();
  const pruned: SettingPath[] = [];
  let rest = copy;
  for (;;) {
    const read = schema.safeParse(rest);
    if (read.success) return { sections: read.data, pruned };
    const wrong = read.error.issues.flatMap((issue) => wrongPaths(issue, rest));
    pruned.push(...wrong);
    // A file that is no map at all has nothing to save.
    if (wrong.some((path) => path.length === 0)) rest = {};
    for (const path of wrong) remove(rest, path);
  }
}

/** What to take out so that an issue goes away: the unknown keys, the wrong value, or the map that lacks a key. */
function wrongPaths(issue: Issue, raw: unknown): SettingPath[] {
  const path = pathOf(issue);
  if (issue.code === 'unrecognized_keys') return issue.keys.map((key) => [...path, key]);
  // A list without one of its entries is another list.
  const entry = path.findIndex((part) => typeof part === 'number');
  if (entry >= 0) return [path.slice(0, entry)];
  return [valueAt(raw, path) === undefined ? path.slice(0, -1) : path];
}

function remove(value: unknown, path: SettingPath): void {
  const parent = valueAt(value, path.slice(0, -1));
  const key = path.at(-1);
  if (key !== undefined && isRecord(parent)) delete parent[key];
}

function findingsOf(issue: Issue, parent: SettingPath, raw: unknown): Finding[] {
  const path = [...parent, ...pathOf(issue)];
  const value = valueAt(raw, path);
  const expected = issue.message;
  const refused = (words: readonly string[]): Finding[] => {
    const suggestion = suggestionFor(value, expected, words);
    return [{ path, at: 'value', message: refusal(value, path), expected, suggestion }];
  };
  switch (issue.code) {
    case 'unrecognized_keys':
      return issue.keys.map((key) => unknownKey([...path, key]));
    case 'invalid_key': {
      const message = `the key "${String(path.at(-1))}" is not accepted`;
      return [{ path, at: 'key', message, expected: issue.issues[0]?.message ?? null, suggestion: null }];
    }
    case 'invalid_union': {
      // The alternative whose kind of value was written is the one that was meant.
      const [meant, ...more] = issue.errors.filter((errors) =>
        errors.every(({ path: inner }) => inner.length > 0),
      );
      if (meant !== undefined && more.length === 0)
        return meant.flatMap((inner) => findingsOf(inner, path, raw));
      const words = issue.errors
        .flat()
        .flatMap((inner) => (inner.code === 'invalid_value' ? inner.values.map(String) : []));
      return refused(words);
    }
    case 'custom': {
      const { problem = refusal(value, path), suggestion = null }: IssueParams = issue.params ?? {};
      return [{ path, at: 'value', message: problem, expected, suggestion }];
    }
    default:
      return refused(issue.code === 'invalid_value' ? issue.values.map(String) : []);
  }
}

/** What is there. Addresses and headers may hold a password, so they are never repeated. */
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

/** A bare number where a unit is due, or the nearest of some words. */
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

function unknownKey(path: SettingPath): Finding {
  const key = String(path.at(-1));
  const known = knownKeys(path.slice(0, -1));
  const suggestion = nearest(key, known) ?? elsewhere(key);
  const expected = known.length === 0 ? null : `one of ${known.join(', ')}`;
  return { path, at: 'key', message: `the key "${key}" is unknown`, expected, suggestion };
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

/** Where a key that stands in the wrong map belongs: `stages` → `rollout.stages`. */
function elsewhere(key: string): string | null {
  const section = knownKeys([]).find((name) => knownKeys([name]).includes(key));
  return section === undefined ? null : formatPath([section, key]);
}

function pathOf(issue: Issue): (string | number)[] {
  return issue.path.map((part) => (typeof part === 'number' ? part : String(part)));
}

/** What stands at a path of a plain value; undefined where nothing does. */
export function valueAt(value: unknown, path: SettingPath): unknown {
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
