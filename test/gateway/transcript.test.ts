import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { readTranscript, type Transcript } from '../../src/gateway/transcript.ts';
import { partsOf, readText } from './streams.ts';

function read(
  parts: readonly Uint8Array[],
  options: { death?: Error; signal?: AbortSignal; limitBytes?: number } = {},
) {
  return readTranscript(partsOf(parts, options.death), {
    startedAtMs: performance.now(),
    limitBytes: options.limitBytes ?? 1e6,
    ...(options.signal ? { signal: options.signal } : {}),
  });
}

const payloads = (transcript: Transcript) => transcript.chunks.map(({ data }) => data);

/** All but the times, which differ from run to run. */
function untimed({ transcript, text }: Awaited<ReturnType<typeof readTranscript>>) {
  const { chunks, done, end, malformed } = transcript;
  return {
    chunks: chunks.map(({ json, data, event }) => ({ json, data, event })),
    done,
    end,
    malformed,
    text,
  };
}

describe('readTranscript', () => {
  it('reads data, events, comments, several data lines and [DONE]', async () => {
    const transcript = await readText(
      ': keep-alive\n\nevent: ping\ndata: {"a":1}\n\ndata: {"b":\ndata: 2}\n\nid: 7\nretry: 10\ndata: plain\n\ndata: [DONE]\n\n',
    );
    expect(transcript.chunks.map(({ event, data, json }) => ({ event, data, json }))).toEqual([
      { event: 'ping', data: '{"a":1}', json: { a: 1 } },
      { event: '', data: '{"b":\n2}', json: { b: 2 } },
      { event: '', data: 'plain', json: undefined },
    ]);
    expect(transcript).toMatchObject({ done: true, end: 'eof', malformed: 0 });
  });

  it.each([
    ['LF', '\n'],
    ['CR', '\r'],
    ['CRLF', '\r\n'],
  ])('takes %s line ends', async (_, lineEnd) => {
    const transcript = await readText(['data: "é"', '', 'data: [DONE]', '', ''].join(lineEnd));
    expect(payloads(transcript)).toEqual(['"é"']);
    expect(transcript.done).toBe(true);
  });

  it('skips a byte order mark', async () => {
    expect(payloads(await readText('\uFEFFdata: 1\n\n'))).toEqual(['1']);
  });

  it('accepts a last event without its blank line if the body is complete, but not if it was cut', async () => {
    const parts = [Buffer.from('data: 1\n\ndata: [DONE]')];
    expect((await read(parts)).transcript).toMatchObject({ done: true, end: 'eof' });
    expect((await read(parts, { death: new Error('reset') })).transcript).toMatchObject({
      done: false,
      end: 'cut',
    });
  });

  it('distinguishes a deadline from a broken connection', async () => {
    const death = new Error('aborted');
    const passed = AbortSignal.abort();
    expect((await read([], { death, signal: passed })).transcript.end).toBe('deadline');
    expect((await read([], { death, signal: new AbortController().signal })).transcript.end).toBe('cut');
  });

  it('counts lines that are not event-stream fields', async () => {
    expect(await readText('{"error": "no stream at all"}\n')).toMatchObject({
      chunks: [],
      malformed: 1,
      done: false,
    });
  });

  it('keeps the whole JSON of a long payload, and 16 KiB of its text', async () => {
    const [chunk] = (await readText(`data: {"text":"${'x'.repeat(20_000)}"}\n\n`)).chunks;
    expect(chunk?.json).toEqual({ text: 'x'.repeat(20_000) });
    expect(chunk?.data).toHaveLength(16_384);
  });

  it('stops at its limit', async () => {
    const parts = Array.from({ length: 10 }, (_, index) => Buffer.from(`data: ${index}\n\n`));
    const stream = await read(parts, { limitBytes: 20 });
    expect(stream.overflow).toBe(true);
    expect(stream.transcript.end).toBe('cut');
    expect(stream.transcript.chunks.length).toBeLessThan(5);
  });

  it('dates chunks by the arrival of their last byte', async () => {
    async function* slow(): AsyncGenerator<Uint8Array> {
      yield Buffer.from('data: 1');
      await new Promise((resolve) => setTimeout(resolve, 30));
      yield Buffer.from('\n\n');
    }
    const { transcript } = await readTranscript(slow(), { startedAtMs: performance.now(), limitBytes: 1e6 });
    const firstMs = transcript.chunks[0]?.atMs ?? 0;
    expect(firstMs).toBeGreaterThanOrEqual(28);
    expect(transcript.totalMs).toBeGreaterThanOrEqual(firstMs);
  });

  it('gives the same transcript however the bytes are split', async () => {
    const line = fc.oneof(
      fc.string({ unit: 'grapheme' }).map((text) => `data: ${JSON.stringify({ text })}`),
      fc.constantFrom(
        'data: [DONE]',
        ': hello',
        'event: response.completed',
        'data:',
        'nonsense',
        'é: ü',
        '',
        '',
        '',
      ),
    );
    const stream = fc
      .array(fc.tuple(line, fc.constantFrom('\n', '\r\n', '\r')), { maxLength: 12 })
      .map((lines) => Buffer.from(lines.map(([text, end]) => text + end).join('')));
    await fc.assert(
      fc.asyncProperty(stream, fc.array(fc.nat(), { maxLength: 20 }), async (bytes, cuts) => {
        const borders = [
          0,
          ...cuts.map((cut) => cut % (bytes.length + 1)).sort((a, b) => a - b),
          bytes.length,
        ];
        const parts = borders.slice(1).map((border, index) => bytes.subarray(borders[index], border));
        expect(untimed(await read(parts))).toEqual(untimed(await read([bytes])));
      }),
      { numRuns: 300 },
    );
  });
});
