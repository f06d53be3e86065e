import { textInBrackets } from './brackets.ts';
import type { LanguageFamily } from './languages.ts';
import { type OneOf, rarest, requiredWords, SHORT_MODEL_NAME } from './required-words.ts';
import type { Matcher, RuleMatch, SourceFile } from './rule.ts';
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
function matchesIn(file: SourceFile, { flagged, anchor, atWordEdge }: Compiled): RegExpExecArray[] {
  const { code } = file;
  const matches: RegExpExecArray[] = [];
  if (anchor === undefined) {
    const all = flagged('g');
    all.lastIndex = 0;
    for (let match = all.exec(code); match !== null && matches.length < MAX_MATCHES; match = all.exec(code)) {
      matches.push(match);
      if (match[0] === '') all.lastIndex += 1;
    }
    return matches;
  }
  const sticky = flagged('y');
  let from = 0;
  for (const start of possibleStarts(anchor, file, atWordEdge)) {
    if (start < from || matches.length === MAX_MATCHES) continue;
    sticky.lastIndex = start;
    const match = sticky.exec(code);
    from = start + 1;
    if (match === null) continue;
    matches.push(match);
    from = Math.max(from, start + match[0].length);
  }
  return matches;
}

/** Where matches may start, in order; some may be listed twice. */
function possibleStarts(anchor: OneOf, { code, words }: SourceFile, atWordEdge: boolean): readonly number[] {
  const starts: number[] = [];
  let ordered = true;
  for (const { word, min, max } of anchor) {
    for (const place of words.get(word) ?? []) {
      for (let start = Math.max(0, place - max); start <= place - min; start += 1) {
        if (atWordEdge && !isWordEdge(code, start)) continue;
        ordered &&= start >= (starts.at(-1) ?? 0);
        starts.push(start);
      }
    }
  }
  return ordered ? starts : starts.sort((a, b) => a - b);
}

/** Where `\b` matches. */
function isWordEdge(code: string, at: number): boolean {
  return isWordCharacter(code.charCodeAt(at - 1)) !== isWordCharacter(code.charCodeAt(at));
}

/** @param code NaN before the start and after the end of a text */
function isWordCharacter(code: number): boolean {
  const letter = code | 0x20;
  return (letter >= 0x61 && letter <= 0x7a) || (code >= 0x30 && code <= 0x39) || code === 0x5f;
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
  return [...value.matchAll(compiled(each).flagged('g'))].map((part) => {
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

interface Compiled {
  /** The pattern with other flags: `g`; `y`; `dy` has group positions, which are too slow to compute for every match. */
  readonly flagged: (flags: 'g' | 'y' | 'dy') => RegExp;
  readonly required: readonly OneOf[];
  /** Required words that start at a known distance from the start of a match, if there are any. */
  readonly anchor: OneOf | undefined;
  /** Every match begins at a word's edge. */
  readonly atWordEdge: boolean;
}

/** With more possible starts for each place of a word, searching the whole file is faster. */
const MAX_STARTS = 24;
/** The same where only words' edges are possible. */
const MAX_EDGES = 80;

/**
 * V8 compiles a pattern straight to machine code where it first meets a text of 1,000 characters; otherwise to bytecode
 * before, which takes longer than the rest of the search in a small tree.
 */
const LONG_TEXT = '~'.repeat(1_000);

const patterns = new WeakMap<RegExp, Compiled>();

function compiled(regex: RegExp): Compiled {
  const known = patterns.get(regex);
  if (known !== undefined) return known;
  const required = requiredWords(regex);
  const atWordEdge = regex.source.startsWith('\\b') && !hasAlternatives(regex.source);
  const most = atWordEdge ? MAX_EDGES : MAX_STARTS;
  const near = required.filter((list) => list.every(({ min, max }) => max - min < most));
  const byFlags = new Map<string, RegExp>();
  const made = {
    flagged: (flags: string): RegExp => {
      const known = byFlags.get(flags);
      if (known !== undefined) return known;
      const flagged = new RegExp(regex.source, regex.flags.replace(/[dgy]/g, '') + flags);
      flagged.test(LONG_TEXT);
      byFlags.set(flags, flagged);
      return flagged;
    },
    required,
    anchor: rarest(near),
    atWordEdge,
  };
  patterns.set(regex, made);
  return made;
}

/** Whether a pattern as a whole is one of several, outside of its groups. */
function hasAlternatives(source: string): boolean {
  let outside = source.replaceAll(/\\./g, '').replaceAll(/\[[^\]]*\]/g, '');
  for (let before = ''; before !== outside; ) {
    before = outside;
    outside = outside.replaceAll(/\([^()]*\)/g, '');
  }
  return outside.includes('|');
}

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
  const located = compiled(regex).flagged('dy');
  located.lastIndex = match.index;
  return located.exec(text)?.indices?.groups?.value ?? whole;
}
