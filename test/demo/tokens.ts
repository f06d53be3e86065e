/**
 * Approximates OpenAI's tokens: one token is a word of up to eight letters with the blank before it, up to three
 * digits, one ideograph, or a short run of signs. The scripted models count this way in their `usage`.
 */
const IDEOGRAPH = '[\\p{Script=Han}\\p{Script=Hiragana}\\p{Script=Katakana}\\p{Script=Hangul}]';
const TOKEN = new RegExp(
  [IDEOGRAPH, ` ?(?:(?!${IDEOGRAPH})\\p{L}){1,8}`, '\\p{N}{1,3}', '\\s+', '[^\\s\\p{L}\\p{N}]{1,3}'].join(
    '|',
  ),
  'gu',
);

/** Splits a text into tokens; joined, they are the text again. */
export function tokenize(text: string): string[] {
  return text.match(TOKEN) ?? [];
}

/** The approximate number of tokens in a text. */
export function countTokens(text: string): number {
  return tokenize(text).length;
}
