/**
 * Tokens as a rough model of OpenAI's vocabularies: a word of up to eight letters with the blank before it, up
 * to three digits, one ideograph, or a short run of signs is one token. An approximation, to be counted the same
 * way everywhere in the demo; nothing is ever priced by it.
 */
const IDEOGRAPH = '[\\p{Script=Han}\\p{Script=Hiragana}\\p{Script=Katakana}\\p{Script=Hangul}]';
const TOKEN = new RegExp(
  [IDEOGRAPH, ` ?(?:(?!${IDEOGRAPH})\\p{L}){1,8}`, '\\p{N}{1,3}', '\\s+', '[^\\s\\p{L}\\p{N}]{1,3}'].join(
    '|',
  ),
  'gu',
);

/** Cuts a text into tokens; joined again they are the text. */
export function tokenize(text: string): string[] {
  return text.match(TOKEN) ?? [];
}

/** The number of tokens in a text: an approximation, see the head of this file. */
export function countTokens(text: string): number {
  return tokenize(text).length;
}
