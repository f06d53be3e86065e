/** The bytes of a file, plain or gzip, piece by piece. */
import { once } from 'node:events';
import { type FileHandle, open } from 'node:fs/promises';
import { createGunzip } from 'node:zlib';

const PIECE_BYTES = 256 * 1024;

/** How the reading of a file ended. `reason` is for a person, without the file's name. */
export type BytesEnd =
  | { readonly kind: 'complete' }
  /** It could not be read, or not to its end. */
  | { readonly kind: 'unreadable'; readonly reason: string }
  /** The gzip data stops short or is damaged: an unknown part is missing. */
  | { readonly kind: 'gzip_cut'; readonly reason: string };

/**
 * Reads a file; whether it is gzip is seen from its first two bytes, not from its name. Each piece is good until
 * the next one is asked for. What was there before a cut is given first.
 */
export async function* fileBytes(path: string): AsyncGenerator<Buffer, BytesEnd> {
  let file: FileHandle | null = null;
  try {
    file = await open(path);
    const first = await nextPiece(file, Buffer.alloc(PIECE_BYTES));
    const zipped = first[0] === 0x1f && first[1] === 0x8b;
    return zipped ? yield* unzipped(file, first) : yield* plain(file, first);
  } catch (error) {
    return { kind: 'unreadable', reason: error instanceof Error ? error.message : String(error) };
  } finally {
    await file?.close();
  }
}

async function nextPiece(file: FileHandle, buffer: Buffer): Promise<Buffer> {
  const { bytesRead } = await file.read(buffer, 0, buffer.length);
  return buffer.subarray(0, bytesRead);
}

/** The next piece is read while this one is worked on. */
async function* plain(file: FileHandle, first: Buffer): AsyncGenerator<Buffer, BytesEnd> {
  const buffers = [Buffer.alloc(PIECE_BYTES), Buffer.alloc(PIECE_BYTES)] as const;
  let piece = first;
  for (let turn = 0; piece.length > 0; turn = 1 - turn) {
    const next = nextPiece(file, buffers[turn === 0 ? 0 : 1]);
    try {
      yield piece;
    } finally {
      await next.catch(() => undefined);
    }
    piece = await next;
  }
  return { kind: 'complete' };
}

async function* unzipped(file: FileHandle, first: Buffer): AsyncGenerator<Buffer, BytesEnd> {
  const gunzip = createGunzip();
  const ready: Buffer[] = [];
  let reason: string | null = null;
  gunzip.on('data', (data: Buffer) => ready.push(data));
  gunzip.on('error', (error) => {
    reason = error.message;
  });
  let piece = first;
  while (piece.length > 0 && reason === null) {
    // Done when all that this piece unzips to has been given out, or with the error.
    await new Promise<void>((resolve) => gunzip.write(piece, () => resolve()));
    yield* ready.splice(0);
    piece = await nextPiece(file, Buffer.alloc(PIECE_BYTES));
  }
  if (reason === null) {
    gunzip.end();
    await once(gunzip, 'end').catch(() => undefined);
    yield* ready.splice(0);
  }
  gunzip.destroy();
  return reason === null ? { kind: 'complete' } : { kind: 'gzip_cut', reason };
}
