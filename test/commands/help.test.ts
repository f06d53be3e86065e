import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { helpColumns, helpEntry, helpNotes } from '../../src/commands/help.ts';
import { HELP_NOTES } from '../../src/commands/help-notes.ts';
import { wrapped } from '../../src/report/printer.ts';
import { builtBundle, runNode } from '../support/bundle.ts';

/** Lines that are wider, but for those that are one long word. */
const tooWide = (text: string, columns: number): string[] =>
  text.split('\n').filter((line) => line.length > columns && line.trim().includes(' '));

test.each([40, 60, 80, 200])('the notes of every command fit %i columns', (columns) => {
  for (const notes of Object.values(HELP_NOTES)) {
    const text = helpNotes(notes, helpColumns(columns));
    expect(tooWide(text, Math.min(100, columns))).toEqual([]);
    expect(text).toMatch(/^Exit code: /m);
  }
});

test('an option is beside its text if there is room, or else above it', () => {
  const option = ['--fault <spec>', 'break a request, e.g. 503@2; may be repeated'] as const;
  expect(helpEntry(option, 16, 60)).toBe(
    '  --fault <spec>    break a request, e.g. 503@2; may be\n                    repeated',
  );
  expect(helpEntry(option, 16, 40)).toBe(
    '  --fault <spec>\n      break a request, e.g. 503@2; may\n      be repeated',
  );
});

describe('sentences on a terminal', () => {
  test('no line is wider than the terminal, and no word is lost or cut', () => {
    const words = fc.array(fc.stringMatching(/^[a-z.:/]{1,50}$/), { maxLength: 40 });
    fc.assert(
      fc.property(words, fc.integer({ min: 0, max: 120 }), (said, columns) => {
        const text = wrapped(said.join(' '), columns);
        expect(tooWide(text, Math.max(40, columns))).toEqual([]);
        expect(text.split(/\s+/).filter(Boolean)).toEqual(said);
      }),
    );
  });

  test('continuation lines are indented, so that each problem stands out', () => {
    expect(
      wrapped('error: the key is missing. Set GATEWAY_API_KEY in the environment.\nnote: short\n', 40),
    ).toBe('error: the key is missing. Set\n  GATEWAY_API_KEY in the environment.\nnote: short\n');
  });
});

test('no help shows a meaningless default', async () => {
  const script = `${builtBundle()}/cli.js`;
  const commands = ['check', 'inventory', 'exec', 'observe', 'judge', 'config'];
  const helps = await Promise.all(
    commands.map((command) => runNode(script, [command, '--help'], { cwd: '.', environment: {} })),
  );
  for (const { exitCode, stdout } of helps) {
    expect(exitCode).toBe(0);
    expect(stdout).not.toContain('[]');
    expect(tooWide(stdout, 80)).toEqual([]);
  }
});

test('the help of observe names every variable that is read', () => {
  expect(helpNotes(HELP_NOTES.observe, 80)).toMatchSnapshot();
});
