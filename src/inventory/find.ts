import { textInBrackets } from './brackets.ts';
import type { LanguageFamily } from './languages.ts';
import { BROKEN, ON_ANY, type OneOf, rarest, requiredWords, SHORT_MODEL_NAME } from './required-words.ts';
import type { Matcher, RuleMatch, SourceFile } from './rule.ts';
import { HAZARD_RULES, RULES } from './rules/index.ts';
import { REQUIRED } from './rules/required.ts';
import { MAX_FILE_BYTES } from './skip.ts';
import { WordSearch } from './word-search.ts';

/** How much of a line a rule sees before and after a value, in characters. */
const MAX_CONTEXT = 400;

/** Matches of one pattern per file. A file with more is data, and going through them would take too long. */
const MAX_MATCHES = 5_000;

/** Every accepted match in a file; none if the file's language, path or content rules the matcher out. */
export function findAll(matcher: Matcher, file: SourceFile): RuleMatch[] {
  if (!isFor(matcher, file.language.family) || !applies(matcher, file)) return [];
  return matchesIn(file, compiled(matcher.pattern))
    .flatMap((match) => partsOf(matcher, match, file))
    .filter((found) => matcher.accept === undefined || matcher.accept(found));
}

/** A pattern's matches in a file, in order; tried only where a required word makes one possible, if it has such words. */
function matchesIn(file: SourceFile, { near, global }: Compiled): RegExpExecArray[] {
  const { code } = file;
  const matches: RegExpExecArray[] = [];
  if (near === undefined) {
    const all = global();
    all.lastIndex = 0;
    for (let match = all.exec(code); match !== null && matches.length < MAX_MATCHES; match = all.exec(code)) {
      matches.push(match);
      if (match[0] === '') all.lastIndex += 1;
    }
    return matches;
  }
  const search = near.search();
  let tried = 0;
  for (const [first, last] of possibleStarts(near, file)) {
    for (let start = Math.max(first, tried); start <= last && matches.length < MAX_MATCHES; start = tried) {
      search.lastIndex = start;
      const match = search.exec(code);
      if (match === null) {
        tried = near.lines === null ? start + near.most + 1 : endOfLine(code, last);
        break;
      }
      matches.push(withoutLead(match));
      tried = match.index + Math.max(1, match[0].length);
    }
  }
  return matches;
}

/** A match as if the text before it, the first group, had not been matched. */
function withoutLead(match: RegExpExecArray): RegExpExecArray {
  const lead = match[1]?.length ?? 0;
  match.index += lead;
  match[0] = match[0].slice(lead);
  return match;
}

/** Where matches may start, first and last, in order; they may overlap. */
function possibleStarts(
  { anchor, lines }: Near,
  { code, words }: SourceFile,
): readonly (readonly [number, number])[] {
  const starts: [number, number][] = [];
  for (const { word, min, max } of anchor) {
    for (const place of words.get(word) ?? []) {
      const first = lines === null ? place - max : startOfLine(code, place, lines);
      if (place >= min) starts.push([Math.max(0, first), place - min]);
    }
  }
  return starts.sort(([a], [b]) => a - b);
}

/** Where the line starts that is that many lines above. */
function startOfLine(code: string, at: number, above: number): number {
  let start = code.lastIndexOf('\n', at - 1);
  for (let line = 0; line < above && start > 0; line += 1) start = code.lastIndexOf('\n', start - 1);
  return start + 1;
}

function endOfLine(code: string, at: number): number {
  const end = code.indexOf('\n', at);
  return end < 0 ? code.length : end + 1;
}

/** Whether the matcher is for files of a family at all. */
export const isFor = ({ families }: Matcher, family: LanguageFamily): boolean =>
  families === 'any' || families.includes(family);

function applies({ files, needs, pattern }: Matcher, file: SourceFile): boolean {
  const { path, sdks, mentionsApi } = file;
  if (needs === 'mention' && !mentionsApi) return false;
  if (needs === 'client' && sdks.length === 0) return false;
  if (typeof needs === 'object' && !needs.some((sdk) => sdks.includes(sdk))) return false;
  if (files !== undefined && !files.test(path)) return false;
  return mayMatch(pattern, file.words);
}

