import { stripVTControlCharacters } from 'node:util';
import { expect, test } from 'vitest';
import { checkOnTerminal } from '../../src/report/check-terminal.ts';
import {
  HOSTILE,
  hostile,
  notReady,
  probe,
  ready,
  readyWithWarnings,
  report,
  skippedOnFork,
} from './check-reports.ts';

const narrow = { color: false, columns: 60 };

test('a ready gateway takes a few lines', () => {
  expect(checkOnTerminal(ready, narrow)).toMatchSnapshot();
});

test('warnings, accepted failures and the comparison are separate', () => {
  expect(checkOnTerminal(readyWithWarnings, narrow)).toMatchSnapshot();
});

test('the first failure leads with its fix, and its consequences are one line', () => {
  const text = checkOnTerminal(notReady, narrow);
  expect(text).toMatchSnapshot();
  expect(text.match(/because auth\.accepted/g)).toHaveLength(1);
});

test('a skipped check says that nothing was tested', () => {
  expect(checkOnTerminal(skippedOnFork, narrow)).toMatchSnapshot();
});

test('what a gateway says can neither colour, link nor command', () => {
  const text = checkOnTerminal(hostile, narrow);
  expect(text).toMatchSnapshot();
  expect(text).not.toContain('\u001b');
  expect(text).not.toContain('\u202e');
  expect(text).not.toContain('##[');
  expect(text.split('\n').filter((line) => /^\s*::/.test(line))).toEqual([]);
});

test('colour adds nothing that is not also a word', () => {
  const coloured = checkOnTerminal(notReady, { color: true, columns: 60 });
  expect(coloured).toContain('\u001b[');
  expect(stripVTControlCharacters(coloured)).toBe(checkOnTerminal(notReady, narrow));
});

test('lines fit a narrow terminal, except for a word that must stay whole', () => {
  const address = `https://gateway.example/${'a'.repeat(80)}`;
  const long = report({
    verdict: 'not-ready',
    reasonCode: 'chat.basic',
    probes: [
      probe('chat.basic', {
        status: 'fail',
        summary: 'many words '.repeat(30),
        fix: `See ${address} for more.`,
      }),
    ],
  });
  const tooWide = checkOnTerminal(long, narrow)
    .split('\n')
    .filter((line) => line.length > 60);
  expect(tooWide).toEqual([address]);
});

test('a long text from a gateway is cut', () => {
  const text = checkOnTerminal(
    report({ probes: [probe('chat.basic', { status: 'warn', summary: HOSTILE.repeat(1000) })] }),
    narrow,
  );
  expect(text.length).toBeLessThan(3000);
});
