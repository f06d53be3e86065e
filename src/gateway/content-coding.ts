/** The compression of a body that is read and changed on its way: `content-encoding` of HTTP (RFC 9110, 8.4.1). */
import { pipeline, Readable, type Transform, type Writable } from 'node:stream';
import * as zlib from 'node:zlib';
import { DECOMPRESSION_CODE } from './no-response.ts';

/** A body in an unknown coding, not compressed as its header says, or that grows without end when decompressed. */
export class UndecodableBody extends Error {}

/** A bomb of 10 MB decompresses to 10 GiB. */
const MOST_DECODED_BYTES = 1024 ** 3;
/** Codings of one body, one over the other. */
const MOST_CODINGS = 2;

interface Coding {
  /** @param first of the compressed body */
  readonly decoder: (first: Buffer) => Transform;
  readonly encoder: () => Transform;
}

/** What has arrived is passed on at once, since the body may be a stream. */
const FLUSH = { flush: zlib.constants.Z_SYNC_FLUSH, finishFlush: zlib.constants.Z_SYNC_FLUSH };
const FAST = { flush: zlib.constants.Z_SYNC_FLUSH, level: 1 };
const BROTLI_FLUSH = { flush: zlib.constants.BROTLI_OPERATION_FLUSH };

const GZIP: Coding = { decoder: () => zlib.createGunzip(FLUSH), encoder: () => zlib.createGzip(FAST) };

const CODINGS: ReadonlyMap<string, Coding> = new Map(
  Object.entries({
    gzip: GZIP,
    'x-gzip': GZIP,
    deflate: {
      // Some servers leave out zlib's header.
      decoder: ([first = 0]: Buffer) =>
        (first & 0x0f) === 8 ? zlib.createInflate(FLUSH) : zlib.createInflateRaw(FLUSH),
      encoder: () => zlib.createDeflate(FAST),
    },
    br: {
      decoder: () => zlib.createBrotliDecompress({ ...BROTLI_FLUSH, finishFlush: BROTLI_FLUSH.flush }),
      encoder: () =>
        zlib.createBrotliCompress({ ...BROTLI_FLUSH, params: { [zlib.constants.BROTLI_PARAM_QUALITY]: 1 } }),
    },
    // Since Node 22.15.
    ...('createZstdDecompress' in zlib && {
      zstd: {
        decoder: () => zlib.createZstdDecompress(),
        encoder: () => zlib.createZstdCompress({ flush: zlib.constants.ZSTD_e_flush }),
      },
    }),
  }),
);

/** In the order in which they were applied. @throws UndecodableBody */
function codingsOf(header: string): Coding[] {
  const names = header.toLowerCase().split(',');
  const applied = names.map((name) => name.trim()).filter((name) => name !== '' && name !== 'identity');
  const codings = applied.flatMap((name) => CODINGS.get(name) ?? []);
  if (codings.length < applied.length || codings.length > MOST_CODINGS) throw new UndecodableBody();
  return codings;
}

/**
 * Decompresses a body as it arrives.
 * @param header `content-encoding`; `''`: none
 * @throws UndecodableBody; any other error is the body's own
 */
export async function* decoded(body: Readable, header: string): AsyncGenerator<Buffer> {
  try {
    yield* codingsOf(header).reduceRight<AsyncIterable<Buffer>>(undone, body);
  } finally {
    body.destroy();
  }
}

/** What compresses again whatever was decompressed to be read, and writes it. */
export function compressedTo(target: Writable, header: string): Writable {
  return codingsOf(header).reduceRight((next, { encoder }) => {
    const compressing = encoder();
    pipeline(compressing, next, () => undefined);
    return compressing;
  }, target);
}

async function* undone(coded: AsyncIterable<Buffer>, coding: Coding): AsyncGenerator<Buffer> {
  const body = coded instanceof Readable ? coded : Readable.from(coded);
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
