/** Reads the bytes of a file, plain or gzip, in pieces. */
import { once } from 'node:events';
import { type FileHandle, open } from 'node:fs/promises';
import { createGunzip } from 'node:zlib';

const PIECE_BYTES = 256 * 1024;

/** How reading a file ended. `reason` is for people, without the file's name. */
export type BytesEnd =
  | { readonly kind: 'complete' }
  /** It could not be read, or not to its end. */
  | { readonly kind: 'unreadable'; readonly reason: string }
  /** The gzip data is truncated or damaged: an unknown part is missing. */
  | { readonly kind: 'gzip_cut'; readonly reason: string };

/**
 * Reads a file; its first two bytes, not its name, show whether it is gzip. Each piece is valid until the next one is
 * requested. The data before a cut is returned first.
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

/** Reads the next piece while this one is processed. */
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
  const gunzip = createGunzip({ chunkSize: PIECE_BYTES });
  const ready: Buffer[] = [];
  let reason: string | null = null;
  gunzip.on('data', (data: Buffer) => ready.push(data));
  gunzip.on('error', (error) => {
    reason = error.message;
  });
  let piece = first;
  while (piece.length > 0 && reason === null) {
    // Resolves when everything in this piece is unzipped, or on the error.
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
