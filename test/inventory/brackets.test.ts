import { describe, expect, it } from 'vitest';
import { enclosingBrackets, enclosingCall } from '../../src/inventory/brackets.ts';

/** The call around the mark `¦` in a piece of code. */
const callAt = (code: string): string => enclosingCall(code.replace('¦', ''), code.indexOf('¦'));

describe('the call around an offset', () => {
  it.each([
    ['new OpenAI({ apiKey, ¦baseURL: url })', 'OpenAI'],
    ['new ChatOpenAI({ configuration: { ¦baseURL: url } })', 'ChatOpenAI'],
    [
      'await client.chat.completions.create({ model, tools: [{ ¦type: "x" }] })',
      'client.chat.completions.create',
    ],
    ['client\n  .chat.completions\n  .create(¦model=m)', 'client.chat.completions.create'],
    ['streamObject<Plan>({ ¦model })', 'streamObject'],
    ['OpenAI(api_key=get("a)b"), ¦base_url=url)', 'OpenAI'],
    ['run((¦a + b))', 'run'],
  ])('of %s is %s', (code, call) => {
    expect(callAt(code)).toBe(call);
  });

  it.each([
    'const options = { ¦baseURL: url }',
    '¦model = "x"',
    'call(a); ¦b',
    'if (¦a) b()',
    'use(() => { ¦stream = 1 })',
  ])('of %s is none', (code) => {
    expect(callAt(code)).toBe('');
  });

  it('of a parameter is the definition', () => {
    expect(callAt('def connect(self, ¦base_url="x"):')).toBe('def');
    expect(callAt('function connect({ ¦baseURL = "x" }) {')).toBe('def');
  });
});

it('names the brackets from the inside out', () => {
  const code = 'f({ a: [x] , b: [';
  expect([...enclosingBrackets(code, code.length)].map(({ open }) => open)).toEqual(['[', '{', '(']);
});
