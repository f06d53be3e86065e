/** The compression of a body that is read and changed on its way: `content-encoding` of HTTP (RFC 9110, 8.4.1). */
import { pipeline, type Readable, type Transform, type Writable } from 'node:stream';
import * as zlib from 'node:zlib';
import { DECOMPRESSION_CODE } from './no-response.ts';

export interface ContentCoding {
  /** @param first of the compressed body */
  readonly decoder: (first: Buffer) => Transform;
  /** It passes each piece on at once, since the body may be a stream. */
  readonly encoder: () => Transform;
}

/** A body that is not compressed as its header says, or that grows without end when it is decompressed. */
export class UndecodableBody extends Error {}

/** A bomb of 10 MB decompresses to 10 GiB. */
const MOST_DECODED_BYTES = 1024 ** 3;

const { constants } = zlib;
const FLUSH = { flush: constants.Z_SYNC_FLUSH, finishFlush: constants.Z_SYNC_FLUSH };
const BROTLI_FLUSH = {
  flush: constants.BROTLI_OPERATION_FLUSH,
  finishFlush: constants.BROTLI_OPERATION_FLUSH,
};
const FAST = { flush: constants.Z_SYNC_FLUSH, level: 1 };
const FAST_BROTLI = {
  flush: constants.BROTLI_OPERATION_FLUSH,
  params: { [constants.BROTLI_PARAM_QUALITY]: 1 },
};

const GZIP: ContentCoding = {
  decoder: () => zlib.createGunzip(FLUSH),
  encoder: () => zlib.createGzip(FAST),
};

const CODINGS: Readonly<Record<string, ContentCoding>> = {
  gzip: GZIP,
  'x-gzip': GZIP,
  deflate: {
    // Some servers leave out zlib's header.
    decoder: ([first = 0]) =>
      (first & 0x0f) === 8 ? zlib.createInflate(FLUSH) : zlib.createInflateRaw(FLUSH),
    encoder: () => zlib.createDeflate(FAST),
  },
  br: {
    decoder: () => zlib.createBrotliDecompress(BROTLI_FLUSH),
    encoder: () => zlib.createBrotliCompress(FAST_BROTLI),
  },
  // Since Node 22.15.
  ...('createZstdDecompress' in zlib && {
    zstd: {
      decoder: () => zlib.createZstdDecompress(),
      encoder: () => zlib.createZstdCompress({ flush: constants.ZSTD_e_flush }),
    },
  }),
};

/** Null for a body that is not compressed, or in a way that is unknown here. */
export function contentCoding(header: string): ContentCoding | null {
  return CODINGS[header.trim().toLowerCase()] ?? null;
}

/** What compresses again whatever was decompressed to be read, and writes it. */
export function compressedTo(coding: ContentCoding, target: Writable): Writable {
  const encoder = coding.encoder();
  pipeline(encoder, target, () => undefined);
  return encoder;
}

/**
 * Decompresses a body as it arrives.
 * @throws UndecodableBody; any other error is the body's own
 */
export async function* decoded(body: Readable, coding: ContentCoding): AsyncGenerator<Buffer> {
  let decoder: Transform | null = null;
  for await (const first of body.iterator({ destroyOnReturn: false })) {
    body.unshift(first);
    decoder = coding.decoder(first);
    break;
  }
  if (decoder === null) return;
  let bytes = 0;
  pipeline(body, decoder, () => undefined);
  try {
    for await (const piece of decoder) {
      bytes += piece.length;
      if (bytes > MOST_DECODED_BYTES) throw new UndecodableBody();
      yield piece;
    }
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? String(error.code) : '';
    throw DECOMPRESSION_CODE.test(code) ? new UndecodableBody() : error;
  }
}
