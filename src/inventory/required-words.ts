import { MODEL_NAME } from './vocabulary.ts';

/** Shorter words occur in too many files, and would make the search for all of them slow. */
const SHORTEST = 3;

/** With more alternatives, the look-up isn't worth it. */
const MOST = 200;

/** How many spellings of a text with optional and alternative characters are written out. */
const MOST_SPELLINGS = 12;

/** Stands for the names of {@link MODEL_NAME} that are too short to search for: `o1`, `o3`, `o4`. */
export const SHORT_MODEL_NAME = 'o-series';
const MODEL_NAME_PART = `(?:${MODEL_NAME.source})`;
const LONG_MODEL_NAME = new RegExp(MODEL_NAME.source.replace('o[134]', SHORT_MODEL_NAME));

/** A lower-case word, and how far from the start of a match it starts at least and at most. */
export interface Required {
  readonly word: string;
  readonly min: number;
  readonly max: number;
}

/** At least one of them occurs. */
export type OneOf = readonly Required[];

/**
 * What occurs in every match of a pattern: of each list, at least one word; {@link SHORT_MODEL_NAME} is none,
 * but means such a name. A file without them doesn't need to be searched with the pattern, which is true of most
 * files and most rules. Errs on the safe side: syntax that isn't understood requires nothing.
 */
export function requiredWords(pattern: RegExp): readonly OneOf[] {
  const { spellings, lists } = new PatternReader(pattern.source).alternatives();
  return usable(spellings === null ? lists : [placed(spellings, 0, 0)]).map(withoutLonger);
}

/** What a part of a pattern matches. */
interface Part {
  /** Everything that it can match, in lower case, if that is only a few texts. */
  readonly spellings: readonly string[] | null;
  /** What a match contains otherwise. */
  readonly lists: readonly OneOf[];
  /** Its length in characters, at least and at most. */
  readonly min: number;
  readonly max: number;
}

const NO_LISTS: Part['lists'] = [];

function text(spellings: readonly string[]): Part {
  let min = Number.POSITIVE_INFINITY;
  let max = 0;
  for (const { length } of spellings) {
    min = Math.min(min, length);
    max = Math.max(max, length);
  }
  return { spellings, lists: NO_LISTS, min, max };
}
const ANY_TEXT: Part = { spellings: null, lists: [], min: 0, max: Number.POSITIVE_INFINITY };
const ANY_CHARACTER: Part = { ...ANY_TEXT, min: 1, max: 1 };
const NO_WIDTH: Part = text(['']);

const placed = (words: readonly string[], min: number, max: number): OneOf =>
  words.map((word) => ({ word: /^o[134]$/.test(word) ? SHORT_MODEL_NAME : word, min, max }));

/** The same list, that many characters later. */
const later = (list: OneOf, by: Pick<Part, 'min' | 'max'>): OneOf =>
  list.map(({ word, min, max }) => ({ word, min: min + by.min, max: max + by.max }));

/** Lists that a search can look for. */
const usable = (lists: readonly OneOf[]): OneOf[] =>
  lists.filter(
    (list) =>
      list.length > 0 &&
      list.length <= MOST &&
      list.every(({ word }) => word.length >= SHORTEST && !NOT_ASCII.test(word)),
  );

function everyPair(starts: readonly string[], ends: readonly string[]): string[] {
  const joined: string[] = [];
  for (const start of starts) for (const end of ends) joined.push(start + end);
  return joined;
}

const NOT_ASCII = /[^\x20-\x7e]/;

/** Each word once, and none that contains another one. */
function withoutLonger(list: OneOf): OneOf {
  const kept: Required[] = [];
  for (const { word, min, max } of list.toSorted((a, b) => a.word.length - b.word.length)) {
    const index = kept.findIndex((shorter) => word.includes(shorter.word));
    const shorter = kept[index];
    if (shorter === undefined) kept.push({ word, min, max });
    else {
      const inside = word.indexOf(shorter.word);
      kept[index] = {
        word: shorter.word,
        min: Math.min(shorter.min, min + inside),
        max: Math.max(shorter.max, max + inside),
      };
    }
  }
  return kept;
}

