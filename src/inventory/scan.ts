import { isOwnConfig, maskActionSteps } from './action-steps.ts';
import { findAll, isFor, MatcherIndex, mayMatch, wordFinder } from './find.ts';
import { type LanguageFamily, languageOfFile } from './languages.ts';
import { maskComments, maskLongLines } from './mask.ts';
import { notebookCode } from './notebook.ts';
import type { HazardRule, Rule, RuleMatch, SourceFile } from './rule.ts';
import { HAZARD_RULES, RULES } from './rules/index.ts';
import { inlineTests, scopeOf } from './scope.ts';
import { librariesOf, mentionsApi } from './sdks.ts';
import { showable } from './secrets.ts';
import type { Site } from './site.ts';
import { Lines } from './text-lines.ts';

/** What the files of one family are searched with. */
interface Search {
  readonly rules: MatcherIndex<Rule>;
  readonly hazards: MatcherIndex<HazardRule>;
  readonly libraries: ReturnType<typeof librariesOf>;
  readonly words: ReturnType<typeof wordFinder>;
}

/** Each built for the first file of its family that may contain sites; many trees have none. */
const searches = new Map<LanguageFamily, Search>();

export function searchFor(family: LanguageFamily): Search {
  const known = searches.get(family);
  if (known !== undefined) return known;
  const rules = RULES.filter((rule) => isFor(rule, family));
  const hazards = HAZARD_RULES.filter((rule) => isFor(rule, family));
  const libraries = librariesOf(family);
  const patterns = [...rules, ...hazards, ...libraries].map(({ pattern }) => pattern);
  const made = {
    rules: new MatcherIndex(rules),
    hazards: new MatcherIndex(hazards),
    libraries,
    words: wordFinder(patterns),
  };
  searches.set(family, made);
  return made;
}

/** Masks a file's comments and detects its client libraries; of a notebook, only the code counts. */
export function prepare(path: string, text: string): SourceFile {
  const language = languageOfFile(path, text);
  const { code: written, lines } =
    language.id === 'notebook' ? notebookCode(text) : { code: text, lines: new Lines(text) };
  const withoutComments = maskLongLines(maskComments(written, language.comments));
  const code = isOwnConfig(path, withoutComments) ? '' : maskActionSteps(path, withoutComments);
  const search = searchFor(language.family);
  const words = search.words(code);
  const holds = memoized((pattern) => pattern.test(code));
  const used = search.libraries.filter(({ pattern }) => mayMatch(pattern, words) && holds(pattern));
  const sdks = used.map(({ id }) => id);
  const scope = scopeOf(path, language);
  const tests = inlineTests(code, language);
  return {
    path,
    language,
    code,
    holds,
    sdks,
    // A workflow step that runs this Action mentions the API too, so a key in it is recognised.
    mentionsApi: mentionsApi(withoutComments, sdks),
    lines,
    scopeAt: (offset) => (offset < tests ? scope : 'test'),
    words,
  };
}

function memoized(test: (pattern: RegExp) => boolean): (pattern: RegExp) => boolean {
  // Most patterns are constants; those that are built for a match are known by their source.
  const byPattern = new WeakMap<RegExp, boolean>();
  const bySource = new Map<string, boolean>();
  return (pattern) => {
    const known = byPattern.get(pattern);
    if (known !== undefined) return known;
    const source = String(pattern);
    const result = bySource.get(source) ?? test(pattern);
    bySource.set(source, result);
    byPattern.set(pattern, result);
    return result;
  };
}

/** The sites of one file, in text order. */
export function scanFile(file: SourceFile): Site[] {
  const { rules } = searchFor(file.language.family);
  const candidates = rules.for(file.words).flatMap((rule) => candidatesOf(rule, file));
  return mostSpecific(candidates)
    .sort((a, b) => a.offset - b.offset)
    .map(({ site }) => site);
}

/** A site with the span of its value, before overlaps are resolved. */
interface Candidate {
  readonly site: Site;
  readonly offset: number;
  readonly end: number;
  /** Dropped if its line has another site of the same kind. */
  readonly onlyAlone: boolean;
  /** Lower is more specific. */
  readonly rank: readonly [number, number, number];
}

