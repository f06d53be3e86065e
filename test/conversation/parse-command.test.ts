import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { COMMAND_FORMS } from '../../src/conversation/command-help.ts';
import { parseCommand } from '../../src/conversation/parse-command.ts';
import type { Command } from '../../src/rollout/command.ts';
import { anyCharacter } from '../support/any-character.ts';
import { cpuMilliseconds } from '../support/cpu-time.ts';

const advance: Command = { kind: 'advance', to: null, dryRun: false };
const problemOf = (text: string) => {
  const command = parseCommand(text);
  return command?.kind === 'unclear' ? command.problem : command;
};

const UNDERSTOOD: readonly (readonly [written: string, command: Command])[] = [
  ['/advance-rollout', advance],
  ['/advance-rollout to 25%', { kind: 'advance', to: '25%', dryRun: false }],
  ['/advance-rollout to fast: 5% --dry-run', { kind: 'advance', to: 'fast: 5%', dryRun: true }],
  ['/advance-rollout to "fast: 5%"', { kind: 'advance', to: 'fast: 5%', dryRun: false }],
  ['/advance-rollout --force --reason "by hand"', { kind: 'force', to: null, reason: 'by hand' }],
  ['/advance-rollout to 25% --reason by hand --force', { kind: 'force', to: '25%', reason: 'by hand' }],
  ['/rollback-rollout', { kind: 'rollback', to: null, reason: null, problem: null }],
  ['/rollback-rollout to 5% --reason=slow', { kind: 'rollback', to: '5%', reason: 'slow', problem: null }],
  ['/pause-rollout --reason "release freeze"', { kind: 'pause', reason: 'release freeze', problem: null }],
  ['/resume-rollout', { kind: 'resume' }],
  ['/retry-rollout', { kind: 'retry' }],
  ['/abort-rollout', { kind: 'abort', reason: null }],
  ['/rollout-status', { kind: 'status' }],
  ['/rollout-status please', { kind: 'status' }],
  ['/rollout-help', { kind: 'help' }],
  ['/start-rollout', { kind: 'start', name: null }],
  ['/start-rollout assistant', { kind: 'start', name: 'assistant' }],
];

describe('a comment with a command', () => {
  it.each(UNDERSTOOD)('%s', (written, command) => {
    expect(parseCommand(written)).toEqual(command);
  });

  it('is found on any line, whatever its case, line ends and indentation', () => {
    expect(parseCommand('Looks good.\r\n\r\n  /ADVANCE-Rollout  \r\nThanks!')).toEqual(advance);
    expect(parseCommand('/advance-rollout.')).toEqual(advance);
  });

  it('understands quotes and hyphens as phones and word processors write them', () => {
    expect(parseCommand('/advance-rollout —force —reason “it’s fine, see --force”')).toEqual({
      kind: 'force',
      to: null,
      reason: 'it’s fine, see --force',
    });
    expect(parseCommand('/rollback-rollout --reason „zu langsam“')).toMatchObject({ reason: 'zu langsam' });
  });

  it('reads the words after a rollback as its reason, because people write it in a hurry', () => {
    const command = { kind: 'rollback', to: null, reason: 'answers in the wrong language', problem: null };
    expect(parseCommand('/rollback-rollout answers in the wrong language')).toEqual(command);
    expect(parseCommand('/rollback-rollout --reason "answers in the wrong language')).toEqual(command);
  });

  it('may repeat itself', () => {
    expect(parseCommand('/advance-rollout\n\n/advance-rollout')).toEqual(advance);
  });

  it('runs the one that takes traffic back, and none of the others', () => {
    expect(parseCommand('/advance-rollout\n/rollback-rollout')).toMatchObject({ kind: 'rollback' });
    expect(problemOf('/advance-rollout\n/pause-rollout')).toEqual({
      kind: 'several_commands',
      commands: ['/advance-rollout', '/pause-rollout'],
    });
  });

  it('takes all traffic back where several say so, even if the person may run only one of them', () => {
    const all = { kind: 'rollback', to: null };
    expect(parseCommand('/rollback-rollout to 25%\n/rollback-rollout')).toMatchObject(all);
    expect(parseCommand('/abort-rollout\n/rollback-rollout --reason "errors"')).toMatchObject({
      ...all,
      reason: 'errors',
      problem: {
        kind: 'several_commands',
        commands: ['/abort-rollout', '/rollback-rollout --reason "errors"'],
      },
    });
    expect(parseCommand('/advance-rollout\n/abort-rollout')).toMatchObject({ kind: 'abort' });
  });

  it('may stand behind another one on the same line', () => {
    const rollback = { kind: 'rollback', to: null, reason: null };
    expect(parseCommand('/pause-rollout /rollback-rollout')).toMatchObject(rollback);
    expect(parseCommand('/rollback-rollout and /pause-rollout')).toMatchObject(rollback);
    expect(parseCommand('/advance-rollout, /rollback-rollout --reason slow')).toMatchObject({
      reason: 'slow',
    });
    expect(problemOf('/advance-rollout /pause-rollout')).toMatchObject({ kind: 'several_commands' });
  });
});