/** Whether a file has the words that a pattern requires. */
export const mayMatch = (pattern: RegExp, words: SourceFile['words']): boolean =>
  compiled(pattern).required.every((list) => list.some(({ word }) => words.has(word)));

/** One file's code at a time, a byte for each character, so that offsets are the same. */
const bytes = Buffer.allocUnsafeSlow(MAX_FILE_BYTES);

/** Finds the words that any of the patterns requires in a file's code. */
export function wordFinder(patterns: readonly RegExp[]): (code: string) => SourceFile['words'] {
  const search = new WordSearch(
    patterns.flatMap((each) => compiled(each).required.flatMap((list) => list.map(({ word }) => word))),
    3,
  );
  return (code) => {
    const words = search.find(bytes, bytes.write(code, 'latin1'));
    const shortNames = Array.from(code.matchAll(/o[134]/gi), ({ index }) => index);
    return shortNames.length === 0 ? words : words.set(SHORT_MODEL_NAME, shortNames);
  };
}

/** Matchers by the words that they require, to find those that a file has words for. */
export class MatcherIndex<M extends Matcher> {
  readonly #matchers: readonly M[];
  readonly #byWord = new Map<string, number[]>();
  /** Those that require no words. */
  readonly #always: number[] = [];

  constructor(matchers: readonly M[]) {
    this.#matchers = matchers;
    for (const [index, { pattern }] of matchers.entries()) {
      const list = rarest(compiled(pattern).required);
      if (list === undefined) this.#always.push(index);
      else for (const { word } of list) this.#byWord.set(word, [...(this.#byWord.get(word) ?? []), index]);
    }
  }

