import { textInBrackets } from './brackets.ts';

/** One link of a chain: `.model("gpt-4o")` has the name `model` and the text `"gpt-4o"`. */
export interface ChainedCall {
  readonly name: string;
  readonly args: string;
}

/** What joins a call to the one before it, in any of the languages: `.`, `?.`, `->`, `?->`, `::`. */
const LINK = /\s*(?:\?|!!)?(?:\.|->|::)\s*(\w+)\s*(?:<[^<>()]{0,80}>)?\s*(?=[({])/y;
/** What may stand between two links: `.await?`, `!`, a field. */
const BETWEEN = /\s*(?:\.await)?\??/y;
const MOST_LINKS = 60;

/**
 * The calls that are chained to the call whose parenthesis opens at or after `offset`, in order, without that call
 * itself: for `Client.builder().key(k).build()` from `builder`, `key` and `build`.
 */
export function chainedCalls(code: string, offset: number): ChainedCall[] {
  const calls: ChainedCall[] = [];
  let at = endOfArguments(code, code.indexOf('(', offset));
  while (calls.length < MOST_LINKS) {
    BETWEEN.lastIndex = at;
    LINK.lastIndex = at + (BETWEEN.exec(code)?.[0].length ?? 0);
    const link = LINK.exec(code);
    if (link === null) break;
    const open = link.index + link[0].length;
    const args = textInBrackets(code, open);
    calls.push({ name: link[1] ?? '', args });
    at = open + args.length + 2;
  }
  return calls;
}

const endOfArguments = (code: string, open: number): number =>
  open < 0 ? code.length : open + textInBrackets(code, open).length + 2;

/** The statement up to `offset`: from the last `;`, `{` or `}` that ends a line, at most 800 characters. */
export function statementUpTo(code: string, offset: number): string {
  return code.slice(Math.max(0, offset - 800), offset).replace(/^[\s\S]*[;{}]\s*\n/, '');
}
