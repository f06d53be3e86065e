/**
 * The part of the package `archiver` that the artifact library uses. The build puts it in that package's place, which
 * needs thirty others.
 */
import { createReadStream } from 'node:fs';
import { Readable } from 'node:stream';
import { Zip, ZipDeflate } from 'fflate';

interface Entry {
  readonly name: string;
  /** Null for an empty entry, such as a directory. */
  readonly path: string | null;
}

interface ArchiverOptions {
  /** Bytes to hold before the reader takes them. */
  readonly highWaterMark: number;
}

/** Add all entries in the same turn of the event loop in which the archive is piped somewhere. */
function create(_format: 'zip', { highWaterMark }: ArchiverOptions) {
  const entries: Entry[] = [];
  const archive = Readable.from(zipped(entries), { objectMode: false, highWaterMark });
  return Object.assign(archive, {
    file: (path: string, { name }: { readonly name: string }) => void entries.push({ name, path }),
    append: (_content: '', { name }: { readonly name: string }) => void entries.push({ name, path: null }),
    finalize: () => undefined,
  });
}

async function* zipped(entries: readonly Entry[]): AsyncGenerator<Uint8Array> {
  const ready: Uint8Array[] = [];
  const zip = new Zip((error, chunk) => {
    if (error !== null) throw error;
    ready.push(chunk);
  });
  for (const { name, path } of entries) {
    const entry = new ZipDeflate(name);
    zip.add(entry);
    for await (const piece of path === null ? [] : createReadStream(path)) {
      entry.push(piece);
      yield* ready.splice(0);
    }
    entry.push(new Uint8Array(), true);
    yield* ready.splice(0);
  }
  zip.end();
  yield* ready.splice(0);
}

export default { create };