describe('text that is not a command', () => {
  it.each([
    ['a quote', '> /advance-rollout'],
    ['indented code', 'So:\n\n    /advance-rollout'],
    ['a tab', '\t/advance-rollout'],
    ['fenced code', '```\n/advance-rollout\n```'],
    ['code in tildes', '~~~text\n/advance-rollout\n```\n/advance-rollout\n~~~'],
    ['a fence that is never closed', '````\n```\n/advance-rollout'],
    ['inline code', '`/advance-rollout`'],
    ['inline code over lines', 'see `one\n/advance-rollout\ntwo`'],
    ['an HTML comment', '<!--\n/advance-rollout\n-->'],
    ['HTML code', '<pre>\n/advance-rollout\n</pre>'],
    ['a path', '/advance-rollout/now'],
    ['nothing', ''],
  ])('%s', (_, text) => {
    expect(parseCommand(text)).toBeNull();
  });

  it.each([
    ['a path', 'see /docs/advance-rollout or ./advance-rollout'],
    ['a file', 'in /advance-rollout.md'],
    ['an address', 'https://example.com/advance-rollout'],
    ['a link', '[/advance-rollout](https://example.com)'],
    ['a link to it', 'see [the docs](/advance-rollout)'],
    ['a path upwards', 'in ../advance-rollout'],
    ['a query', 'example.com?next=/advance-rollout'],
    ['talk', 'The rollout status is fine, and the rollback of the rollout was quick'],
    ['code in a sentence', 'write `/advance-rollout` then'],
    ['a quoted list', '> - /advance-rollout'],
  ])('%s inside of a sentence', (_, text) => {
    expect(parseCommand(text)).toBeNull();
  });

  it.each([
    '/retest',
    '/lgtm',
    '/approve',
    '/retry',
    '/status',
    '/help',
    '/start',
    '/hold',
    '/deploy prod',
    '/etc',
  ])("another bot's %s", (text) => {
    expect(parseCommand(text)).toBeNull();
  });

  it('does not hide a command outside of it', () => {
    expect(parseCommand('> /rollback-rollout\n\n```\ncode\n```\n<!-- note -->\n/advance-rollout')).toEqual(
      advance,
    );
    expect(parseCommand('a lone ` backtick\n\n/advance-rollout')).toEqual(advance);
  });
});

