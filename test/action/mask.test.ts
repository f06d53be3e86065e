import fc from 'fast-check';
import { expect, test } from 'vitest';
import { maskedForms } from '../../src/commands/action/mask.ts';
import { anyCharacter } from '../support/any-character.ts';

test('a secret is masked as it is, encoded, and line by line', () => {
  expect(maskedForms('a+b/c"d\n')).toMatchInlineSnapshot(`
    [
      "a+b/c"d
    ",
      "a+b/c"d",
      "YStiL2MiZAo=",
      "YStiL2MiZAo",
      "a%2Bb%2Fc%22d%0A",
      "a+b/c\\"d\\n",
    ]
  `);
});

test('every secret is masked itself, and nothing blank is masked', () => {
  const secrets = fc.string({ minLength: 1, unit: anyCharacter }).filter((secret) => secret.trim() !== '');
  fc.assert(
    fc.property(secrets, (secret) => {
      const forms = maskedForms(secret);
      expect(forms).toContain(secret);
      expect(forms.every((form) => form.trim() !== '')).toBe(true);
    }),
  );
});
