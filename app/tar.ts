/** Reads a tar stream that somebody else made, file by file, without ever holding more than one of them. */
import type { Readable } from 'node:stream';

export interface TarFile {
  /** As the archive names it, with forward slashes. */
  readonly path: string;
  readonly content: Buffer;
}

/** The stream is no tar archive, or is cut short. */
export class TarError extends Error {
  override readonly name = 'TarError';
}

const BLOCK = 512;
/** Regular files, and headers that carry the name of the entry behind them (POSIX pax, GNU). */
const REGULAR: readonly string[] = ['0', '\0'];
const PAX = 'x';
const GNU_NAME = 'L';
const LONGEST_NAME = 64 * 1024;

/**
 * Yields the regular files; links, devices and folders are passed over.
 * @param wanted whether to keep a file of that path and size
 * @throws {TarError}
 */
export async function* tarFiles(
  stream: Readable,
  wanted: (path: string, bytes: number) => boolean,
): AsyncGenerator<TarFile> {
  const bytes = new ByteReader(stream);
  let longName: string | null = null;
  for (let header = await nextHeader(bytes); header !== null; header = await nextHeader(bytes)) {
    const { size, type } = header;
    if (type === PAX || type === GNU_NAME) {
      if (size > LONGEST_NAME) throw new TarError('a name in the archive is too long');
      const content = await take(bytes, size);
      longName = (type === PAX ? paxPath(content) : text(content)) ?? longName;
      continue;
    }
    const path = longName ?? header.name;
    longName = null;
    if (REGULAR.includes(type) && wanted(path, size)) yield { path, content: await take(bytes, size) };
    else await skip(bytes, size);
  }
}

/** Null at the end of the archive, which is a block of zeros or the end of the stream. */
async function nextHeader(bytes: ByteReader): Promise<Header | null> {
  const block = await bytes.take(BLOCK);
  return block === null || block.every((byte) => byte === 0) ? null : readHeader(block);
}

async function take(bytes: ByteReader, size: number): Promise<Buffer> {
  const content = await bytes.take(padded(size));
  if (content === null) throw new TarError('the archive is cut short');
  return content.subarray(0, size);
}

async function skip(bytes: ByteReader, size: number): Promise<void> {
  if (!(await bytes.skip(padded(size)))) throw new TarError('the archive is cut short');
}

/** Contents fill whole blocks. */
function padded(size: number): number {
  return Math.ceil(size / BLOCK) * BLOCK;
}

interface Header {
  readonly size: number;
  readonly type: string;
  readonly name: string;
}

function readHeader(header: Buffer): Header {
  const size = Number.parseInt(text(header.subarray(124, 136)).trim(), 8);
  if (!Number.isSafeInteger(size) || size < 0) throw new TarError('this is no tar archive');
  const [name, prefix] = [text(header.subarray(0, 100)), text(header.subarray(345, 500))];
  const isUstar = header.toString('latin1', 257, 262) === 'ustar';
  return {
    size,
    type: header.toString('latin1', 156, 157),
    name: isUstar && prefix !== '' ? `${prefix}/${name}` : name,
  };
}

/** Records `<length> <key>=<value>\n`, the length in bytes and of the whole record. */
function paxPath(content: Buffer): string | null {
  for (let at = 0; at < content.length; ) {
    const space = content.indexOf(' ', at);
    const length = Number(content.toString('latin1', at, space));
    if (space < 0 || !Number.isSafeInteger(length) || length <= 0) return null;
    const record = content.toString('utf8', space + 1, at + length - 1);
    if (record.startsWith('path=')) return record.slice('path='.length);
    at += length;
  }
  return null;
}

/** Up to the first zero byte. */
function text(bytes: Buffer): string {
  const end = bytes.indexOf(0);
  return bytes.toString('utf8', 0, end < 0 ? bytes.length : end);
}

/** Hands out a stream in pieces of the asked length. */
class ByteReader {
  readonly #chunks: AsyncIterator<Buffer>;
  #rest: Buffer = Buffer.alloc(0);

  constructor(stream: Readable) {
    this.#chunks = stream[Symbol.asyncIterator]();
  }

  /** Null where the stream ends before. */
  async take(length: number): Promise<Buffer | null> {
    const parts: Buffer[] = [];
    let missing = length;
    while (missing > 0) {
      if (this.#rest.length === 0 && !(await this.#more())) return null;
      const part = this.#rest.subarray(0, missing);
      this.#rest = this.#rest.subarray(part.length);
      missing -= part.length;
      parts.push(part);
    }
    return parts.length === 1 ? (parts[0] ?? null) : Buffer.concat(parts);
  }

  async skip(length: number): Promise<boolean> {
    let missing = length;
    while (missing > 0) {
      if (this.#rest.length === 0 && !(await this.#more())) return false;
      const passed = Math.min(missing, this.#rest.length);
      this.#rest = this.#rest.subarray(passed);
      missing -= passed;
    }
    return true;
  }

  async #more(): Promise<boolean> {
    const next = await this.#chunks.next();
    if (next.done === true) return false;
    this.#rest = next.value;
    return true;
  }
}
