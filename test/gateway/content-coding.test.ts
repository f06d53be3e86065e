import { PassThrough, Readable } from 'node:stream';
import { text } from 'node:stream/consumers';
import * as zlib from 'node:zlib';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { compressedTo, contentCoding, decoded, UndecodableBody } from '../../src/gateway/content-coding.ts';

const TEXT = 'data: {"choices":[{"delta":{"content":"Grüße"}}]}\n\n'.repeat(20);

const CODINGS = [
  ['gzip', zlib.gzipSync],
  ['x-gzip', zlib.gzipSync],
  ['deflate', zlib.deflateSync],
  ['Deflate', zlib.deflateRawSync],
  ['br', zlib.brotliCompressSync],
  ['zstd', zlib.zstdCompressSync],
] as const;

function coding(name: string) {
  const found = contentCoding(name);
  if (found === null) throw new Error(`${name} is unknown.`);
  return found;
}

async function read(name: string, pieces: readonly Buffer[]): Promise<string> {
  return text(decoded(Readable.from(pieces), coding(name)));
}

describe('a compressed body', () => {
  it.each(CODINGS)('in %s is decompressed, wherever it is cut into pieces', async (name, compress) => {
    const bytes = compress(TEXT);
    await fc.assert(
      fc.asyncProperty(fc.nat(bytes.length - 2), async (cut) => {
        const pieces = [bytes.subarray(0, cut + 1), bytes.subarray(cut + 1)];
        expect(await read(name, pieces)).toBe(TEXT);
      }),
      { numRuns: 20 },
    );
  });

  it.each(CODINGS)('is compressed again in %s, each piece at once', async (name) => {
    const pieces: Buffer[] = [];
    const target = new PassThrough();
    target.on('data', (piece: Buffer) => pieces.push(piece));
    const sink = compressedTo(coding(name), target);
    await new Promise<void>((resolve) => sink.write(TEXT, () => resolve()));
    await new Promise(setImmediate);
    expect(Buffer.concat(pieces).length).toBeGreaterThan(TEXT.length / 100);
    await new Promise((resolve) => {
      target.once('end', resolve);
      sink.end();
    });
    expect(await read(name, pieces)).toBe(TEXT);
  });

  it('is decompressed up to the point where it breaks off', async () => {
    const bytes = zlib.gzipSync(TEXT.repeat(500));
    expect(await read('gzip', [bytes.subarray(0, bytes.length / 2)])).toContain('Grüße');
  });

  it.each(CODINGS)('that is not %s is an error of the body', async (name) => {
    const plain = Buffer.from('{"error":{"message":"plain text under a stale header"}}');
    await expect(read(name, [plain])).rejects.toThrow(UndecodableBody);
  });

  it('without a byte is empty', async () => {
    expect(await read('gzip', [])).toBe('');
  });

  it('that breaks off keeps its own error', async () => {
    const bytes = zlib.gzipSync(TEXT);
    const body = Readable.from(
      (function* () {
        yield bytes.subarray(0, 20);
        throw new Error('reset');
      })(),
    );
    const all = async () => {
      for await (const _ of decoded(body, coding('gzip')));
    };
    await expect(all()).rejects.toThrow('reset');
  });

  it.each(['', 'identity', 'compress', 'gzip, br'])('in "%s" passes as it is', (name) => {
    expect(contentCoding(name)).toBeNull();
  });
});
