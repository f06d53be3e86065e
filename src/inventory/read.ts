import { isUtf8 } from 'node:buffer';
import { closeSync, constants, openSync, readSync } from 'node:fs';
import { MAX_FILE_BYTES, type SkipReason } from './skip.ts';

/** A file's text if it may contain sites, `nothing` if it can't, or why it was skipped. */
export type FileReading =
  | { readonly kind: 'text'; readonly text: string; readonly bytes: number }
  | { readonly kind: 'nothing'; readonly bytes: number }
  | { readonly kind: 'skipped'; readonly reason: SkipReason };

// Links are not followed (their target is listed anyway, or is outside the tree), and pipes don't block. Windows has
// neither flag.
const FLAGS = constants.O_RDONLY | (constants.O_NOFOLLOW ?? 0) | (constants.O_NONBLOCK ?? 0);

/**
 * Reads one file at a time into the same buffer, so memory does not grow with the tree. Makes as few system calls as
 * possible: on large trees they take most of the time.
 */
export class FileReader {
  /** One byte above the limit, to detect files that are too large. */
  readonly #buffer = Buffer.allocUnsafeSlow(MAX_FILE_BYTES + 1);

  /**
   * Reads one file by its absolute path. File system errors become a `skipped` reason.
   * @param mayHold whether bytes, up to a length, may be of interest
   */
  read(path: string, mayHold: (bytes: Uint8Array, length: number) => boolean): FileReading {
    const length = this.#fill(path);
    if (typeof length === 'string') return { kind: 'skipped', reason: length };
    if (length > MAX_FILE_BYTES) return { kind: 'skipped', reason: 'too-large' };
    const bytes = this.#buffer.subarray(0, length);
    if (!isUtf8(bytes)) return { kind: 'skipped', reason: bytes.includes(0) ? 'binary' : 'not-utf8' };
    if (!mayHold(this.#buffer, length)) return { kind: 'nothing', bytes: length };
    if (bytes.includes(0)) return { kind: 'skipped', reason: 'binary' };
    return { kind: 'text', text: textOf(bytes), bytes: length };
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
        // A file may arrive in pieces; a piece that is not a whole number of pages is the last one.
        if (count === 0 || count % 4_096 !== 0 || length === this.#buffer.length) return length;
      }
    } catch (error) {
      return reasonOf(error);
    } finally {
      closeSync(descriptor);
    }
  }
}

/** A mark of the byte order becomes a space; in a string, it would cost every character of it a second byte. */
const textOf = (bytes: Buffer): string =>
  bytes[0] === 0xef && bytes[1] === 0xbb && bytes[2] === 0xbf
    ? ` ${bytes.toString('utf8', 3)}`
    : bytes.toString();

const REASONS: Readonly<Record<string, SkipReason>> = {
  ELOOP: 'link',
  // FreeBSD's code for O_NOFOLLOW on a link.
  EMLINK: 'link',
  EISDIR: 'submodule',
  ENOENT: 'missing',
  ENOTDIR: 'missing',
};

function reasonOf(error: unknown): SkipReason {
  const code = error instanceof Error && 'code' in error ? String(error.code) : '';
  return REASONS[code] ?? 'unreadable';
}
