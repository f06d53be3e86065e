import fc from 'fast-check';

const SURROGATES = { from: 0xd800, count: 0x800 };
const LAST = 0x10ffff;

/**
 * Any character of Unicode, control characters among them, as the `unit` of `fc.string`. The library's own unit
 * `binary` means the same, and takes a second and 100 MB for a table of them all.
 */
export const anyCharacter: fc.Arbitrary<string> = fc
  .nat(LAST - SURROGATES.count)
  .map((rank) => String.fromCodePoint(rank < SURROGATES.from ? rank : rank + SURROGATES.count));
