import type { Found } from './rule.ts';

/** Whether a file defines a class of this name itself, so that it is not the client library's. */
export function isOwnClass(name: string, { fileHolds }: Pick<Found, 'fileHolds'>): boolean {
  const word = /\w+$/.exec(name)?.[0];
  return word !== undefined && fileHolds(new RegExp(`\\bclass\\s+${word}\\b`));
}
