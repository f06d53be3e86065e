/** An answer says the same, whole and streamed, on every endpoint. */
import { describe, expect, it } from 'vitest';
import { type AnswerContent, contentOf, contentOfEvents } from '../../src/gateway/answer-content.ts';

const said = (content: Partial<AnswerContent>): AnswerContent => ({
  text: '',
  refusal: '',
  calls: [],
  ...content,
});
const chunks = (...deltas: readonly object[]) =>
  contentOfEvents([
    ...deltas.map((delta) => ({ choices: [{ index: 0, delta }] })),
    { choices: [], usage: {} },
    undefined,
  ]);
const message = (body: object) => contentOf({ choices: [{ index: 0, message: body }] });
const output = (...items: readonly object[]) => contentOf({ object: 'response', output: items });
const call = (name: string, text: string) => ({ function: { name, arguments: text } });

describe('of an answer is read', () => {
  it.each<[string, AnswerContent | null, AnswerContent | null]>([
    ['a chat completion', message({ content: 'pong' }), said({ text: 'pong' })],
    [
      'a streamed one',
      chunks({ role: 'assistant' }, { content: 'po' }, { content: 'ng' }),
      said({ text: 'pong' }),
    ],
    ['a completion', contentOf({ choices: [{ text: 'pong' }] }), said({ text: 'pong' })],
    [
      'a streamed completion',
      contentOfEvents([{ choices: [{ text: 'po' }] }, { choices: [{ text: 'ng' }] }]),
      said({ text: 'pong' }),
    ],
    [
      'the first of several choices, streamed in turn',
      contentOfEvents(
        [0, 1, 0, 1].map((index) => ({ choices: [{ index, delta: { content: `${index}` } }] })),
      ),
      said({ text: '00' }),
    ],
    ['a refusal', message({ content: null, refusal: 'No.' }), said({ refusal: 'No.' })],
    ['a streamed refusal', chunks({ refusal: 'N' }, { refusal: 'o.' }), said({ refusal: 'No.' })],
    [
      'tool calls, with and without IDs',
      message({ content: null, tool_calls: [{ id: 'c1', ...call('f', '{}') }, call('g', '{"a":1}')] }),
      said({
        calls: [
          { name: 'f', arguments: '{}' },
          { name: 'g', arguments: '{"a":1}' },
        ],
      }),
    ],
    [
      'streamed tool calls that come in pieces, in turn',
      chunks(
        {
          tool_calls: [
            { index: 0, id: 'c1', ...call('f', '') },
            { index: 1, id: 'c2', ...call('g', '{') },
          ],
        },
        { tool_calls: [{ index: 0, function: { arguments: '{"a"' } }] },
        {
          tool_calls: [
            { index: 1, function: { arguments: '}' } },
            { index: 0, function: { arguments: ':1}' } },
          ],
        },
      ),
      said({
        calls: [
          { name: 'f', arguments: '{"a":1}' },
          { name: 'g', arguments: '{}' },
        ],
      }),
    ],
    [
      'a function call of the older form',
      message({ content: null, function_call: { name: 'f', arguments: '{}' } }),
      said({ calls: [{ name: 'f', arguments: '{}' }] }),
    ],
    [
      'the same, streamed',
      chunks({ function_call: { name: 'f', arguments: '{' } }, { function_call: { arguments: '}' } }),
      said({ calls: [{ name: 'f', arguments: '{}' }] }),
    ],
    [
      'a custom tool',
      message({
        content: null,
        tool_calls: [{ id: 'c1', type: 'custom', custom: { name: 'sql', input: 'select 1' } }],
      }),
      said({ calls: [{ name: 'sql', arguments: 'select 1' }] }),
    ],
    [
      'a response with reasoning, text and calls',
      output(
        { type: 'reasoning', content: [{ type: 'reasoning_text', text: 'hm' }] },
        {
          type: 'message',
          content: [
            { type: 'output_text', text: 'po' },
            { type: 'output_text', text: 'ng' },
          ],
        },
        { type: 'function_call', name: 'f', arguments: '{}' },
        { type: 'custom_tool_call', name: 'sql', input: 'select 1' },
      ),
      said({
        text: 'pong',
        calls: [
          { name: 'f', arguments: '{}' },
          { name: 'sql', arguments: 'select 1' },
        ],
      }),
    ],
    [
      'a response that refuses',
      output({ type: 'message', content: [{ type: 'refusal', refusal: 'No.' }] }),
      said({ refusal: 'No.' }),
    ],
    [
      'a streamed response by its last event',
      contentOfEvents([
        { type: 'response.created', response: { output: [] } },
        { type: 'response.output_text.delta', delta: 'pong' },
        {
          type: 'response.completed',
          response: { output: [{ type: 'message', content: [{ text: 'pong' }] }] },
        },
      ]),
      said({ text: 'pong' }),
    ],
    [
      'one whose last event has no output, by its items',
      contentOfEvents([
        { type: 'response.output_item.done', item: { type: 'function_call', name: 'f', arguments: '{}' } },
        { type: 'response.completed', response: {} },
      ]),
      said({ calls: [{ name: 'f', arguments: '{}' }] }),
    ],
    ['nothing of embeddings', contentOf({ object: 'list', data: [{ embedding: [1] }] }), null],
    ['nothing of what is not JSON', contentOf(undefined), null],
    ['nothing of an empty stream', contentOfEvents([]), null],
  ])('%s', (_, found, expected) => {
    expect(found).toEqual(expected);
  });
});