describe('a command that looks right', () => {
  it.each([
    ['a hyphen of a word processor', '/rollback\u2010rollout'],
    ['a dash', '/rollback–rollout'],
    ['a minus sign', '/rollback\u2212rollout'],
    ['a soft hyphen', '/roll\u00adback-rollout'],
    ['a space of no width', '\u200b/rollback\u200b-rollout'],
    ['a word joiner and a byte order mark', '\ufeff/rollback-\u2060rollout'],
    ['full width', '／ｒｏｌｌｂａｃｋ－ｒｏｌｌｏｕｔ'],
    ['Cyrillic and Greek letters', '/rоllbасk-rοllоut'],
    ['Cyrillic capitals', '/RОLLBАСK-RОLLОUT'],
    ['a long vowel of a Japanese keyboard', '/rollbackーrollout'],
    ['a hyphen bullet', '/rollback\u2043rollout'],
    ['a variation selector', '/rollback-rollout\ufe0f'],
    ['a filler of a Korean keyboard', '\u3164/rollback-rollout'],
    ['a joiner of letters', '/rollback\u034f-rollout'],
    ['a blank of braille', '\u2800/rollback-rollout'],
    ['a control character', '\b/rollback-rollout'],
    ['a null character', '\0/rollback-rollout'],
    ['escaped marks', '\\/rollback\\-rollout'],
    ['a fraction slash', '\u2044rollback-rollout'],
    ['a space of a web page', '\u00a0/rollback-rollout'],
    ['after a log as a list item', 'See:\n\n- ```\n  HTTP 500\n  ```\n\n/rollback-rollout'],
    ['directly below a list', '- HTTP 500\n/rollback-rollout'],
    ['directly below a quote', '> HTTP 500\n/rollback-rollout'],
    ['directly below a fold', '<details>\nlog\n</details>\n/rollback-rollout'],
  ])('%s is heard', (_, text) => {
    expect(parseCommand(text)).toMatchObject({ kind: 'rollback', to: null, problem: null });
  });

  it.each([
    ['/advance-rollout \u2010\u2010force ――reason x', { kind: 'force', reason: 'x' }],
    ['/advance-rollout \u2013dry\u2011run', { kind: 'advance', dryRun: true }],
    ['/advance-rollout －－ｆｏｒｃｅ －－ｒｅａｓｏｎ x', { kind: 'force', reason: 'x' }],
    ['/rollback-rollout --reason=slow', { kind: 'rollback', reason: 'slow' }],
    ['/rollback-rollout \u2014reason=slow', { kind: 'rollback', reason: 'slow' }],
    ['/rollback-rollout --reason 「遅い 答え」', { kind: 'rollback', reason: '遅い 答え' }],
    ['/advance-rollout to ２５％', { kind: 'advance', to: '２５％' }],
  ])('%j has options', (text, command) => {
    expect(parseCommand(text)).toMatchObject(command);
  });

  it.each([
    ['bold', '**/rollback-rollout**'],
    ['a list mark', '- /rollback-rollout'],
    ['a number', '1. /rollback-rollout'],
    ['a box', '- [ ] /rollback-rollout'],
    ['a heading', '# /rollback-rollout'],
    ['italics', '_/rollback-rollout_'],
    ['underscores', '__/rollback-rollout__'],
    ['struck out', '~~/rollback-rollout~~'],
    ['an emoji', '🚨/rollback-rollout'],
    ['brackets', '[/rollback-rollout]'],
    ['Japanese brackets', '「/rollback-rollout」'],
    ['Chinese without a space', '请运行/rollback-rollout谢谢'],
    ['a dash', 'Errors—/rollback-rollout'],
    ['an ellipsis', 'Errors…/rollback-rollout'],
    ['a backtick that is never closed', '`/rollback-rollout'],
    ['a footnote', 'a[^1]\n\n[^1]: /rollback-rollout'],
    ['a table without edges', 'do | by\n---|---\n/rollback-rollout | ops'],
    ['a list below another command', '/rollout-status\n\n- /rollback-rollout'],
    ['bold below a raise', '/advance-rollout\n\n**/rollback-rollout**'],
    ['a mention', '@gateway-rollout /rollback-rollout'],
    ['a sentence', 'please run /rollback-rollout now'],
    ['a table', '| do |\n|---|\n| /rollback-rollout |'],
    ['quotation marks', '“/rollback-rollout”'],
    ['a space after the slash', '/ rollback-rollout'],
    ['an HTML comment before it', '<!-- x --> /rollback-rollout'],
    ['a deep indentation', 'so\n     /rollback-rollout'],
  ])('%s is answered', (_, text) => {
    expect(parseCommand(text)).toEqual({
      kind: 'unclear',
      problem: { kind: 'misplaced', command: '/rollback-rollout' },
      meant: 'rollback',
    });
  });
});

