import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { chatStream } from '../../src/gateway/chat-stream.ts';
import { readText, sse } from './streams.ts';

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
      textDefect: null,
      finishReasons: ['stop'],
      ids: ['c1'],
      usageChunks: [{ input: 3, cachedInput: 0, output: 2 }],
      toolCalls: [],
      error: null,
    });
  });

  it('shows ids that change, doubled and zero usage, and chunks that are not JSON', async () => {
    const usage = { prompt_tokens: 0, completion_tokens: 0 };
    const text = `${sse({ ...delta({}), id: 'a', usage }, { ...delta({}), id: 'b', usage }, { ...delta({}), usage: null })}data: {"cut\n\n`;
    const stream = chatStream(await readText(text));
    expect(stream.ids).toEqual(['a', 'b', 'c1']);
    expect(stream.usageChunks).toEqual(Array(2).fill({ input: 0, cachedInput: 0, output: 0 }));
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
          piece(0, { id: 'call_a', type: 'function', function: { name: 'weather', arguments: '' } }),
          piece(1, { id: 'call_b', function: { name: 'time', arguments: '{' } }),
          piece(0, { function: { arguments: '{"city":' } }),
          piece(1, { function: { arguments: '}' } }),
          piece(0, { function: { arguments: '"Paris"}' } }),
        ),
      ),
    );
    expect(toolCalls).toMatchObject([
      {
        id: 'call_a',
        type: 'function',
        arguments: '{"city":"Paris"}',
        indexed: true,
        argumentsAreText: true,
      },
      { id: 'call_b', type: null, name: 'time', arguments: '{}', indexed: true, argumentsAreText: true },
    ]);
  });

  it('shows tool calls without index or id, or with an index too high, and arguments that are an object', async () => {
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
    expect(toolCalls).toMatchObject([
      {
        id: 'call_a',
        name: 'weather',
        arguments: '{"city":"Paris"}',
        indexed: false,
        argumentsAreText: false,
      },
      { id: 'call_b', name: 'time', arguments: '{}', indexed: false, argumentsAreText: true },
      { id: null, name: 'anonymous', arguments: '', indexed: false, argumentsAreText: true },
    ]);
  });

  it('survives anything that JSON can say', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(fc.jsonValue(), { maxLength: 5 }), async (values) => {
        const transcript = await readText(
          sse(...values, ...values.map((value) => delta({ tool_calls: value, content: value }))),
        );
        expect(() => chatStream(transcript)).not.toThrow();
      }),
    );
  });
});
