import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { KeySwap, SecretForms, throwAwayKey } from '../../../src/measure/recorder/key-swap.ts';

const REAL = 'sk-real-0123456789abcdef+/x';
const TENANT = 'tenant:8f3a/77+c1==d';

const formsFor = (standIn: string) => new SecretForms([{ real: REAL, standIn }, { real: TENANT }]);

function pass(pieces: readonly Buffer[], standIn: string): Buffer {
  const swap = new KeySwap(formsFor(standIn));
  return Buffer.concat([...pieces.map((piece) => swap.take(piece)), swap.rest()]);
}

function cutInto(bytes: Buffer, cuts: readonly number[]): Buffer[] {
  const borders = [0, ...cuts.map((cut) => Math.min(cut, bytes.length)), bytes.length].sort((a, b) => a - b);
  return borders.slice(1).map((to, index) => bytes.subarray(borders[index], to));
}

/** Every way back to the text that a program knows. */
function readings(text: string): string[] {
  const unescaped = text
    .replace(/\\{1,4}(?:u00|x)([0-9a-f]{2})/gi, (_, hex: string) => String.fromCharCode(parseInt(hex, 16)))
    .replace(/%(?:25)*([0-9a-f]{2})/gi, (_, hex: string) => String.fromCharCode(parseInt(hex, 16)))
    .replace(/&#x([0-9a-f]+);/gi, (_, hex: string) => String.fromCharCode(parseInt(hex, 16)))
    .replace(/&#(\d+);/g, (_, code: string) => String.fromCharCode(Number(code)))
    .replaceAll(/\\[rn]|[\\\r\n]/g, '');
  const runs = unescaped.match(/[\w+/=-]{8,}/g) ?? [];
  return [text, unescaped, ...runs.flatMap((run) => [0, 1, 2, 3].map((skip) => decoded(run.slice(skip))))];
}

const decoded = (run: string) =>
  `${Buffer.from(run, 'base64').toString('latin1')} ${Buffer.from(run, 'hex').toString('latin1')}`;

const escapes: readonly ((code: number) => string)[] = [
  (code) => String.fromCharCode(code),
  (code) => `\\u${code.toString(16).padStart(4, '0')}`,
  (code) => `\\\\u${code.toString(16).padStart(4, '0').toUpperCase()}`,
  (code) => `\\x${code.toString(16).padStart(2, '0')}`,
  (code) => `%${code.toString(16).toUpperCase()}`,
  (code) => `%25${code.toString(16)}`,
  (code) => `&#${code};`,
  (code) => `&#x${code.toString(16)};`,
];

const escaped = (secret: string) =>
  fc
    .array(fc.constantFrom(...escapes), { minLength: secret.length, maxLength: secret.length })
    .map((ways) => [...secret].map((character, index) => ways[index]?.(character.charCodeAt(0))).join(''));

const encoded = (secret: string) =>
  fc.constantFrom(
    ...['', 'a', 'ab', 'abc', 'Bearer '].flatMap((before) => {
      const bytes = Buffer.from(`${before}${secret}:rest`);
      const base64 = bytes.toString('base64');
      const broken = ['\n', '\r\n', '\\n', '\\r\\n'].map((line) => base64.replaceAll(/.{10}/g, `$&${line}`));
      const escaped = [base64.replaceAll('/', '\\/'), encodeURIComponent(base64)];
      return [base64, bytes.toString('base64url'), ...escaped, ...broken];
    }),
    Buffer.from(secret).toString('hex'),
    Buffer.from(secret).toString('hex').toUpperCase(),
    secret.toUpperCase(),
    JSON.stringify(JSON.stringify({ key: secret })),
  );

describe('the real key in an answer', () => {
  it('never passes, wherever the answer is cut into pieces; all else passes as it is', () => {
    const parts = fc.array(
      fc.constantFrom(REAL, REAL.slice(0, 7), 'sk-', 's', 'text é', '\n\n', REAL + REAL, '\\', '%7', '\\u00'),
    );
    fc.assert(
      fc.property(parts, fc.array(fc.nat(200)), (texts, cuts) => {
        const standIn = throwAwayKey(REAL);
        const text = texts.join('');
        const pieces = cutInto(Buffer.from(text), cuts);
        expect(pass(pieces, standIn).toString()).toBe(text.replaceAll(REAL, standIn));
      }),
    );
  });

  it('never passes encoded or escaped, nor do other secrets; the length stays the same', () => {
    const echo = fc.oneof(...[REAL, TENANT].flatMap((secret) => [encoded(secret), escaped(secret)]));
    fc.assert(
      fc.property(echo, fc.array(fc.nat(250)), (text, cuts) => {
        const body = Buffer.from(`{"error":"wrong key ${text} given"}`);
        const passed = pass(cutInto(body, cuts), throwAwayKey(REAL));
        expect(passed).toHaveLength(body.length);
        expect(passed.toString()).toMatch(/^{"error":"wrong key .* given"}$/s);
        for (const reading of readings(passed.toString('latin1'))) {
          for (const secret of [REAL, TENANT])
            expect(reading.toLowerCase()).not.toContain(secret.slice(2, -2).toLowerCase());
        }
      }),
      { numRuns: 500 },
    );
  });

  it('is replaced by the throw-away key, in the same encoding', () => {
    const standIn = throwAwayKey(REAL);
    const base64 = (key: string) => Buffer.from(`user:${key}`).toString('base64');
    expect(formsFor(standIn).hide(`Bearer ${REAL}`)).toBe(`Bearer ${standIn}`);
    const hidden = formsFor(standIn).hide(base64(REAL));
    expect(Buffer.from(hidden, 'base64').toString()).toContain(standIn.slice(1, -1));
  });

  it('of a kilobyte is hidden as well', () => {
    const real = `eyJ${'aB3_'.repeat(300)}`;
    const forms = new SecretForms([{ real, standIn: throwAwayKey(real) }]);
    const swap = new KeySwap(forms);
    const text = `"${real}" "${Buffer.from(real).toString('base64')}"`;
    const passed = [...text].map((character) => swap.take(Buffer.from(character)).toString()).join('');
    expect(passed + swap.rest()).not.toContain(real.slice(0, 40));
    expect(Buffer.from(passed.split('"')[3] ?? '', 'base64').toString()).not.toContain(real.slice(3, 40));
  });

  it('delays only pieces that end like it', () => {
    const swap = new KeySwap(formsFor(throwAwayKey(REAL)));
    for (const text of ['data: {"a":1}\n\n', 'data: {"a":"\\u4f60\\u597d 100%"}\n\n', 'a ward.']) {
      expect(swap.take(Buffer.from(text)).toString()).toBe(text);
    }
    expect(swap.rest()).toHaveLength(0);
  });

  it('is left alone if it is too short to be distinguished from other text', () => {
    const forms = new SecretForms([{ real: 'key', standIn: throwAwayKey('key') }]);
    expect(new KeySwap(forms).take(Buffer.from('a key')).toString()).toBe('a key');
    expect(forms.hide('a key')).toBe('a key');
  });
});

describe('the throw-away key', () => {
  it('is different each time, and as long as the real one', () => {
    for (const length of [16, 22, 40, 164]) {
      const real = 'k'.repeat(length);
      expect(throwAwayKey(real)).toMatch(/^sk-/);
      expect(throwAwayKey(real)).toHaveLength(length);
      expect(throwAwayKey(real)).not.toBe(throwAwayKey(real));
    }
    expect(throwAwayKey('short').length).toBeGreaterThan(40);
  });
});
