import { textInBrackets } from './brackets.ts';
import { requiredWords } from './required-words.ts';
import type { Matcher, RuleMatch, SourceFile } from './rule.ts';
import { WordSearch } from './word-search.ts';

/** How much of a line a rule sees before and after a value, in characters. */
const MAX_CONTEXT = 400;

/** Matches of one pattern per file. A file with more is data, and going through them would take too long. */
const MAX_MATCHES = 5_000;

/** Every accepted match in a file; none if the file's language, path or content rules the matcher out. */
export function* findAll(matcher: Matcher, file: SourceFile): Generator<RuleMatch> {
  if (!applies(matcher, file)) return;
  let left = MAX_MATCHES;
  for (const match of file.code.matchAll(compiled(matcher.pattern).all)) {
    if (left-- === 0) return;
    for (const found of matchesOf(matcher, match, file)) {
      if (matcher.accept === undefined || matcher.accept(found)) yield found;
    }
  }
}

function applies({ families, files, needs, pattern }: Matcher, file: SourceFile): boolean {
  const { language, path, sdks, mentionsApi, words } = file;
  if (families !== 'any' && !families.includes(language.family)) return false;
  if (files !== undefined && !files.test(path)) return false;
  if (needs === 'mention' && !mentionsApi) return false;
  if (needs === 'client' && sdks.length === 0) return false;
  if (typeof needs === 'object' && !needs.some((sdk) => sdks.includes(sdk))) return false;
  return wordsOf(pattern)?.some((word) => words.has(word)) ?? true;
}

/** A search for the words that the patterns require; see {@link requiredWords}. */
export function wordSearchFor(matchers: readonly Matcher[]): WordSearch {
  return new WordSearch(matchers.flatMap(({ pattern }) => wordsOf(pattern) ?? []));
}

function* matchesOf(matcher: Matcher, match: RegExpExecArray, file: SourceFile): Generator<RuleMatch> {
  const [offset, end] = spanOfValue(matcher.pattern, match, file.code);
  const value = file.code.slice(offset, end);
  if (matcher.each === undefined) {
    yield new FileMatch(file, match, value, offset);
    return;
  }
  for (const part of value.matchAll(compiled(matcher.each).all)) {
    const [from, to] = spanOfValue(matcher.each, part, value);
    yield new FileMatch(file, match, value.slice(from, to), offset + from);
  }
}

class FileMatch implements RuleMatch {
  readonly value: string;
  readonly match: RegExpExecArray;
  readonly offset: number;
  readonly #file: SourceFile;

  constructor(file: SourceFile, match: RegExpExecArray, value: string, offset: number) {
    this.#file = file;
    this.match = match;
    this.value = value;
    this.offset = offset;
  }

  get code(): string {
    return this.#file.code;
  }

  get fileHolds(): SourceFile['holds'] {
    return this.#file.holds;
  }

  get path(): string {
    return this.#file.path;
  }

  get sdks(): SourceFile['sdks'] {
    return this.#file.sdks;
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
  readonly all: RegExp;
  /** The same with group positions, which are too slow to compute for every match. */
  readonly located: RegExp;
}

const patterns = new WeakMap<RegExp, Compiled>();

function compiled(regex: RegExp): Compiled {
  const known = patterns.get(regex);
  if (known !== undefined) return known;
  const flags = regex.flags.replace(/[dgy]/g, '');
  const made = {
    all: new RegExp(regex.source, `${flags}g`),
    located: new RegExp(regex.source, `${flags}dy`),
  };
  patterns.set(regex, made);
  return made;
}

const required = new WeakMap<RegExp, readonly string[] | null>();

function wordsOf(regex: RegExp): readonly string[] | null {
  const known = required.get(regex);
  if (known !== undefined) return known;
  const words = requiredWords(regex);
  required.set(regex, words);
  return words;
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
  const { located } = compiled(regex);
  located.lastIndex = match.index;
  return located.exec(text)?.indices?.groups?.value ?? whole;
}
