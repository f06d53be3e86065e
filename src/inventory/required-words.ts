import { MODEL_NAME } from './vocabulary.ts';

/** Shorter words occur in too many files, and would make the search for all of them slow. */
const SHORTEST = 3;

/** With more alternatives, the look-up isn't worth it. */
const MOST = 200;

/** How many spellings of a text with optional and alternative characters are written out. */
const MOST_SPELLINGS = 12;

/** More characters than any distance, in JSON too. */
const FAR = 1e9;

/** Stands for the names of {@link MODEL_NAME} that are too short to search for: `o1`, `o3`, `o4`. */
export const SHORT_MODEL_NAME = 'o-series';
const MODEL_NAME_PART = `(?:${MODEL_NAME.source})`;
const LONG_MODEL_NAME = new RegExp(MODEL_NAME.source.replace('o[134]', SHORT_MODEL_NAME));

/** Whether a text stands on one line, may be broken by white space, or may have anything between its lines. */
export const [ON_LINE, BROKEN, ON_ANY] = [0, 1, 2] as const;
type Lines = 0 | 1 | 2;

/** A length in characters, at least and at most. */
interface Width {
  readonly min: number;
  readonly max: number;
  readonly lines: Lines;
}

/** A lower-case word, and what lies between the start of a match and its own. */
export interface Required extends Width {
  readonly word: string;
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
  return (spellings === null ? lists : [placed(spellings)]).filter(isUsable).map(withoutLonger);
}

/** What a part of a pattern matches. */
interface Part extends Width {
  /** Everything that it can match, in lower case, if that is only a few texts. */
  readonly spellings: readonly string[] | null;
  /** What a match contains otherwise. */
  readonly lists: readonly OneOf[];
}

function text(spellings: readonly string[]): Part {
  let min = FAR;
  let max = 0;
  for (const { length } of spellings) {
    min = Math.min(min, length);
    max = Math.max(max, length);
  }
  return { spellings, lists: [], min, max, lines: ON_LINE };
}
const ANY_TEXT: Part = { spellings: null, lists: [], min: 0, max: FAR, lines: ON_ANY };
const character = (lines: Lines): Part => ({ ...ANY_TEXT, min: 1, max: 1, lines });
const NO_WIDTH: Part = text(['']);

const placed = (words: readonly string[], { min, max, lines }: Width = NO_WIDTH): OneOf =>
  words.map((word) => ({ word: /^o[134]$/.test(word) ? SHORT_MODEL_NAME : word, min, max, lines }));

const moreLines = (a: Lines, b: Lines): Lines => (a > b ? a : b);

const both = (a: Width, b: Width): Width => ({
  min: a.min + b.min,
  max: a.max + b.max,
  lines: moreLines(a.lines, b.lines),
});

/** The same list, that much later. */
const later = (list: OneOf, by: Width): OneOf =>
  list.map((place) => ({ word: place.word, ...both(place, by) }));

/** Whether a search can look for a list. */
const isUsable = (list: OneOf): boolean =>
  list.length > 0 &&
  list.length <= MOST &&
  list.every(({ word }) => word.length >= SHORTEST && !NOT_ASCII.test(word));

const everyPair = (starts: readonly string[], ends: readonly string[]): string[] =>
  starts.flatMap((start) => ends.map((end) => start + end));

const NOT_ASCII = /[^\x20-\x7e]/;

/** Each word once, and none that contains another one. */
function withoutLonger(list: OneOf): OneOf {
  const kept: Required[] = [];
  for (const place of list.toSorted((a, b) => a.word.length - b.word.length)) {
    const { word, min, max } = place;
    const index = kept.findIndex((shorter) => word.includes(shorter.word));
    const shorter = kept[index];
    if (shorter === undefined) kept.push(place);
    else {
      const inside = word.indexOf(shorter.word);
      kept[index] = {
        word: shorter.word,
        min: Math.min(shorter.min, min + inside),
        max: Math.max(shorter.max, max + inside),
        lines: moreLines(shorter.lines, place.lines),
      };
    }
  }
  return kept;
}

