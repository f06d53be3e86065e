import type { RuleMatch } from './rule.ts';

/** Whether a file defines a class with this name itself, so the name isn't the client library's. */
export function isLocalClass(name: string, { fileHolds }: Pick<RuleMatch, 'fileHolds'>): boolean {
  const word = /\w+$/.exec(name)?.[0];
  return word !== undefined && fileHolds(new RegExp(`\\bclass\\s+${word}\\b`));
}