const QUANTIFIER = /[?*+]|\{\d+(?:,\d*)?\}/y;
const PLAIN = /[\w "'`:;=,<>/@#%&~!-]+(?![?*+{])/y;

/** Reads the source of a regular expression from left to right. */
class PatternReader {
  readonly #source: string;
  #at = 0;

  constructor(source: string) {
    this.#source = source;
  }

  /** `a|b|c`, up to the end or the closing parenthesis. */
  alternatives(): Part {
    const branches = [this.#sequence()];
    while (this.#take('|')) branches.push(this.#sequence());
    const [only] = branches;
    if (branches.length === 1 && only !== undefined) return only;
    const spellings = branches.flatMap((branch) => branch.spellings ?? Array(MOST).fill(''));
    if (spellings.length <= MOST_SPELLINGS) return text(spellings);
    const lists = branches.map((branch) => rarest(listsOf(branch)));
    return {
      spellings: null,
      lists: lists.includes(undefined) ? [] : [lists.flatMap((list) => list ?? [])],
      min: Math.min(...branches.map(({ min }) => min)),
      max: Math.max(...branches.map(({ max }) => max)),
    };
  }

  #sequence(): Part {
    const lists: OneOf[] = [];
    // How much may stand before the next element, and before the run: the text that ends there.
    let here = { min: 0, max: 0 };
    let run: Part = NO_WIDTH;
    let runStart = here;
    let literal = true;
    const endRun = (next: Part, start: typeof here): void => {
      lists.push(placed(run.spellings ?? [], runStart.min, runStart.max));
      [run, runStart, literal] = [next, start, false];
    };
    while (this.#at < this.#source.length && !'|)'.includes(this.#source[this.#at] ?? '')) {
      // What a lookbehind matches is beside what follows, but not after what came before.
      const behind = this.#source.startsWith('(?<=', this.#at);
      const part = this.#repeatable();
      const { spellings } = part;
      const before = here;
      if (!behind) here = { min: here.min + part.min, max: here.max + part.max };
      const start = behind ? { min: here.min - part.max, max: here.max - part.min } : before;
      lists.push(...part.lists.map((list) => later(list, start)));
      const joined = everyPair(run.spellings ?? [], spellings ?? []);
      if (spellings === null) endRun(NO_WIDTH, here);
      else if (behind || joined.length > MOST_SPELLINGS) endRun(part, start);
      else run = text(joined);
      if (part.repeated === true) endRun(NO_WIDTH, here);
    }
    if (literal) return { ...run, lists };
    endRun(NO_WIDTH, here);
    return { spellings: null, lists, ...here };
  }

  /** An element with its quantifier. */
  #repeatable(): Part & { readonly repeated?: true } {
    const element = this.#element();
    QUANTIFIER.lastIndex = this.#at;
    const mark = QUANTIFIER.exec(this.#source)?.[0];
    if (mark === undefined) return element;
    this.#at += mark.length;
    this.#take('?');
    const { spellings } = element;
    if (mark === '?' && spellings !== null) return text([...spellings, '']);
    const [least = 0, most = mark.includes(',') || /[*+]/.test(mark) ? Number.POSITIVE_INFINITY : least] =
      mark === '+' ? [1] : mark === '?' ? [0, 1] : (mark.match(/\d+/g) ?? []).map(Number);
    const width = { min: element.min * least, max: most === 0 ? 0 : element.max * most };
    return least === 0 ? { ...ANY_TEXT, ...width } : { ...element, ...width, repeated: true };
  }

  #element(): Part {
    const plain = this.#plainText();
    if (plain !== '') return text([plain]);
    if (this.#take(MODEL_NAME_PART)) return { ...ANY_TEXT, lists: modelName() };
    if (this.#take('(?!') || this.#take('(?<!')) return this.#group(NO_WIDTH);
    if (this.#take('(?=')) {
      return { ...NO_WIDTH, lists: listsOf(this.#group()) };
    }
    if (this.#take('(?:') || this.#take('(?<=')) return this.#group();
    if (this.#take('(?<')) {
      this.#at = this.#source.indexOf('>', this.#at) + 1;
      return this.#group();
    }
    if (this.#take('(?')) return this.#group(ANY_TEXT);
    if (this.#take('(')) return this.#group();
    if (this.#take('[')) return this.#set();
    const char = this.#next();
    if (char === '^' || char === '$') return NO_WIDTH;
    if (char === '.') return ANY_CHARACTER;
    return char === '\\' ? this.#escape() : text([char.toLowerCase()]);
  }

  /** As many characters as mean themselves and are not repeated. */
  #plainText(): string {
    PLAIN.lastIndex = this.#at;
    const plain = (PLAIN.exec(this.#source)?.[0] ?? '').toLowerCase();
    this.#at += plain.length;
    return plain;
  }

  #group(as?: Part): Part {
    const part = this.alternatives();
    this.#take(')');
    return as ?? part;
  }

  /** `[aA]` and other short lists of characters; ranges, classes and negations match anything. */
  #set(): Part {
    const start = this.#at;
    while (this.#at < this.#source.length && this.#source[this.#at] !== ']')
      this.#at += this.#source[this.#at] === '\\' ? 2 : 1;
    const members = this.#source.slice(start, this.#at);
    this.#at += 1;
    const characters = [...new Set(members.toLowerCase())];
    return /^\^|[\\]|.-./.test(members) || characters.length > MOST_SPELLINGS / 3
      ? ANY_CHARACTER
      : text(characters);
  }

  #escape(): Part {
    const char = this.#next();
    if (char === 'b' || char === 'B') return NO_WIDTH;
    if (!/[\dkpPuxc]/.test(char)) return /\w/.test(char) ? ANY_CHARACTER : text([char]);
    const rest =
      /^(?:<\w+>|\{[^}]*\}|[\da-f]{4}|[\da-f]{2}|[a-z])?/i.exec(this.#source.slice(this.#at))?.[0] ?? '';
    if (/[kpPuxc]/.test(char)) this.#at += rest.length;
    return ANY_TEXT;
  }

  #next(): string {
    return this.#source[this.#at++] ?? '';
  }

  #take(token: string): boolean {
    const found = this.#source.startsWith(token, this.#at);
    if (found) this.#at += token.length;
    return found;
  }
}

const listsOf = ({ spellings, lists }: Part): readonly OneOf[] =>
  spellings === null ? lists : [placed(spellings, 0, 0)];

let longNames: readonly OneOf[] | undefined;

function modelName(): readonly OneOf[] {
  longNames ??= requiredWords(LONG_MODEL_NAME);
  return longNames;
}

/** The list whose words are the longest; of equally long ones, the shortest list. */
export function rarest(lists: readonly OneOf[]): OneOf | undefined {
  return usable(lists).toSorted(
    (a, b) => shortest(b) - shortest(a) || spread(a) - spread(b) || a.length - b.length,
  )[0];
}

const shortest = (list: OneOf): number => Math.min(...list.map(({ word }) => word.length));

/** In how many places a match may start before a word of the list. */
const spread = (list: OneOf): number =>
  Math.max(...list.map(({ min, max }) => (Number.isFinite(max) ? max - min : Number.MAX_VALUE)));
