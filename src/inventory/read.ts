import { isUtf8 } from 'node:buffer';
import { closeSync, constants, openSync, readSync } from 'node:fs';
import { mayHoldSites } from './prefilter.ts';
import { MOST_BYTES, type SkipReason } from './skip.ts';

/** What came of opening a file: its text where it may hold sites, or why it was not searched. */
export type Reading =
  | { readonly kind: 'text'; readonly text: string; readonly bytes: number }
  | { readonly kind: 'nothing'; readonly bytes: number }
  | { readonly kind: 'skipped'; readonly reason: SkipReason };

// A link is not followed (its target is listed by itself, or lies outside), and a pipe does not block. Windows lacks
// both flags.
const FLAGS = constants.O_RDONLY | (constants.O_NOFOLLOW ?? 0) | (constants.O_NONBLOCK ?? 0);

/**
 * Reads files one after the other into the same memory, so that it does not grow with the tree. Asks the system for
 * as little as possible of each: on large trees this is most of the time.
 */
export class FileReader {
  /** One byte more than a file may have tells the longer ones. */
  readonly #buffer = Buffer.allocUnsafeSlow(MOST_BYTES + 1);

  /** Read one file by its absolute path. Never throws for what a file system may hold. */
  read(path: string): Reading {
    const length = this.#fill(path);
    if (typeof length === 'string') return { kind: 'skipped', reason: length };
    if (length > MOST_BYTES) return { kind: 'skipped', reason: 'too-large' };
    const bytes = this.#buffer.subarray(0, length);
    if (!isUtf8(bytes)) return { kind: 'skipped', reason: bytes.includes(0) ? 'binary' : 'not-utf8' };
    if (!mayHoldSites(this.#buffer, length)) return { kind: 'nothing', bytes: length };
    if (bytes.includes(0)) return { kind: 'skipped', reason: 'binary' };
    return { kind: 'text', text: bytes.toString('utf8').replace(/^\uFEFF/, ' '), bytes: length };
  }

  #fill(path: string): number | SkipReason {
    let descriptor: number;
    try {
      descriptor = openSync(path, FLAGS);
    } catch (error) {
      return reasonOf(error);
    }
    try {
      let length = 0;
      for (;;) {
        const count = readSync(descriptor, this.#buffer, length, this.#buffer.length - length, null);
        length += count;
        // A file system may hand out a file in pieces; one that fills no whole page is the last.
        if (count === 0 || count % 4_096 !== 0 || length === this.#buffer.length) return length;
      }
    } catch (error) {
      return reasonOf(error);
    } finally {
      closeSync(descriptor);
    }
  }
}

const REASONS: Readonly<Record<string, SkipReason>> = {
  ELOOP: 'link',
  // FreeBSD's word for a link that was not to be followed.
  EMLINK: 'link',
  EISDIR: 'submodule',
  ENOENT: 'missing',
  ENOTDIR: 'missing',
};

function reasonOf(error: unknown): SkipReason {
  const code = error instanceof Error && 'code' in error ? String(error.code) : '';
  return REASONS[code] ?? 'unreadable';
}
