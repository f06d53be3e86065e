/** Reads a small zip archive from an untrusted source into memory, within limits. */
import { setImmediate } from 'node:timers/promises';
import { strFromU8, Unzip, UnzipInflate } from 'fflate';

export interface ZipLimits {
  readonly entries: number;
  /** Unpacked size of all entries together. */
  readonly bytes: number;
}

export type Unzipped =
  /** Texts by name. */
  | { readonly ok: true; readonly files: Readonly<Record<string, string>> }
  /** What is wrong with the archive. */
  | { readonly ok: false; readonly problem: string };

/** A piece of the archive that is unpacked at once: at most a thousand times as much comes out of it. */
const PIECE = 4096;
/** Begins the last record of every archive. */
const END_OF_DIRECTORY = Buffer.from('PK\u0005\u0006', 'latin1');
const DAMAGED = 'it is not a zip archive, or is damaged';

/**
 * Counts what comes out, whatever the archive says of its own sizes, and stops at the limit. Other work of the process
 * goes on between the pieces.
 */
export async function unzip(archive: Uint8Array, limits: ZipLimits): Promise<Unzipped> {
  const parts = new Map<string, Uint8Array[]>();
  let open = 0;
  let bytes = 0;
  let problem: string | null = null;
  const unzipper = new Unzip((file) => {
    if (parts.size >= limits.entries) problem ??= `it holds more than ${limits.entries} files`;
    if (problem !== null) return;
    const chunks: Uint8Array[] = [];
    parts.set(file.name, chunks);
    open += 1;
    file.ondata = (error, chunk, isLast) => {
      if (error !== null) problem ??= DAMAGED;
      bytes += chunk?.length ?? 0;
      if (bytes > limits.bytes) problem ??= `it holds more than ${limits.bytes} bytes`;
      if (problem === null) chunks.push(chunk);
      if (isLast) open -= 1;
    };
    file.start();
  });
  unzipper.register(UnzipInflate);
  try {
    for (let from = 0; from < archive.length && problem === null; from += PIECE) {
      unzipper.push(archive.subarray(from, from + PIECE), from + PIECE >= archive.length);
      await setImmediate();
    }
  } catch {
    problem ??= DAMAGED;
  }
  const isComplete = open === 0 && parts.size > 0 && Buffer.from(archive).lastIndexOf(END_OF_DIRECTORY) > 0;
  if (!isComplete) problem ??= DAMAGED;
  if (problem !== null) return { ok: false, problem };
  const texts = [...parts].map(([name, chunks]) => [name, strFromU8(Buffer.concat(chunks))] as const);
  return { ok: true, files: Object.fromEntries(texts) };
}
