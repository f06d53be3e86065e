/** Whether a file defines a class of this name itself, so that it is not the client library's. */
export function isOwnClass(name: string, code: string): boolean {
  const word = /\w+$/.exec(name)?.[0];
  return word !== undefined && new RegExp(`\\bclass\\s+${word}\\b`).test(code);
}
