/** Reads a small zip archive that somebody else made: by its directory, within limits, into memory. */
import { inflateRawSync } from 'node:zlib';

export interface ZipLimits {
  readonly entries: number;
  /** Of all entries together, unpacked. */
  readonly bytes: number;
}

export type Unzipped =
  | { readonly ok: true; readonly files: ReadonlyMap<string, Buffer> }
  /** One sentence: what is wrong with the archive. */
  | { readonly ok: false; readonly problem: string };

/** Names of APPNOTE.TXT, PKWARE's description of the format. */
const END = 0x06054b50;
const END_BYTES = 22;
const LONGEST_COMMENT = 0xffff;
const CENTRAL = 0x02014b50;
const CENTRAL_BYTES = 46;
const LOCAL = 0x04034b50;
const LOCAL_BYTES = 30;
const STORED = 0;
const DEFLATED = 8;
const ENCRYPTED = 1;

class Damaged extends Error {}

/** Files by their names in the archive; folders are left out. Never throws for what an archive may hold. */
export function unzip(archive: Buffer, limits: ZipLimits): Unzipped {
  try {
    return { ok: true, files: readAll(archive, limits) };
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? error.code : null;
    if (error instanceof Damaged) return { ok: false, problem: error.message };
    if (code === 'ERR_BUFFER_TOO_LARGE') return { ok: false, problem: tooLarge(limits) };
    return { ok: false, problem: 'the archive is damaged' };
  }
}

function readAll(archive: Buffer, limits: ZipLimits): Map<string, Buffer> {
  const end = findEnd(archive);
  const count = archive.readUInt16LE(end + 10);
  if (count > limits.entries) throw new Damaged(`the archive holds more than ${limits.entries} files`);
  const files = new Map<string, Buffer>();
  let at = archive.readUInt32LE(end + 16);
  let left = limits.bytes;
  for (let entry = 0; entry < count; entry += 1) {
    if (archive.readUInt32LE(at) !== CENTRAL) throw new Damaged('the directory of the archive is damaged');
    const nameLength = archive.readUInt16LE(at + 28);
    const name = archive.toString('utf8', at + CENTRAL_BYTES, at + CENTRAL_BYTES + nameLength);
    if (!name.endsWith('/')) {
      const content = readEntry(archive, at, left, limits);
      left -= content.length;
      files.set(name, content);
    }
    at += CENTRAL_BYTES + nameLength + archive.readUInt16LE(at + 30) + archive.readUInt16LE(at + 32);
  }
  return files;
}

/** The end of the directory is at the end of the archive, before a comment. */
function findEnd(archive: Buffer): number {
  const first = Math.max(0, archive.length - END_BYTES - LONGEST_COMMENT);
  for (let at = archive.length - END_BYTES; at >= first; at -= 1) {
    if (archive.readUInt32LE(at) === END) return at;
  }
  throw new Damaged('this is no zip archive');
}

function readEntry(archive: Buffer, central: number, left: number, limits: ZipLimits): Buffer {
  if ((archive.readUInt16LE(central + 8) & ENCRYPTED) !== 0) throw new Damaged('the archive is encrypted');
  const method = archive.readUInt16LE(central + 10);
  const packed = archive.readUInt32LE(central + 20);
  const unpacked = archive.readUInt32LE(central + 24);
  if (unpacked > left) throw new Damaged(tooLarge(limits));
  const local = archive.readUInt32LE(central + 42);
  if (archive.readUInt32LE(local) !== LOCAL) throw new Damaged('an entry of the archive is damaged');
  const start = local + LOCAL_BYTES + archive.readUInt16LE(local + 26) + archive.readUInt16LE(local + 28);
  if (start + packed > archive.length) throw new Damaged('the archive is cut short');
  const bytes = archive.subarray(start, start + packed);
  if (method === STORED) return bytes;
  if (method !== DEFLATED) throw new Damaged(`the archive uses the compression method ${method}`);
  // What the directory says of the size is not to be believed.
  return inflateRawSync(bytes, { maxOutputLength: Math.max(1, left) });
}

function tooLarge({ bytes }: ZipLimits): string {
  return `the archive holds more than ${bytes} bytes`;
}
