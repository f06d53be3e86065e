import { describe, expect, it } from 'vitest';
import type { AnswerContent } from '../../../src/gateway/answer-content.ts';
import { answerFacts, callsSame } from '../../../src/measure/recorder/answer-facts.ts';

const calls = (...called: readonly (readonly [name: string, text: string])[]): AnswerContent => ({
  text: '',
  refusal: '',
  calls: called.map(([name, text]) => ({ name, arguments: text })),
});
const says = (text: string): AnswerContent => ({ text, refusal: '', calls: [] });

describe('two answers call the same', () => {
  it.each<[string, AnswerContent, AnswerContent, boolean | undefined]>([
    [
      'whatever the order of the keys and the blanks',
      calls(['f', '{"a":1,"b":[2]}']),
      calls(['f', '{ "b": [2.0], "a": 1 }']),
      true,
    ],
    ['in any order', calls(['f', '{}'], ['g', '{}']), calls(['g', '{}'], ['f', '{}']), true],
    ['not with other arguments', calls(['f', '{"a":1}']), calls(['f', '{"a":"1"}']), false],
    ['not by another name', calls(['f', '{}']), calls(['g', '{}']), false],
    ['not once instead of twice', calls(['f', '{}'], ['f', '{}']), calls(['f', '{}']), false],
    [
      'not twice one and once the other',
      calls(['f', '{}'], ['f', '{}'], ['g', '{}']),
      calls(['f', '{}'], ['g', '{}'], ['g', '{}']),
      false,
    ],
    ['as text where they are not JSON', calls(['sql', 'select 1']), calls(['sql', 'select 1']), true],
    ['not where one answers in text', calls(['f', '{}']), says('pong'), false],
    ['undefined where neither calls any', says('pong'), says('ping'), undefined],
  ])('%s', (_, one, other, expected) => {
    expect([callsSame(one, other), callsSame(other, one)]).toEqual([expected, expected]);
  });
});

const SCHEMA = {
  type: 'object',
  properties: { city: { type: 'string' }, days: { type: 'integer', minimum: 1 } },
  required: ['city'],
  additionalProperties: false,
};
const CHAT_TOOLS = {
  tools: [
    { type: 'function', function: { name: 'weather', parameters: SCHEMA } },
    { type: 'function', function: { name: 'now' } },
    { type: 'custom', custom: { name: 'sql' } },
  ],
};
const RESPONSES_TOOLS = {
  tools: [
    { type: 'function', name: 'weather', parameters: SCHEMA },
    { type: 'custom', name: 'sql' },
  ],
};

describe('arguments are valid', () => {
  it.each<[string, object, AnswerContent, boolean | undefined]>([
    ['by the schema of a chat completion', CHAT_TOOLS, calls(['weather', '{"city":"Rome","days":2}']), true],
    ['by the schema of a response', RESPONSES_TOOLS, calls(['weather', '{"city":"Rome"}']), true],
    [
      'by the older form',
      { functions: [{ name: 'weather', parameters: SCHEMA }] },
      calls(['weather', '{"city":"Rome"}']),
      true,
    ],
    ['not without what is required', CHAT_TOOLS, calls(['weather', '{}']), false],
    ['not of another type', RESPONSES_TOOLS, calls(['weather', '{"city":1}']), false],
    ['not with more than is allowed', CHAT_TOOLS, calls(['weather', '{"city":"Rome","x":1}']), false],
    ['not if they are not JSON', CHAT_TOOLS, calls(['weather', '{"city":"Ro']), false],
    ['not for a tool that nobody offers', CHAT_TOOLS, calls(['rain', '{}']), false],
    [
      'not if one of two is wrong',
      CHAT_TOOLS,
      calls(['weather', '{"city":"Rome"}'], ['weather', '{}']),
      false,
    ],
    ['as any JSON, without a schema', CHAT_TOOLS, calls(['now', '{"x":1}']), true],
    ['as any text, for a custom tool', CHAT_TOOLS, calls(['sql', 'select 1']), true],
    ['as any text, for one of a response', RESPONSES_TOOLS, calls(['sql', 'select 1']), true],
    [
      'as any JSON, by a schema that is beyond us',
      { tools: [{ type: 'function', name: 'f', parameters: { unevaluatedProperties: false } }] },
      calls(['f', '{}']),
      true,
    ],
    ['undefined where no tool is called', CHAT_TOOLS, says('pong'), undefined],
  ])('%s', (_, request, answer, expected) => {
    expect(answerFacts(request, answer).valid_arguments).toBe(expected);
  });
});

describe('JSON is valid', () => {
  const format = { type: 'json_schema', name: 'weather', schema: SCHEMA };
  it.each<[string, object, AnswerContent, boolean | undefined]>([
    ['where an object is asked for', { response_format: { type: 'json_object' } }, says('{"a":1}'), true],
    ['not behind a fence', { response_format: { type: 'json_object' } }, says('```json\n{}\n```'), false],
    [
      'by its schema in a chat completion',
      { response_format: { type: 'json_schema', json_schema: { schema: SCHEMA } } },
      says('{"city":"Rome"}'),
      true,
    ],
    [
      'not beyond its schema',
      { response_format: { type: 'json_schema', json_schema: { schema: SCHEMA } } },
      says('{}'),
      false,
    ],
    ['by its schema in a response', { text: { format } }, says('{"city":"Rome"}'), true],
    ['not beyond that', { text: { format } }, says('{"days":0}'), false],
    [
      'undefined where the answer is a refusal',
      { response_format: { type: 'json_object' } },
      { ...says(''), refusal: 'No.' },
      undefined,
    ],
    ['undefined where text is asked for', { response_format: { type: 'text' } }, says('{'), undefined],
    [
      'undefined where a tool is called instead',
      { response_format: { type: 'json_object' } },
      calls(['f', '{}']),
      undefined,
    ],
  ])('%s', (_, request, answer, expected) => {
    expect(answerFacts(request, answer).valid_json).toBe(expected);
  });
});

it.each([
  ["I'm sorry, but I can't assist with that request.", true],
  ['I’m sorry, I cannot help with that.', true],
  ['Sorry, I can not provide that.', true],
  ["I'm unable to create images of real people.", true],
  ["I can't help but notice a pattern.", false],
  ['Sorry for the delay. I can write it now.', false],
  ['He said: I cannot help you.', false],
  ['', false],
])('%s is a refusal: %s', (text, expected) => {
  expect(answerFacts({}, says(text)).refused).toBe(expected);
  expect(answerFacts({}, { ...says(''), refusal: text }).refused).toBe(text !== '');
});