/** A test that says what a mock answers, and whether it was called, calls nothing. */
const MOCKED = /\b(?:when|given|(?:coE|e)very|(?:coV|v)erify|do(?:Return|Throw|Answer))\s*[({][^;]*$/;

function candidatesOf(rule: Rule, file: SourceFile): Candidate[] {
  return findAll(rule, file).flatMap((found) => {
    if (rule.kind === 'endpoint' && MOCKED.test(found.before) && file.scopeAt(found.offset) === 'test')
      return [];
    const value =
      typeof rule.value === 'function' ? rule.value(found.value, found) : (rule.value ?? found.value);
    if (value === null || value === '') return [];
    const breadth = rule.families === 'any' ? Number.MAX_SAFE_INTEGER : rule.families.length;
    return {
      offset: found.offset,
      end: found.offset + found.value.length,
      onlyAlone: typeof rule.onlyAlone === 'function' ? rule.onlyAlone(value) : rule.onlyAlone === true,
      rank: [rule.sdk === undefined ? 1 : 0, breadth, -found.value.length],
      site: siteOf(rule, found, value, file),
    };
  });
}

function siteOf(rule: Rule, found: RuleMatch, value: string, file: SourceFile): Site {
  const shown = copyOf(showable(rule.kind, value));
  const hardCoded = 'hardCoded' in rule && resolve(rule.hardCoded, found);
  return {
    file: file.path,
    ...file.lines.position(found.offset),
    kind: rule.kind,
    value: shown,
    hardCoded,
    ...(hardCoded && literalAround(found, shown)),
    role: rule.kind === 'model' ? resolve(rule.role ?? 'use', found) : null,
    language: file.language.id,
    // A plain URL isn't tied to a client, even if its file uses one.
    sdk: rule.sdk ?? (rule.families === 'any' ? null : (file.sdks[0] ?? null)),
    confidence: rule.confidence ?? 'high',
    scope: file.scopeAt(found.offset),
    note: rule.note === undefined ? null : resolve(rule.note, found),
    rule: rule.id,
  };
}

const CONSTANT =
  /\b([A-Z0-9_]*(?:OPENAI|GPT|LLM|CHAT|EMBED)[A-Z0-9_]*)\s*(?::[^=\n]{1,40}|\s[\w&*]{1,20})?\s*=\s*["'`]$/;

/** What a suggestion must know of the code around a literal: the rest of a URL in it, and the constant that holds it. */
function literalAround(found: RuleMatch, value: string): Pick<Site, 'rest' | 'name'> {
  const literal = found.value + found.after;
  const url = value.includes('://') && literal.startsWith(value);
  const rest = url ? /^[^"'`\s<>()]*/.exec(literal.slice(value.length))?.[0] : undefined;
  const name = CONSTANT.exec(found.before)?.[1];
  return {
    // Anything but a plain path may hold a key or an interpolation, and is not repeated.
    ...(rest !== undefined && rest !== '' && { rest: /^[\w./-]{1,80}$/.test(rest) ? copyOf(rest) : '?' }),
    ...(name !== undefined && { name: copyOf(name) }),
  };
}

const copies = new Map<string, string>();

/** A part of a text keeps all of it in memory; a copy, shared by equal values, does not. */
function copyOf(value: string): string {
  const known = copies.get(value);
  if (known !== undefined) return known;
  const copy = Buffer.from(value).toString();
  copies.set(copy, copy);
  return copy;
}

/** A rule's fact about a match: a constant, or a function of the match. */
function resolve<T extends string | boolean>(fact: T | ((found: RuleMatch) => T), found: RuleMatch): T {
  return typeof fact === 'function' ? fact(found) : fact;
}

/** Drops duplicates: of overlapping or equal sites of one kind, the one with the most specific rule stays. */
function mostSpecific(candidates: readonly Candidate[]): Candidate[] {
  return groupNearby(candidates).flatMap((group) => {
    const kept: Candidate[] = [];
    for (const candidate of group.toSorted(compareRank)) {
      if (!kept.some((other) => areDuplicates(other, candidate))) kept.push(candidate);
    }
    return kept.filter(
      ({ onlyAlone, site }, at) =>
        !onlyAlone ||
        kept.every((other, rank) => (other.onlyAlone && rank >= at) || !sameLine(other.site, site)),
    );
  });
}

/** Candidates in text order, grouped with those they may overlap or share a line with. */
function groupNearby(candidates: readonly Candidate[]): Candidate[][] {
  const groups: Candidate[][] = [];
  let end = -1;
  let line = -1;
  for (const candidate of candidates.toSorted((a, b) => a.offset - b.offset)) {
    const last = groups.at(-1);
    if (last !== undefined && (candidate.offset < end || candidate.site.line === line)) last.push(candidate);
    else groups.push([candidate]);
    end = Math.max(end, candidate.end);
    line = candidate.site.line;
  }
  return groups;
}

function areDuplicates(a: Candidate, b: Candidate): boolean {
  if (a.site.kind !== b.site.kind) return false;
  const overlap = a.offset < Math.max(b.end, b.offset + 1) && b.offset < Math.max(a.end, a.offset + 1);
  return overlap || (a.site.value === b.site.value && a.site.line === b.site.line);
}

/** A timeout beside a number of retries is another setting. */
const sameLine = (a: Site, b: Site): boolean =>
  a.kind === b.kind && a.line === b.line && (a.kind !== 'client_setting' || a.value === b.value);

function compareRank({ rank: a }: Candidate, { rank: b }: Candidate): number {
  return a[0] - b[0] || a[1] - b[1] || a[2] - b[2];
}
