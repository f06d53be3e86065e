/** Shorter words occur in too many files. */
const SHORTEST = 3;

/** With more alternatives, the look-up isn't worth it. */
const MOST = 60;

/**
 * Lower-case words, at least one of which occurs in every match of a pattern; null if there are none. A file without any
 * of them doesn't need to be searched with the pattern, which is true of most files and most rules. Errs on the safe
 * side: syntax that isn't understood requires nothing.
 */
export function requiredWords(pattern: RegExp): readonly string[] | null {
  const words = new PatternReader(pattern.source).alternatives();
  const known = words?.every((word) => word.length >= SHORTEST && /^[\x20-\x7e]+$/.test(word));
  return words !== null && known === true ? words : null;
}

type Words = readonly string[] | null;

/** One element of a sequence: a literal character, or what a group requires. */
type Element =
  | { readonly kind: 'character'; readonly text: string }
  | { readonly kind: 'words'; readonly words: Words };

const UNKNOWN: Element = { kind: 'words', words: null };

/** Reads the source of a regular expression from left to right. */
class PatternReader {
  readonly #source: string;
  #at = 0;

  constructor(source: string) {
    this.#source = source;
  }

  /** What `a|b|c`, up to the end or the closing parenthesis, requires: a word from each branch. */
  alternatives(): Words {
    const branches = [this.#sequence()];
    while (this.#take(/\|/y) !== null) branches.push(this.#sequence());
    const words = new Set<string>();
    for (const branch of branches) {
      if (branch === null) return null;
      for (const word of branch) words.add(word);
    }
    return words.size > MOST ? null : [...words];
  }

  /** The rarest of the words that a sequence requires. */
  #sequence(): Words {
    let best: Words = null;
    let run = '';
    const endRun = (): void => {
      best = better(best, run === '' ? null : [run]);
      run = '';
    };
    while (this.#at < this.#source.length && !/[|)]/.test(this.#source[this.#at] ?? '')) {
      const element = this.#element();
      const times = this.#take(/[*+?]\??|\{(\d+)(?:,\d*)?\}\??/y);
      const optional = times !== null && /^(?:[*?]|\{0)/.test(times[0]);
      if (element.kind === 'character' && !optional) run += element.text;
      if (element.kind === 'words' || times !== null) endRun();
      if (element.kind === 'words' && !optional) best = better(best, element.words);
    }
    endRun();
    return best;
  }

  #element(): Element {
    const look = this.#take(/\(\?(?:[=!]|<[=!])/y);
    if (look !== null) {
      this.#group();
      return UNKNOWN;
    }
    if (this.#take(/\((?:\?:|\?<\w+>)?/y) !== null) return { kind: 'words', words: this.#group() };
    if (
      this.#take(
        /\[(?:[^\\\]]|\\.)*\]|\\(?:[bBdDwWsStrnfv0-9]|k<\w+>|[pP]\{[^}]*\}|u\{?\w+\}?|x\w\w|c\w)|[.^$]/y,
      ) !== null
    )
      return UNKNOWN;
    return { kind: 'character', text: (this.#take(/\\?(.)/sy)?.[1] ?? '').toLowerCase() };
  }

  #group(): Words {
    const words = this.alternatives();
    this.#take(/\)/y);
    return words;
  }

  #take(token: RegExp): RegExpExecArray | null {
    token.lastIndex = this.#at;
    const found = token.exec(this.#source);
    if (found !== null) this.#at = token.lastIndex;
    return found;
  }
}

/** Longer words are rarer; of equally long ones, fewer are. */
function better(a: Words, b: Words): Words {
  if (a === null || b === null) return a ?? b;
  const gain = shortest(b) - shortest(a) || a.length - b.length;
  return gain > 0 ? b : a;
}

const shortest = (words: readonly string[]): number => Math.min(...words.map((word) => word.length));