it('a rollback that a raise only talks about does not stop it', () => {
  expect(parseCommand('/advance-rollout\nIf errors rise I will /rollback-rollout.')).toEqual(advance);
});

describe('the original below an e-mail reply', () => {
  const reply = (text: string) =>
    `Thanks.\n\nFrom: Ann Other\nSent: Monday, November 2, 2026 12:00\nTo: acme/shop\n\n${text}\n`;

  it.each(['/rollback-rollout', '/pause-rollout', '/abort-rollout'])('%s is done', (text) => {
    expect(parseCommand(reply(text))).toEqual(parseCommand(text));
  });

  it.each(['/advance-rollout', '/advance-rollout --force --reason x', '/resume-rollout', '/retry-rollout'])(
    '%s is answered',
    (text) => {
      expect(parseCommand(reply(text))).toEqual({
        kind: 'unclear',
        problem: { kind: 'in_original', written: text },
        meant: parseCommand(text)?.kind,
      });
    },
  );

  it('does not hide the command of the reply', () => {
    expect(parseCommand(`/resume-rollout\n${reply('/advance-rollout')}`)).toEqual({ kind: 'resume' });
  });

  it('/advance-rollout with marks behind it is answered', () => {
    expect(problemOf('/advance-rollout?!')).toEqual({ kind: 'misplaced', command: '/advance-rollout' });
  });

  it('ignores talk about commands', () => {
    expect(parseCommand(reply('Comment /advance-rollout to continue.'))).toBeNull();
  });
});

describe('a malformed command', () => {
  it.each([
    ['/advance-rollot', '/advance-rollout'],
    ['/rollout-advance', '/advance-rollout'],
    ['/rollback', '/rollback-rollout'],
    ['/status-rollout', '/rollout-status'],
    ['/celebrate-rollout', null],
    ['/revert-rollout', '/rollback-rollout'],
    ['/rollout-stop', '/pause-rollout'],
    ['/cancel-rollout', '/abort-rollout'],
    ['/promote-rollout', '/advance-rollout'],
    ['/rollback_rollout', '/rollback-rollout'],
    ['/roll-back-roll-out', '/rollback-rollout'],
    ['/rollback rollout', '/rollback-rollout'],
    ['/roll back rollout', '/rollback-rollout'],
    ['/rollout rollback', '/rollback-rollout'],
    ['/retry rollout', '/retry-rollout'],
    ['/rollback.rollout', '/rollback-rollout'],
    ['/rollback/rollout', '/rollback-rollout'],
    ['!rollback-rollout', '/rollback-rollout'],
    ['//rollback-rollout', '/rollback-rollout'],
    ['rollback-rollout', '/rollback-rollout'],
  ])('%s: did you mean %s?', (written, suggestion) => {
    expect(problemOf(written)).toEqual({ kind: 'unknown_command', written, suggestion });
  });

  it.each([
    ['/advance-rollout --froce', { kind: 'unknown_option', written: '--froce', suggestion: '--force' }],
    ['/advance-rollout 25%', { kind: 'unknown_option', written: '25%', suggestion: 'to 25%' }],
    ['/resume-rollout now', { kind: 'unknown_option', written: 'now' }],
    ['/advance-rollout to', { kind: 'missing_value', option: 'to' }],
    ['/abort-rollout --reason', { kind: 'missing_value', option: '--reason' }],
    ['/abort-rollout --now', { kind: 'unknown_option', written: '--now' }],
    ['/advance-rollout --force', { kind: 'reason_needed' }],
    ['/advance-rollout --force --dry-run --reason x', { kind: 'options_conflict' }],
  ])('%s', (written, problem) => {
    expect(problemOf(written)).toMatchObject(problem);
  });
});