  /** The matchers that may match in a file with these words, in order. */
  for(words: SourceFile['words']): readonly M[] {
    const found = new Set(this.#always);
    for (const word of words.keys()) for (const index of this.#byWord.get(word) ?? []) found.add(index);
    return [...found].sort((a, b) => a - b).flatMap((index) => this.#matchers[index] ?? []);
  }
}

/** What a rule reports of one match: its value, or each part of that. */
function partsOf({ pattern, each }: Matcher, match: RegExpExecArray, file: SourceFile): RuleMatch[] {
  const [offset, end] = spanOfValue(pattern, match, file.code);
  const value = file.code.slice(offset, end);
  if (each === undefined) return [new FileMatch(file, match, value, offset)];
  return [...value.matchAll(compiled(each).global())].map((part) => {
    const [from, to] = spanOfValue(each, part, value);
    return new FileMatch(file, match, value.slice(from, to), offset + from);
  });
}

class FileMatch implements RuleMatch {
  readonly value: string;
  readonly match: RegExpExecArray;
  readonly offset: number;
  readonly code: string;
  readonly fileHolds: SourceFile['holds'];
  readonly path: string;
  readonly sdks: SourceFile['sdks'];

  constructor(
    { code, holds, path, sdks }: SourceFile,
    match: RegExpExecArray,
    value: string,
    offset: number,
  ) {
    [this.match, this.value, this.offset] = [match, value, offset];
    [this.code, this.fileHolds, this.path, this.sdks] = [code, holds, path, sdks];
  }

  get line(): string {
    return this.before + this.value.split('\n', 1)[0] + this.after;
  }

  get before(): string {
    const near = this.code.slice(Math.max(0, this.offset - MAX_CONTEXT), this.offset);
    return near.slice(near.lastIndexOf('\n') + 1);
  }

  get after(): string {
    const from = this.offset + this.value.length;
    return this.code.slice(from, from + MAX_CONTEXT).split('\n', 1)[0] ?? '';
  }

  get inside(): string {
    const last = Math.max(...['(', '[', '{'].map((open) => this.match[0].lastIndexOf(open)));
    return last < 0 ? '' : textInBrackets(this.code, this.match.index + last);
  }
}

/** A pattern's forms, each compiled when it is first needed. */
interface Compiled {
  readonly required: readonly OneOf[];
  /** Where to search, if required words stand near the start of each match; everywhere otherwise. */
  readonly near: Near | undefined;
  /** For each next match, wherever it is. */
  readonly global: () => RegExp;
  /** With the positions of groups, which are too slow to compute for every match. */
  readonly located: () => RegExp;
}

/** A search for the matches that start near a word. */
interface Near {
  readonly anchor: OneOf;
  /** How many lines before the word's own a match may start; null if the number of characters is known. */
  readonly lines: number | null;
  /** In how many characters before the last possible start a match may start, if that is known. */
  readonly most: number;
  /** The pattern after the fewest characters from where it is tried; they are its first group. */
  readonly search: () => RegExp;
}

/** With more possible starts for each place of a word, searching the whole file is faster. */
const MOST_STARTS = 400;

/** White space of more lines than that is not expected inside of what a pattern means. */
const MOST_LINES = 3;

/**
 * V8 compiles a pattern straight to machine code where it first meets a text of 1,000 characters; otherwise to bytecode
 * before, which takes longer than the rest of the search in a small tree.
 */
const LONG_TEXT = '~'.repeat(1_000);

const patterns = new WeakMap<RegExp, Compiled>();

/** Read for the first pattern that is needed; many programs load the rules, and search nothing. */
let ofRules: ReadonlyMap<RegExp, readonly OneOf[] | undefined> | undefined;

function requiredOfRules(): NonNullable<typeof ofRules> {
  const known: Readonly<Record<string, readonly OneOf[]>> = JSON.parse(REQUIRED);
  return new Map([...RULES, ...HAZARD_RULES].map(({ id, pattern }) => [pattern, known[id]]));
}

function compiled(regex: RegExp): Compiled {
  const known = patterns.get(regex);
  if (known !== undefined) return known;
  ofRules ??= requiredOfRules();
  const required = ofRules.get(regex) ?? requiredWords(regex);
  const made = {
    required,
    near: nearWords(regex, required),
    global: withFlags('g', regex),
    located: withFlags('dy', regex),
  };
  patterns.set(regex, made);
  return made;
}

function withFlags(flags: string, regex: RegExp, source = regex.source): () => RegExp {
  let made: RegExp | undefined;
  return () => {
    if (made !== undefined) return made;
    made = new RegExp(source, regex.flags.replace(/[dgy]/g, '') + flags);
    made.test(LONG_TEXT);
    return made;
  };
}

function nearWords(regex: RegExp, required: readonly OneOf[]): Near | undefined {
  const anchor = rarest(required.filter((list) => list.every(isNear) || list.every(isOnLine)));
  if (anchor === undefined) return undefined;
  const most = Math.max(...anchor.map(({ min, max }) => max - min));
  const above = anchor.some(({ lines }) => lines === BROKEN) ? MOST_LINES : 0;
  const lines = anchor.every(isNear) ? null : above;
  const lead = lines === null ? `[^]{0,${most}}?` : `(?:[^\\n]*\\n){0,${lines}}?[^\\n]*?`;
  return { anchor, lines, most, search: withFlags('y', regex, `(${lead})(?:${regex.source})`) };
}

const isNear = ({ min, max }: OneOf[number]): boolean => max - min <= MOST_STARTS;

const isOnLine = ({ min, lines }: OneOf[number]): boolean => lines !== ON_ANY && min >= 0;

/** Start and end of the group `value`, or of the whole match. */
function spanOfValue(regex: RegExp, match: RegExpExecArray, text: string): readonly [number, number] {
  const whole = [match.index, match.index + match[0].length] as const;
  const value = match.groups?.value;
  if (value === undefined) return whole;
  // If the value occurs only once in the match, its position is known without matching again.
  const first = match[0].indexOf(value);
  if (first >= 0 && first === match[0].lastIndexOf(value)) {
    return [match.index + first, match.index + first + value.length];
  }
  const located = compiled(regex).located();
  located.lastIndex = match.index;
  return located.exec(text)?.indices?.groups?.value ?? whole;
}
