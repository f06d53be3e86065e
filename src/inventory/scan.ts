import { findAll, wordSearchFor } from './find.ts';
import { languageOf } from './languages.ts';
import { maskComments, maskLongLines } from './mask.ts';
import { notebookCode } from './notebook.ts';
import { maskOwnSteps } from './own-steps.ts';
import type { Found, Rule, SourceFile } from './rule.ts';
import { HAZARD_RULES, RULES } from './rules/index.ts';
import { inlineTests, scopeOf } from './scope.ts';
import { hasEvidence, sdksIn } from './sdks.ts';
import { showable } from './secrets.ts';
import type { Site } from './site.ts';
import { Lines } from './text-lines.ts';
import type { WordSearch } from './word-search.ts';

/** Made for the first file that speaks of the API; many trees have none. */
let search: WordSearch | undefined;

/** Mask a file's comments and see which client libraries it uses; of a notebook, only the code counts. */
export function prepare(path: string, text: string): SourceFile {
  const language = languageOf(path);
  const { code: written, lines } =
    language.id === 'notebook' ? notebookCode(text) : { code: text, lines: new Lines(text) };
  const spoken = maskLongLines(maskComments(written, language.comments));
  const code = maskOwnSteps(path, spoken);
  const sdks = sdksIn(code, language.family);
  search ??= wordSearchFor([...RULES, ...HAZARD_RULES]);
  const words = search.find(Buffer.from(code, 'latin1'));
  const scope = scopeOf(path, language);
  const tests = inlineTests(code, language);
  return {
    path,
    language,
    code,
    holds: askedOnce((pattern) => pattern.test(code)),
    sdks,
    // Also a step of this Action speaks of the API, so that a key in it is known for one.
    evidence: hasEvidence(spoken, sdks),
    lines,
    scopeAt: (offset) => (offset < tests ? scope : 'test'),
    words,
  };
}

function askedOnce(test: (pattern: RegExp) => boolean): (pattern: RegExp) => boolean {
  const answers = new Map<string, boolean>();
  return (pattern) => {
    const known = answers.get(String(pattern));
    if (known !== undefined) return known;
    const answer = test(pattern);
    answers.set(String(pattern), answer);
    return answer;
  };
}

/** The sites of one file, in the order of the text. */
export function scanFile(file: SourceFile): Site[] {
  const candidates = RULES.flatMap((rule) => candidatesOf(rule, file));
  return mostSpecific(candidates)
    .sort((a, b) => a.offset - b.offset)
    .map(({ site }) => site);
}

/** A site with the span of its value, before overlapping ones are settled. */
interface Candidate {
  readonly site: Site;
  readonly offset: number;
  readonly end: number;
  /** Counts only where nothing else of its kind stands on the line. */
  readonly aside: boolean;
  /** Lower is more specific. */
  readonly rank: readonly [number, number, number];
}

function candidatesOf(rule: Rule, file: SourceFile): Candidate[] {
  return [...findAll(rule, file)].flatMap((found) => {
    const value =
      typeof rule.value === 'function' ? rule.value(found.value, found) : (rule.value ?? found.value);
    if (value === null || value === '') return [];
    const breadth = rule.families === 'any' ? Number.MAX_SAFE_INTEGER : rule.families.length;
    return {
      offset: found.offset,
      end: found.offset + found.value.length,
      aside: rule.onlyAlone === true,
      rank: [rule.sdk === undefined ? 1 : 0, breadth, -found.value.length],
      site: siteOf(rule, found, value, file),
    };
  });
}

function siteOf(rule: Rule, found: Found, value: string, file: SourceFile): Site {
  return {
    file: file.path,
    ...file.lines.position(found.offset),
    kind: rule.kind,
    value: showable(rule.kind, value),
    hardCoded: 'hardCoded' in rule && answer(rule.hardCoded, found),
    role: rule.kind === 'model' ? answer(rule.role ?? 'use', found) : null,
    language: file.language.id,
    // A plain URL says nothing of a client, even where its file uses one.
    sdk: rule.sdk ?? (rule.families === 'any' ? null : (file.sdks[0] ?? null)),
    confidence: rule.confidence ?? 'high',
    scope: file.scopeAt(found.offset),
    note: rule.note ?? null,
    rule: rule.id,
  };
}

/** What a rule says of a match: the same of each, or what it answers for this one. */
function answer<T extends string | boolean>(said: T | ((found: Found) => T), found: Found): T {
  return typeof said === 'function' ? said(found) : said;
}

/** One site for each thing said: of overlapping or equal ones of a kind, the one whose rule knows most. */
function mostSpecific(candidates: readonly Candidate[]): Candidate[] {
  return neighbours(candidates).flatMap((group) => {
    const kept: Candidate[] = [];
    for (const candidate of group.toSorted(compareRank)) {
      if (!kept.some((other) => sayTheSame(other, candidate))) kept.push(candidate);
    }
    return kept.filter(
      ({ aside, site }) => !aside || kept.every((other) => other.aside || !sameLine(other.site, site)),
    );
  });
}

/** Candidates in the order of the text, in groups within which they may overlap or share a line. */
function neighbours(candidates: readonly Candidate[]): Candidate[][] {
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

function sayTheSame(a: Candidate, b: Candidate): boolean {
  if (a.site.kind !== b.site.kind) return false;
  const overlap = a.offset < Math.max(b.end, b.offset + 1) && b.offset < Math.max(a.end, a.offset + 1);
  return overlap || (a.site.value === b.site.value && a.site.line === b.site.line);
}

const sameLine = (a: Site, b: Site): boolean => a.kind === b.kind && a.line === b.line;

function compareRank({ rank: a }: Candidate, { rank: b }: Candidate): number {
  return a[0] - b[0] || a[1] - b[1] || a[2] - b[2];
}