const QUANTIFIER = /[?*+]|\{\d+(?:,\d*)?\}/y;
/** Characters that mean themselves and are not repeated. */
const PLAIN = /[\w "'`:;=,<>/@#%&~!-]+(?![?*+{])/y;
const GROUP = /\((?:\?(?:[:=!]|<[=!]|<\w+>)?)?/y;

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
    if (branches.every(({ spellings }) => spellings !== null)) {
      const spellings = branches.flatMap((branch) => branch.spellings ?? []);
      if (spellings.length <= MOST_SPELLINGS) return text(spellings);
    }
    const lists = branches.map((branch) => rarest(listsOf(branch)));
    return {
      spellings: null,
      lists: lists.includes(undefined) ? [] : [lists.flatMap((list) => list ?? [])],
      min: Math.min(...branches.map(({ min }) => min)),
      max: Math.max(...branches.map(({ max }) => max)),
      lines: branches.map(({ lines }) => lines).reduce(moreLines),
    };
  }

  #sequence(): Part {
    const lists: OneOf[] = [];
    // How much may stand before the next element, and before the run: the text that ends there.
    let here: Width = NO_WIDTH;
    let run: Part = NO_WIDTH;
    let runStart = here;
    let literal = true;
    const endRun = (next: Part, start: typeof here): void => {
      const words = placed(run.spellings ?? [], runStart);
      if (isUsable(words)) lists.push(words);
      [run, runStart, literal] = [next, start, false];
    };
    while (this.#at < this.#source.length && !'|)'.includes(this.#source[this.#at] ?? '')) {
      // What a lookbehind matches is beside what follows, but not after what came before.
      const behind = this.#source.startsWith('(?<=', this.#at);
      const part = this.#repeatable();
      const { spellings } = part;
      const before = here;
      if (!behind) here = both(here, part);
      const start = behind ? { ...here, min: here.min - part.max, max: here.max - part.min } : before;
      lists.push(...part.lists.map((list) => later(list, start)));
      const joined = everyPair(run.spellings ?? [], spellings ?? []);
      if (spellings === null) endRun(NO_WIDTH, here);
      else if (behind || joined.length > MOST_SPELLINGS) endRun(part, start);
      else run = text(joined);
      if (part.repeated === true) endRun(NO_WIDTH, here);
    }
    if (literal) return { ...run, lists };
    endRun(NO_WIDTH, here);
    return { spellings: null, lists, min: here.min, max: here.max, lines: here.lines };
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
    const [least = 0, most = mark.includes(',') || /[*+]/.test(mark) ? FAR : least] =
      mark === '+' ? [1] : mark === '?' ? [0, 1] : (mark.match(/\d+/g) ?? []).map(Number);
    const width = {
      min: element.min * least,
      max: most === 0 ? 0 : element.max * most,
      lines: element.lines,
    };
    return least === 0 ? { ...ANY_TEXT, ...width } : { ...element, ...width, repeated: true };
  }

  #element(): Part {
    const char = this.#source[this.#at] ?? '';
    if (char === '(') return this.#group();
    if (char === '[') return this.#set();
    if (char === '\\') return this.#escape();
    PLAIN.lastIndex = this.#at;
    const plain = PLAIN.exec(this.#source)?.[0] ?? char;
    this.#at += plain.length;
    if (plain === '^' || plain === '$') return NO_WIDTH;
    return plain === '.' ? character(ON_LINE) : text([plain.toLowerCase()]);
  }

  #group(): Part {
    if (this.#take(MODEL_NAME_PART)) return { ...ANY_TEXT, lists: modelName(), lines: ON_LINE };
    GROUP.lastIndex = this.#at;
    const open = GROUP.exec(this.#source)?.[0] ?? '';
    this.#at += open.length;
    const part = this.alternatives();
    this.#take(')');
    if (open === '(?!' || open === '(?<!') return NO_WIDTH;
    if (open === '(?=') return { ...NO_WIDTH, lists: listsOf(part) };
    return open === '(?' ? ANY_TEXT : part;
  }

  /** `[aA]` and other short lists of characters; ranges, classes and negations match anything. */
  #set(): Part {
    this.#at += 1;
    const start = this.#at;
    while (this.#at < this.#source.length && this.#source[this.#at] !== ']')
      this.#at += this.#source[this.#at] === '\\' ? 2 : 1;
    const members = this.#source.slice(start, this.#at);
    this.#at += 1;
    const characters = [...new Set(members.toLowerCase())];
    if (/^\^|[\\]|.-./.test(members) || characters.length > MOST_SPELLINGS / 3)
      return character(holdsLineBreak(members) ? ON_ANY : ON_LINE);
    return text(characters);
  }

  #escape(): Part {
    this.#at += 1;
    const char = this.#next();
    if (char === 'b' || char === 'B') return NO_WIDTH;
    if (/[snrv]/.test(char)) return character(BROKEN);
    if (!/[\dkpPuxc]/.test(char))
      return /\w/.test(char) ? character(/[WD]/.test(char) ? ON_ANY : ON_LINE) : text([char]);
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
  spellings === null ? lists : [placed(spellings)];

/** Whether a set of characters, as written between brackets, has a line break. */
function holdsLineBreak(members: string): boolean {
  const named = /\\[snrv]/.test(members);
  return members.startsWith('^') ? !named && !/\\[WD]/.test(members) : named || /\\[WDS]/.test(members);
}

let longNames: readonly OneOf[] | undefined;

function modelName(): readonly OneOf[] {
  longNames ??= requiredWords(LONG_MODEL_NAME);
  return longNames;
}

/** The list whose words are the longest; of equally long ones, the shortest list. */
export function rarest(lists: readonly OneOf[]): OneOf | undefined {
  return lists
    .filter(isUsable)
    .toSorted((a, b) => shortest(b) - shortest(a) || spread(a) - spread(b) || a.length - b.length)[0];
}

const shortest = (list: OneOf): number => Math.min(...list.map(({ word }) => word.length));

/** In how many places a match may start before a word of the list. */
const spread = (list: OneOf): number => Math.max(...list.map(({ min, max }) => max - min));
