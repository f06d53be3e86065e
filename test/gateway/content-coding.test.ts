import { PassThrough, Readable } from 'node:stream';
import { text } from 'node:stream/consumers';
import * as zlib from 'node:zlib';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { compressedTo, decoded, UndecodableBody } from '../../src/gateway/content-coding.ts';

const TEXT = 'data: {"choices":[{"delta":{"content":"Grüße"}}]}\n\n'.repeat(20);

const CODINGS = [
  ['gzip', zlib.gzipSync],
  ['x-gzip', zlib.gzipSync],
  ['deflate', zlib.deflateSync],
  ['Deflate', zlib.deflateRawSync],
  ['br', zlib.brotliCompressSync],
  ['zstd', zlib.zstdCompressSync],
] as const;

async function read(name: string, pieces: readonly Buffer[]): Promise<string> {
  return text(decoded(Readable.from(pieces), name));
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

  it.each([...CODINGS.map(([name]) => name), 'gzip, br'])(
    'is compressed again in %s, each piece at once',
    async (name) => {
      const pieces: Buffer[] = [];
      const target = new PassThrough();
      target.on('data', (piece: Buffer) => pieces.push(piece));
      const sink = compressedTo(target, name);
      await new Promise<void>((resolve) => sink.write(TEXT, () => resolve()));
      await expect.poll(() => Buffer.concat(pieces).length).toBeGreaterThan(TEXT.length / 100);
      await new Promise((resolve) => {
        target.once('end', resolve);
        sink.end();
      });
      expect(await read(name, pieces)).toBe(TEXT);
    },
  );

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
      for await (const _ of decoded(body, 'gzip'));
    };
    await expect(all()).rejects.toThrow('reset');
  });

  it.each(['', 'identity', 'Identity, '])('in "%s" passes as it is', async (name) => {
    expect(await read(name, [Buffer.from(TEXT)])).toBe(TEXT);
  });

  it('in two codings is decompressed by the last one first', async () => {
    const bytes = zlib.brotliCompressSync(zlib.gzipSync(TEXT));
    expect(await read('gzip, identity,BR', [bytes.subarray(0, 9), bytes.subarray(9)])).toBe(TEXT);
    await expect(read('br, gzip', [bytes])).rejects.toThrow(UndecodableBody);
    await expect(read('br, br', [bytes])).rejects.toThrow(UndecodableBody);
  });

  it.each(['compress', 'aws-chunked', 'gzip, compress', 'gzip, gzip, gzip', 'constructor'])(
    'in "%s" is read by nobody',
    async (name) => {
      const body = Readable.from([TEXT]);
      await expect(text(decoded(body, name))).rejects.toThrow(UndecodableBody);
      expect(body.destroyed).toBe(true);
    },
  );
});
