import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  chatStream,
  type ReadStream,
  readTranscript,
  responsesStream,
  type Transcript,
} from '../../src/gateway/transcript.ts';

async function* partsOf(parts: readonly Uint8Array[], death?: Error): AsyncGenerator<Uint8Array> {
  yield* parts;
  if (death) throw death;
}

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

async function readText(text: string): Promise<Transcript> {
  return (await read([Buffer.from(text)])).transcript;
}

const payloads = (transcript: Transcript) => transcript.chunks.map(({ data }) => data);

/** All but the times, which differ from run to run. */
function untimed({ transcript, text }: ReadStream) {
  const { chunks, done, end, comments, malformed } = transcript;
  return {
    chunks: chunks.map(({ json, data, event }) => ({ json, data, event })),
    done,
    end,
    comments,
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
    expect(transcript).toMatchObject({ done: true, end: 'eof', comments: 1, malformed: 0 });
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

  it('passes over a byte order mark', async () => {
    expect(payloads(await readText('\uFEFFdata: 1\n\n'))).toEqual(['1']);
  });

  it('takes a last event without its blank line when the body ended in order, but not when it was cut', async () => {
    const parts = [Buffer.from('data: 1\n\ndata: [DONE]')];
    expect((await read(parts)).transcript).toMatchObject({ done: true, end: 'eof' });
    expect((await read(parts, { death: new Error('reset') })).transcript).toMatchObject({
      done: false,
      end: 'cut',
    });
  });

  it('tells a deadline from a socket that died', async () => {
    const death = new Error('aborted');
    const passed = AbortSignal.abort();
    expect((await read([], { death, signal: passed })).transcript.end).toBe('deadline');
    expect((await read([], { death, signal: new AbortController().signal })).transcript.end).toBe('cut');
  });

  it('counts lines that are no event-stream fields', async () => {
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

  it('stops beyond its limit', async () => {
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
    expect(transcript.firstChunkMs).toBeGreaterThanOrEqual(28);
    expect(transcript.totalMs).toBeGreaterThanOrEqual(transcript.firstChunkMs ?? 0);
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

const sse = (...payloadsOfStream: unknown[]): string =>
  payloadsOfStream.map((each) => `data: ${JSON.stringify(each)}\n\n`).join('');

const delta = (content: unknown, more: object = {}) => ({
  id: 'c1',
  model: 'm1',
  choices: [{ index: 0, delta: content, ...more }],
});

describe('chatStream', () => {
  it('reads text, finish, usage, id and model', async () => {
    const stream = chatStream(
      await readText(
        sse(
          delta({ role: 'assistant', content: '' }),
          delta({ content: 'Hel' }),
          delta({ content: 'lo\n' }),
          delta({}, { finish_reason: 'stop' }),
          { id: 'c1', model: 'm1', choices: [], usage: { prompt_tokens: 3, completion_tokens: 2 } },
        ),
      ),
    );
    expect(stream).toEqual({
      text: 'Hello\n',
      finishReasons: ['stop'],
      ids: ['c1'],
      models: ['m1'],
      usageChunks: [{ input: 3, cachedInput: 0, output: 2 }],
      toolCalls: [],
      roleChunks: 1,
      unreadable: 0,
      error: null,
    });
  });

  it('shows ids that change, doubled and zero usage, and chunks that are no JSON', async () => {
    const usage = { prompt_tokens: 0, completion_tokens: 0 };
    const text = `${sse({ ...delta({}), id: 'a', usage }, { ...delta({}), id: 'b', usage }, { ...delta({}), usage: null })}data: {"cut\n\n`;
    const stream = chatStream(await readText(text));
    expect(stream.ids).toEqual(['a', 'b', 'c1']);
    expect(stream.usageChunks).toEqual(Array(2).fill({ input: 0, cachedInput: 0, output: 0 }));
    expect(stream.unreadable).toBe(1);
  });

  it('finds an error inside, with the status that only the chunk names', async () => {
    const { error } = chatStream(
      await readText(
        sse(delta({ content: 'Hi' }), { error: { code: 429, message: 'Provider returned error' } }),
      ),
    );
    expect(error).toMatchObject({
      class: 'rate_limited',
      retryable: true,
      message: 'Provider returned error',
    });
  });

  it('puts tool calls together by index', async () => {
    const piece = (index: number, rest: object) => delta({ tool_calls: [{ index, ...rest }] });
    const { toolCalls } = chatStream(
      await readText(
        sse(
          piece(0, { id: 'call_a', function: { name: 'weather', arguments: '' } }),
          piece(1, { id: 'call_b', function: { name: 'time', arguments: '{' } }),
          piece(0, { function: { arguments: '{"city":' } }),
          piece(1, { function: { arguments: '}' } }),
          piece(0, { function: { arguments: '"Paris"}' } }),
        ),
      ),
    );
    expect(toolCalls).toEqual([
      { id: 'call_a', name: 'weather', arguments: '{"city":"Paris"}', indexed: true, argumentsAreText: true },
      { id: 'call_b', name: 'time', arguments: '{}', indexed: true, argumentsAreText: true },
    ]);
  });

  it('shows tool calls without index or id, and arguments that are an object', async () => {
    const { toolCalls } = chatStream(
      await readText(
        sse(
          delta({
            tool_calls: [{ id: 'call_a', function: { name: 'weather', arguments: { city: 'Paris' } } }],
          }),
          delta({ tool_calls: [{ id: 'call_b', function: { name: 'time', arguments: '{' } }] }),
          delta({ tool_calls: [{ function: { arguments: '}' } }] }),
          delta({ tool_calls: [{ index: 7, function: { name: 'anonymous' } }] }),
        ),
      ),
    );
    expect(toolCalls).toEqual([
      {
        id: 'call_a',
        name: 'weather',
        arguments: '{"city":"Paris"}',
        indexed: false,
        argumentsAreText: false,
      },
      { id: 'call_b', name: 'time', arguments: '{}', indexed: false, argumentsAreText: true },
      { id: null, name: 'anonymous', arguments: '', indexed: true, argumentsAreText: true },
    ]);
  });

  it('survives anything that JSON can say', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(fc.jsonValue(), { maxLength: 5 }), async (values) => {
        const transcript = await readText(
          sse(...values, ...values.map((value) => delta({ tool_calls: value, content: value }))),
        );
        expect(() => [chatStream(transcript), responsesStream(transcript)]).not.toThrow();
      }),
    );
  });
});

describe('responsesStream', () => {
  const event = (type: string, rest: object = {}) =>
    `event: ${type}\ndata: ${JSON.stringify({ type, ...rest })}\n\n`;

  it('reads text, the terminal event and usage', async () => {
    const stream = responsesStream(
      await readText(
        event('response.created') +
          event('response.output_text.delta', { delta: 'po' }) +
          event('response.output_text.delta', { delta: 'ng' }) +
          event('response.completed', {
            response: { error: null, usage: { input_tokens: 4, output_tokens: 1 } },
          }),
      ),
    );
    expect(stream).toEqual({
      text: 'pong',
      terminalEvent: 'response.completed',
      usage: { input: 4, cachedInput: 0, output: 1 },
      error: null,
    });
  });

  it('knows events by their type where the event line is missing', async () => {
    expect(responsesStream(await readText(sse({ type: 'response.incomplete' }))).terminalEvent).toBe(
      'response.incomplete',
    );
  });

  it('says when the stream ended without a terminal event', async () => {
    expect(responsesStream(await readText(event('response.created'))).terminalEvent).toBeNull();
  });

  it('finds the error of a failed response, and of an error event', async () => {
    const failed = event('response.failed', {
      response: { error: { code: 'rate_limit_exceeded', message: 'slow down' } },
    });
    const error = event('error', { code: 'server_error', message: 'broken', param: null });
    expect(responsesStream(await readText(failed)).error?.class).toBe('rate_limited');
    expect(responsesStream(await readText(error)).error).toMatchObject({
      class: 'upstream_error',
      message: 'broken',
    });
  });
});
