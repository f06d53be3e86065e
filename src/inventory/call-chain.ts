import { textInBrackets } from './brackets.ts';

/** One link of a chain: `.model("gpt-4o")` has the name `model` and the text `"gpt-4o"`. */
export interface ChainedCall {
  readonly name: string;
  readonly args: string;
}

/** What joins a call to the one before it in any language: `.`, `?.`, `->`, `?->`, `::`, `|>`. */
const LINK = /\s*(?:\?|!!)?(?:\.|->|::|\|>|%>%)\s*(?:[A-Z]\w*\.)?(\w+)\s*(?:<[^<>()]{0,80}>)?\s*(?=[({])/y;
/** What may come between two links: `.await`, `?`. */
const BETWEEN = /\s*(?:\.await)?\??/y;
const MAX_LINKS = 60;

/**
 * The calls chained to the call whose parenthesis opens at or after `offset`, in order and without that call itself:
 * from `builder` in `Client.builder().key(k).build()`, these are `key` and `build`.
 */
export function chainedCalls(code: string, offset: number): ChainedCall[] {
  const calls: ChainedCall[] = [];
  let at = endOfArguments(code, code.indexOf('(', offset));
  while (calls.length < MAX_LINKS) {
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