describe('a malformed command that stops the rollout', () => {
  it.each([
    ['/rollback-rollout --now', { kind: 'rollback', to: null, problem: { written: '--now' } }],
    ['/rollback-rollout --to 5%', { kind: 'rollback', to: null, problem: { written: '--to' } }],
    ['/rollback-rollout to', { kind: 'rollback', to: null, problem: { kind: 'missing_value' } }],
    ['/rollback-rollout to 5% --now', { kind: 'rollback', to: '5%', problem: { written: '--now' } }],
    ['/rollback-rollout --reason', { kind: 'rollback', reason: null, problem: { option: '--reason' } }],
    ['/rollback-rollout --reson slow', { kind: 'rollback', problem: { suggestion: '--reason' } }],
    ['/rollback-rollout now!!', { kind: 'rollback', to: null, reason: 'now!!', problem: null }],
    ['/rollback-rollout?!', { kind: 'rollback', to: null, reason: '?!' }],
    ['/rollback-rollout(at once)', { kind: 'rollback', to: null, reason: '(at once)' }],
    ['/pause-rollout --reason', { kind: 'pause', problem: { kind: 'missing_value' } }],
    ['/pause-rollout --force', { kind: 'pause', problem: { written: '--force' } }],
    ['/rollback-rollout --now\n/advance-rollout', { kind: 'rollback' }],
  ])('%s is run', (written, command) => {
    expect(parseCommand(written)).toMatchObject(command);
  });

  it.each(['/rollback-rollout/now', '/rollback-rollout.md'])('%s is none', (written) => {
    expect(parseCommand(written)).toBeNull();
  });
});

describe('the table of commands', () => {
  it('has an example for each form, which the parser understands', () => {
    for (const { example, permission } of COMMAND_FORMS) {
      expect(parseCommand(example)?.kind).toBe(permission);
    }
  });

  it('names each usage by its word', () => {
    expect(COMMAND_FORMS.every(({ word, usage }) => usage.startsWith(word))).toBe(true);
  });
});

describe('any text', () => {
  const line = fc.oneof(
    fc.string({ unit: anyCharacter }),
    fc.constantFrom(
      '```',
      '> ',
      '<!--',
      '-->',
      '`',
      '--reason "',
      '/advance-rollout',
      '/rollback-rollout to',
      '\r\n',
      '    ',
    ),
  );
  const text = fc.array(line, { maxLength: 30 }).map((parts) => parts.join(''));

  it('never makes the parser throw', () => {
    fc.assert(fc.property(text, (written) => void parseCommand(written)));
  });

  it('contains no command to run where no line begins with a slash', () => {
    // As a reader sees it: what nobody sees before a slash does not hide it, and neither does Markdown's escape.
    const unseen = String.raw`[\s\\\p{Cc}\p{Cf}\p{Default_Ignorable_Code_Point}\u2800]*`;
    const beginning = new RegExp(String.raw`(^|[\r\n])(${unseen})/`, 'gu');
    const without = text.map((written) => written.replace(beginning, '$1$2.'));
    fc.assert(
      fc.property(without, (written) => {
        fc.pre(written.search(beginning) < 0);
        expect(parseCommand(written)?.kind ?? 'unclear').toBe('unclear');
      }),
    );
  });

  it('contains no command where every line is quoted or code', () => {
    fc.assert(
      fc.property(text, (written) => {
        const lines = written.split(/\r\n|\r|\n/);
        expect(parseCommand(lines.map((each) => `> ${each}`).join('\n'))).toBeNull();
        expect(parseCommand(lines.map((each) => `    ${each}`).join('\n'))).toBeNull();
      }),
    );
  });

  it('is parsed in time proportional to its length', () => {
    for (const piece of ['`\n', '<!--', '<!---->', '` `` ', '/advance-rollout --reason "a ']) {
      const written = piece.repeat(65_000 / piece.length);
      expect(cpuMilliseconds(() => parseCommand(written))).toBeLessThan(1_500);
    }
  });
});
