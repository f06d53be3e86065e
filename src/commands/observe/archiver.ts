/**
 * The part of the package `archiver` that the artifact library uses. The build puts it in that package's place, which
 * needs thirty others.
 */
import { readFile } from 'node:fs/promises';
import { Readable } from 'node:stream';
import { zipSync } from 'fflate';

interface Entry {
  readonly name: string;
  /** Null for an empty entry, such as a directory. */
  readonly path: string | null;
}

/** Add all entries in the same turn of the event loop in which the archive is piped somewhere. */
function create() {
  const entries: Entry[] = [];
  const archive = Readable.from(zipped(entries), { objectMode: false });
  return Object.assign(archive, {
    file: (path: string, { name }: { readonly name: string }) => void entries.push({ name, path }),
    append: (_content: '', { name }: { readonly name: string }) => void entries.push({ name, path: null }),
    finalize: () => undefined,
  });
}

/** In one piece: measurements are small. */
async function* zipped(entries: readonly Entry[]): AsyncGenerator<Uint8Array> {
  const files = entries.map(
    async ({ name, path }) => [name, path === null ? '' : await readFile(path)] as const,
  );
  const read = (await Promise.all(files)).map(([name, content]) => [name, Buffer.from(content)]);
  yield zipSync(Object.fromEntries(read));
}

export default { create };
