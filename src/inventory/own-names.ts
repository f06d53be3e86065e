/** Whether a file defines a class of this name itself, so that it is not the client library's. */
export const isOwnClass = (name: string, code: string): boolean =>
  new RegExp(`\\bclass\\s+${name.replace(/^.*\./, '')}\\b`).test(code);
