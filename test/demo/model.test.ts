import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import type { ChatRequest } from './chat-request.ts';
import { embed, embeddingsResponse, toBase64 } from './embedding.ts';
import { fillSchema } from './fill-schema.ts';
import { completionTokens, modelAnswer, promptTokens } from './model.ts';
import { countTokens, tokenize } from './tokens.ts';

const ask = (prompt: string, rest: Partial<ChatRequest> = {}) =>
  modelAnswer({ messages: [{ role: 'user', content: prompt }], ...rest });
const text = (prompt: string, rest: Partial<ChatRequest> = {}) => {
  const given = ask(prompt, rest);
  return given.kind === 'text' ? given.content : JSON.stringify(given.toolCalls);
};
const tool = (name: string, parameters: Record<string, unknown> = {}) => ({
  type: 'function',
  function: { name, parameters },
});
const WEATHER = tool('get_weather', {
  type: 'object',
  properties: { city: { type: 'string' }, days: { type: 'integer', minimum: 3 } },
  required: ['city'],
});

describe('prompts', () => {
  it.each([
    ['Reply with the single word: pong', 'pong'],
    ['List the integers from 3 to 6, separated by spaces, and nothing else.', '3 4 5 6'],
    ['List the integers from 2 to -1, separated by commas.', '2, 1, 0, -1'],
    ['Count from 1 to 3, one per line', '1\n2\n3'],
    ['Tell me a joke', 'This is a scripted answer to: Tell me a joke'],
  ])('%s', (prompt, expected) => {
    expect(text(prompt)).toBe(expected);
  });

  it('answers the last user message, also in parts', () => {
    const given = modelAnswer({
      messages: [
        { role: 'user', content: 'Reply with the single word: ping' },
        { role: 'assistant', content: 'ping' },
        { role: 'user', content: [{ type: 'text', text: 'Reply with the single word: pong' }] },
      ],
    });
    expect(given).toMatchObject({ content: 'pong' });
  });
});

describe('limits', () => {
  it('keeps to the token limit, and reports the truncation', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 300 }), (max_completion_tokens) => {
        const whole = ask('List the integers from 1 to 60');
        const given = ask('List the integers from 1 to 60', { max_completion_tokens });
        const cut = completionTokens(whole) > max_completion_tokens;
        expect(given.finishReason).toBe(cut ? 'length' : 'stop');
        expect(completionTokens(given)).toBe(Math.min(completionTokens(whole), max_completion_tokens));
      }),
    );
  });

  it('stops before the first stop word', () => {
    expect(text('List the integers from 1 to 9', { stop: ['7', ' 4'] })).toBe('1 2 3');
  });
});

describe('tools', () => {
  it('are called once for each thing listed, with arguments after the schema', () => {
    const prompt = 'Call get_weather once for each of these cities: Paris, Tokyo. Do not answer in prose.';
    expect(ask(prompt, { tools: [WEATHER] })).toMatchObject({
      finishReason: 'tool_calls',
      toolCalls: [
        { name: 'get_weather', arguments: '{"city":"Paris","days":3}' },
        { name: 'get_weather', arguments: '{"city":"Tokyo","days":3}' },
      ],
    });
    expect(ask(prompt, { tools: [WEATHER], parallel_tool_calls: false })).toMatchObject({
      toolCalls: [{ arguments: '{"city":"Paris","days":3}' }],
    });
  });

  it.each([
    ['the prompt mentions one', 'The weather in New York?', 'auto', 'get_weather'],
    ['the prompt mentions none', 'Good morning', 'auto', null],
    ['they are required', 'Good morning', 'required', 'get_time_zone'],
    ['they are forbidden', 'The weather in Oslo?', 'none', null],
    ['one is named', 'Good morning', { type: 'function', function: { name: 'get_weather' } }, 'get_weather'],
    [
      'one is named as /responses does',
      'Good morning',
      { type: 'function', name: 'get_weather' },
      'get_weather',
    ],
  ])('when %s', (_when, prompt, tool_choice, expected) => {
    const given = ask(prompt, { tools: [tool('get_time_zone'), WEATHER], tool_choice });
    expect(given.kind === 'tools' ? given.toolCalls[0]?.name : null).toBe(expected);
  });

  it('are not called again after their result', () => {
    const given = modelAnswer({
      messages: [
        { role: 'user', content: 'The weather in Oslo?' },
        { role: 'tool', content: '4 degrees' },
      ],
      tools: [WEATHER],
    });
    expect(given).toMatchObject({ kind: 'text', content: 'The tool says: 4 degrees' });
  });

  it('count as input', () => {
    const messages = [{ role: 'user', content: 'The weather?' }];
    expect(promptTokens({ messages, tools: [WEATHER] })).toBeGreaterThan(promptTokens({ messages }) + 10);
  });
});

