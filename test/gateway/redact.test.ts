import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createRedactor } from '../../src/gateway/redact.ts';
import { anyCharacter } from '../support/any-character.ts';
import { cpuMilliseconds } from '../support/cpu-time.ts';

const SECRET = 'sk-proj-Ab3dEf6hIj9lMn0pQr5tUv8xYz';
const PLAIN = 'correct horse/battery+staple="42"';

const redact = (text: string, ...secrets: string[]) => createRedactor(secrets).text(text);

describe('text', () => {
  it.each([
    ['as it is', PLAIN],
    ['URL-encoded', encodeURIComponent(PLAIN)],
    ['URL-encoded in lower case', encodeURIComponent(PLAIN).replace(/%../g, (code) => code.toLowerCase())],
    ['as a form field', encodeURIComponent(PLAIN).replaceAll('%20', '+')],
    ['JSON-escaped', JSON.stringify(PLAIN).slice(1, -1)],
    ['JSON-escaped with slashes', JSON.stringify(PLAIN).slice(1, -1).replaceAll('/', '\\/')],
    ['in base64', Buffer.from(PLAIN).toString('base64').replace(/=+$/, '')],
    ['in hexadecimal', Buffer.from(PLAIN).toString('hex').toUpperCase()],
    ['URL-encoded twice', encodeURIComponent(encodeURIComponent(PLAIN))],
    ['as entities of HTML', PLAIN.replace(/\W/g, (mark) => `&#${mark.charCodeAt(0)};`)],
    [
      'in escapes of JSON alone',
      [...PLAIN].map((each) => `\\u00${Buffer.from(each).toString('hex')}`).join(''),
    ],
    ['in capitals', PLAIN.toUpperCase()],
  ])('hides a secret %s', (_, form) => {
    expect(redact(`before ${form} after`, PLAIN)).toMatch(/^before \*\*\*[\w+/]?[\w+/]? after$/);
  });

  it('hides a secret inside a longer base64 text, at any offset', () => {
    for (const user of ['u', 'us', 'use']) {
      const basic = Buffer.from(`${user}:${PLAIN}`).toString('base64');
      const decoded = Buffer.from(redact(basic, PLAIN).replaceAll('***', ''), 'base64').toString('latin1');
      expect(decoded).not.toMatch(/horse|battery|staple/);
    }
  });

  it('hides secrets of other scripts where JSON is ASCII', () => {
    expect(redact('{"key":"\\u79d8\\u5bc6\\u94a5\\u5319"}', '秘密钥匙')).toBe('{"key":"***"}');
  });

  it.each([
    ['sk-proj-Ab***xYz', '***'],
    ['sk-proj-Ab3dEf6h...', '***'],
    ['sk-p...8xYz', '***'],
    ['…Qr5tUv8xYz', '…***'],
    ['Ab3dEf6hIj9l', 'Ab3dEf6hIj9l'],
  ])('hides what endpoints echo of a key: %s', (echo, expected) => {
    expect(redact(`Incorrect API key provided: ${echo}`, SECRET)).toBe(
      `Incorrect API key provided: ${expected}`,
    );
  });

  it('hides the echo of a key that does not look like one', () => {
    const secret = 'q7RtpLm2Zx9Vb4Nc';
    expect(redact('key q7R***4Nc, q7RtpLm2, m2Zx9Vb4Nc, q7...Nc', secret)).toBe('key ***, ***, ***, q7...Nc');
  });

  it.each([
    ['sk-0123456789abcdefXYZ', '***'],
    ['key sk-ant-api03-AbCdEf-1234 wrong', 'key *** wrong'],
    ['authorization: Bearer eyJhbGciOi.J9-x_y', 'authorization: Bearer ***'],
    ['"api-key": "0a1b2c3d4e5f"', '"api-key": "***"'],
    ['x-api-key=0a1b2c3d4e5f', 'x-api-key=***'],
    ['ghp_0123456789abcdefghij', '***'],
  ])('hides anybody’s key by its shape: %s', (text, expected) => {
    expect(redact(text)).toBe(expected);
  });

  it.each([
    'The task-runner risk-free API key: invalid',
    'use Bearer authentication, please',
    'ask-me-anything about desk-lamps',
    'wait... what? *** is bold',
  ])('leaves ordinary words alone: %s', (text) => {
    expect(redact(text, SECRET)).toBe(text);
  });

  it('hides the longer of two secrets whole, and both of two that overlap', () => {
    expect(redact('abcdef', 'abcd', 'abcdef')).toBe('***');
    expect(redact('xabcdefx', 'abcd', 'cdef')).not.toMatch(/abcd|cdef/);
  });

  it('hides a short secret only as a whole word', () => {
    expect(redact('ab, table, "ab"', 'ab')).toBe('***, table, "***"');
    expect(redact('a-b. c', '-', '.', ' ', '')).toBe('a-b. c');
  });
});

