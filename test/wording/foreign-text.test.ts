/** What text from outside must never do where it is shown: on a terminal, in a log, in Markdown, in a commit. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { commitText, markdownBlock, markdownText, plainLine } from '../../src/wording/foreign-text.ts';
import { expectHarmless, hostileText } from '../rollout/harmless.ts';
import { cpuMilliseconds } from '../support/cpu-time.ts';

const words = fc
  .array(
    fc.oneof(
      hostileText,
      fc.constantFrom(
        '::error::',
        '##[error]',
        '#\u200b#[',
        '\u001b[31m',
        '\u001b]0;t\u0007',
        '\u009b2J',
        '\r',
      ),
      fc.constantFrom(
        '\u061c',
        '\u2067',
        '\u2028',
        '@\u200bteam',
        '</pre>',
        '](javascript:x)',
        'www.',
        '&#64;',
      ),
    ),
  )
  .map((parts) => parts.join(' '));

describe('text from outside', () => {
  it('is one line on a terminal, runs no workflow command, and reorders no text', () => {
    fc.assert(
      fc.property(words, (text) => {
        const line = plainLine(text, 200);
        expect([...line].length).toBeLessThanOrEqual(200);
        expect(line).not.toMatch(/\p{Cc}|\p{Zl}|\p{Zp}|[\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]/u);
        expect(line).not.toMatch(/(?:^|\s)::|##\[/);
      }),
    );
  });

  it('is plain text in Markdown', () => {
    fc.assert(fc.property(words, (text) => expectHarmless(markdownText(text))));
  });

  it('ends no block', () => {
    fc.assert(
      fc.property(fc.array(words), (lines) => {
        expect(markdownBlock(lines).slice('<pre>'.length, -'</pre>'.length)).not.toMatch(/[<>]/);
      }),
    );
  });

  it('mentions nobody and refers to nothing in a commit', () => {
    fc.assert(
      fc.property(words, (text) => {
        const line = commitText(text);
        expect(line).not.toMatch(/@[\p{L}\p{N}]|#\d|\bGH-\d|\n/iu);
      }),
    );
  });

  it('takes time only for its beginning, however long it is', () => {
    const text = ':: @#1\u001b[31m'.repeat(3_000_000);
    const time = cpuMilliseconds(() => {
      for (const told of [plainLine, markdownText, commitText])
        expect(told(text).length).toBeLessThan(10_000);
    });
    expect(time).toBeLessThan(500);
  });
});
