import { expect, it } from 'vitest';
import { withoutPrompt } from '../../../src/measure/recorder/prompt.ts';

const SAID = 'Please summarise the contract of our customer in Rome.';
const chat = (content: unknown) => ({ model: 'gpt-4o-mini', messages: [{ role: 'user', content }] });

it.each<[string, object, string, string]>([
  ['the whole prompt', chat(SAID), `Rejected: "${SAID}"`, 'Rejected: "[…]"'],
  ['its beginning', chat(SAID), 'Rejected: Please summarise the contr...', 'Rejected: […]...'],
  ['a part of a list', chat([{ type: 'text', text: SAID }]), 'No: "our customer in Rome"', 'No: "[…]"'],
  ['a short prompt', chat('tumour?'), 'Cannot answer "tumour?".', 'Cannot answer "[…]".'],
  ['an earlier answer', { messages: [{ role: 'assistant', content: SAID }] }, `bad: ${SAID}`, 'bad: […]'],
  [
    'arguments of a tool',
    { messages: [{ tool_calls: [{ function: { arguments: '{"city":"Rome, Italy"}' } }] }] },
    'city":"Rome, Italy is wrong',
    '[…] is wrong',
  ],
  ['input of a response', { input: SAID }, `bad: ${SAID}`, 'bad: […]'],
  ['instructions', { instructions: SAID, input: [] }, `bad: ${SAID}`, 'bad: […]'],
  ['a prompt of a completion', { prompt: [SAID] }, `bad: ${SAID}`, 'bad: […]'],
])('a message does not quote %s', (_, request, message, expected) => {
  expect(withoutPrompt(message, request)).toBe(expected);
});

it.each([
  "Invalid role 'user': expected system.",
  'The model gpt-4o-mini does not exist.',
  'Incorrect API key provided.',
  '',
])('keeps %j, which is not from the prompt', (message) => {
  expect(withoutPrompt(message, chat(SAID))).toBe(message);
  expect(withoutPrompt(message, undefined)).toBe(message);
});