it('stays quick on hostile texts', () => {
  const hostile = ['api_key=', 'Bearer ', 'sk-', '.', '*', ' ', 'sk-proj-'].map((part) =>
    part.repeat(200_000 / part.length),
  );
  const time = cpuMilliseconds(() => {
    for (const text of hostile) redact(`sk-${text}!`, SECRET, PLAIN);
  });
  expect(time).toBeLessThan(3_000);
});

describe('value', () => {
  it('reaches every string and key, and leaves the rest', () => {
    const { value } = createRedactor([SECRET]);
    const input = {
      [SECRET]: [`x ${SECRET}`, 1, null, true, { deep: SECRET }],
      plain: 'text',
      none: undefined,
    };
    expect(value(input)).toEqual({
      '***': ['x ***', 1, null, true, { deep: '***' }],
      plain: 'text',
      none: undefined,
    });
    expect(input.plain).toBe('text');
  });
});

describe('laws', () => {
  const secret = fc.oneof(
    fc.string({ minLength: 4, maxLength: 40 }),
    fc.string({
      unit: fc.constantFrom('*', '.', 'a', '$', '\\', '(', '[', '+', '/'),
      minLength: 4,
      maxLength: 20,
    }),
    fc.string({ unit: anyCharacter, minLength: 4, maxLength: 20 }),
  );
  const secrets = fc
    .array(secret, { minLength: 1, maxLength: 4 })
    .map((list) => list.filter((each) => each.trim() !== '' && !/^\*+$/.test(each)));

  /** Texts made of the secrets, of their pieces and of other things. */
  const textAbout = (known: string[]) =>
    fc
      .array(
        fc.oneof(
          fc.constantFrom('***', '*', ' ', 'Bearer ', 'sk-', ...known),
          fc.string({ maxLength: 8 }),
          fc.tuple(fc.constantFrom('', ...known), fc.nat(12)).map(([each, length]) => each.slice(0, length)),
          fc.constantFrom('', ...known).map((each) => JSON.stringify(each)),
        ),
        { maxLength: 12 },
      )
      .map((parts) => parts.join(''));

  const cases = secrets.chain((known) => fc.tuple(fc.constant(known), textAbout(known)));

  it('no secret is left', () => {
    fc.assert(
      fc.property(cases, ([known, text]) => {
        const redacted = redact(text, ...known);
        for (const each of known) expect(redacted.includes(each)).toBe(false);
      }),
      { numRuns: 300 },
    );
  });

  it('redacting twice is redacting once', () => {
    fc.assert(
      fc.property(cases, fc.array(fc.string({ maxLength: 3 })), ([known, text], short) => {
        const { text: once } = createRedactor([...known, ...short]);
        expect(once(once(text))).toBe(once(text));
      }),
      { numRuns: 100 },
    );
  });

  it('without secrets, a text without keys stays as it is', () => {
    fc.assert(
      fc.property(fc.lorem({ maxCount: 20 }), (text) => {
        expect(redact(text)).toBe(text);
      }),
    );
  });
});

it('leaves other URLs readable when a URL is secret', () => {
  const { text } = createRedactor(['http://127.0.0.1:4000/tenant-7c1f/v1']);
  expect(text('GET http://127.0.0.1:4111/v1 by way of http://127.0.0.1:4000/tenant-7c1f/v1')).toBe(
    'GET http://127.0.0.1:4111/v1 by way of ***',
  );
});