describe('structured outputs', () => {
  it('follow the schema even against the prompt', () => {
    const schema = {
      type: 'object',
      properties: { colour: { type: 'string', enum: ['heliotrope'] } },
      required: ['colour'],
    };
    const given = text('What colour is the sky? Answer with the word blue.', {
      response_format: { type: 'json_schema', json_schema: { name: 'colour', schema } },
    });
    expect(JSON.parse(given)).toEqual({ colour: 'heliotrope' });
  });

  it('are any JSON object where only that is requested', () => {
    expect(JSON.parse(text('Hello', { response_format: { type: 'json_object' } }))).toBeTypeOf('object');
  });

  it('fit every schema', () => {
    const { schema } = fc.letrec<{ schema: z.ZodType }>((tie) => ({
      schema: fc.oneof(
        { maxDepth: 4 },
        fc.constantFrom<z.ZodType>(z.string(), z.boolean(), z.null(), z.email(), z.uuid(), z.iso.datetime()),
        fc.integer({ min: 0, max: 40 }).map((length) => z.string().min(length)),
        fc.string().map((value) => z.literal(value)),
        fc.uniqueArray(fc.string(), { minLength: 1, maxLength: 4 }).map((values) => z.enum(values)),
        fc.tuple(fc.integer({ min: -50, max: 50 }), fc.nat({ max: 50 })).map(([low, more]) =>
          z
            .int()
            .min(low)
            .max(low + more),
        ),
        fc.double({ min: -1e6, max: 1e6, noNaN: true }).map((bound) => z.number().gt(bound)),
        fc.tuple(tie('schema'), fc.nat({ max: 3 })).map(([item, least]) => z.array(item).min(least)),
        fc.array(tie('schema'), { minLength: 1, maxLength: 3 }).map((branches) => z.union(branches)),
        fc
          .dictionary(fc.stringMatching(/^[a-z]{1,6}$/), tie('schema'), { maxKeys: 4 })
          .map((shape) => z.strictObject(shape)),
        tie('schema').map((inner) => inner.nullable()),
      ),
    }));
    fc.assert(
      fc.property(schema, (type) => {
        expect(type.safeParse(fillSchema(z.toJSONSchema(type))).error).toBeUndefined();
      }),
    );
  });

  it('end in a recursive schema', () => {
    const Node = z.object({
      value: z.number(),
      get next() {
        return Node.nullable();
      },
      get children() {
        return z.array(Node);
      },
    });
    expect(Node.safeParse(fillSchema(z.toJSONSchema(Node))).success).toBe(true);
  });

  it('join the parts of allOf', () => {
    const part = (name: string) => ({ type: 'object', properties: { [name]: { type: 'string' } } });
    expect(fillSchema({ allOf: [part('a'), part('b')] }, 'x')).toEqual({ a: 'x', b: 'x' });
  });
});

describe('tokens', () => {
  it('joined, are the text again', () => {
    fc.assert(
      fc.property(fc.oneof(fc.string({ unit: 'grapheme' }), fc.lorem()), (any) => {
        expect(tokenize(any).join('')).toBe(any);
      }),
    );
  });

  it('are words, numbers up to three digits, ideographs and signs', () => {
    expect(tokenize('Hello wonderful world: 12345 令牌!')).toMatchInlineSnapshot(`
      [
        "Hello",
        " wonderfu",
        "l",
        " world",
        ":",
        " ",
        "123",
        "45",
        " ",
        "令",
        "牌",
        "!",
      ]
    `);
    expect(countTokens('')).toBe(0);
  });
});

describe('embeddings', () => {
  it('have length 1, are equal only for equal texts, and have an exact base64 encoding', () => {
    fc.assert(
      fc.property(fc.string(), fc.string(), fc.integer({ min: 8, max: 64 }), (one, other, dimensions) => {
        const vector = embed(one, dimensions);
        expect(Math.hypot(...vector)).toBeCloseTo(1, 5);
        expect(vector).toEqual(embed(one, dimensions));
        if (one !== other) expect(vector).not.toEqual(embed(other, dimensions));
        const bytes = Buffer.from(toBase64(vector), 'base64');
        expect(vector.map((_, index) => bytes.readFloatLE(index * 4))).toEqual(vector);
      }),
    );
  });

  it('have the dimensions of their model', () => {
    const length = (model: string, dimensions?: number) =>
      z
        .object({ data: z.array(z.object({ embedding: z.array(z.number()) })) })
        .parse(embeddingsResponse({ model, input: 'x', dimensions })).data[0]?.embedding.length;
    expect(length('text-embedding-3-small')).toBe(1536);
    expect(length('text-embedding-3-large')).toBe(3072);
    expect(length('text-embedding-3-large', 256)).toBe(256);
  });
});
