import type { RuleMatch } from './rule.ts';

/** Whether a call is of a method that its file defines itself, on the same object: `c.CreateChatCompletion(` in Go. */
export const isOwnMethod = (
  name: string,
  { before, fileHolds }: Pick<RuleMatch, 'before' | 'fileHolds'>,
): boolean =>
  !/client\W*$/i.test(before) &&
  fileHolds(new RegExp(`\\b(?:func|fun|fn|def)\\s+(?:\\([^()\\n]{1,60}\\)\\s*)?${name}\\s*[(<]`));

/** Whether a file defines a class with this name itself, so the name isn't the client library's. */
export function isLocalClass(name: string, { fileHolds }: Pick<RuleMatch, 'fileHolds'>): boolean {
  const word = /\w+$/.exec(name)?.[0];
  return word !== undefined && fileHolds(new RegExp(`\\bclass\\s+${word}\\b`));
}
