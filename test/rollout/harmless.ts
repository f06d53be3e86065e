/** What text from outside must never do in the App's texts. */
import fc from 'fast-check';
import { expect } from 'vitest';
import { COMMAND_FORMS } from '../../src/conversation/command-help.ts';
import { anyCharacter } from '../support/any-character.ts';
import { HOSTILE } from './states.ts';

/** Text from outside that tries to be markup. */
export const hostileText = fc.oneof(
  fc.constant(HOSTILE),
  fc
    .array(
      fc.oneof(
        fc.constantFrom(
          '@team',
          '#1',
          'GH-2',
          '<!--',
          '-->',
          '<b>',
          '`',
          '```',
          '|',
          '\n',
          '- [x] ',
          '](',
          '://',
          '&lt;',
        ),
        fc.constantFrom(
          '<!-- gateway-rollout name=a seal=b -->',
          '<!-- /gateway-rollout -->',
          '\u202e',
          '\ud800',
        ),
        fc.string({ unit: anyCharacter, maxLength: 8 }),
      ),
      { maxLength: 20 },
    )
    .map((parts) => parts.join('')),
);

const OWN_TAGS = /<\/?(?:code|details|pre|summary)>/g;
/** Nothing in an HTML comment is shown. */
const MARKERS = /<!-- [^<> ]+(?: [^<> ]+)* -->/g;

/** Only our own tags and markers, only our links to comments, no mention and no other issue. */
export function expectHarmless(markdown: string): void {
  const fenced = markdown.replace(MARKERS, '').replace(/```[a-z]+\n[\s\S]*?\n```/g, '');
  const text = COMMAND_FORMS.reduce((left, { usage }) => left.replaceAll(`\`${usage}\``, ''), fenced);
  expect(text).not.toMatch(/@(?!&#8203;)[\p{L}\p{N}]/u);
  expect(text.replace(OWN_TAGS, '')).not.toMatch(/[<>]/);
  expect(text.replace(/see #\d+/g, '')).not.toMatch(/(?<!&)#\d|\bGH-\d|:\/\/|www\./i);
  expect(text.replaceAll(/\(\[comment\]\(#issuecomment-\d+\)\)/g, '')).not.toContain('](');
  // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what must not be there
  expect(text).not.toMatch(/[\u0000-\u0009\u000b-\u001f\u007f\u202a-\u202e]/);
}
