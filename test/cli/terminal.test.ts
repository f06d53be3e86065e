import { clearLine, cursorTo, moveCursor } from 'node:readline';
import { PassThrough } from 'node:stream';
import { stripVTControlCharacters } from 'node:util';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { lineProgress, spinnerProgress } from '../../src/commands/progress.ts';
import { openTerminal, wantsColor } from '../../src/commands/terminal.ts';
import { probe } from '../report/check-reports.ts';

const failure = probe('stream.shape', {
  status: 'fail',
  summary: 'The stream ended\u001b[2J without [DONE].',
});

beforeEach(() => vi.stubEnv('CI', undefined));
afterEach(() => vi.unstubAllEnvs());

/** A stream that claims to be a terminal and keeps what is written. */
function fakeTerminal(isTTY: boolean) {
  const plain = new PassThrough();
  const stream = Object.assign(plain, {
    isTTY,
    columns: 60,
    cursorTo: (x: number) => cursorTo(plain, x),
    moveCursor: (dx: number, dy: number) => moveCursor(plain, dx, dy),
    clearLine: (direction: -1 | 0 | 1) => clearLine(plain, direction),
  });
  let written = '';
  stream.on('data', (text) => {
    written += text;
  });
  return { stream, written: () => written };
}

test('in a log, each probe that ran has a line of at most 80 columns without control characters', () => {
  const written: string[] = [];
  const progress = lineProgress((text) => written.push(text), 80);
  progress.report({ kind: 'begun', probes: 3, requests: 9, mostUsd: 0 });
  progress.report({ kind: 'started', id: 'stream.shape' });
  progress.report({ kind: 'finished', result: failure });
  progress.report({ kind: 'finished', result: probe('tools.call', { status: 'skip' }) });
  const summary = 'A wrong key is refused, but the status is 403 instead of 401, and it came after 6.2 s.';
  progress.report({ kind: 'finished', result: probe('auth.refused', { status: 'warn', summary }) });
  expect(written).toEqual([
    'FAIL stream.shape: The stream ended without [DONE].\n',
    'warn auth.refused: A wrong key is refused, but the status is 403 instead of\n     401, and it came after 6.2 s.\n',
  ]);
});

test('on a terminal, one line counts the finished probes, and failures stay visible', async () => {
  const { stream, written } = fakeTerminal(true);
  const progress = await spinnerProgress(stream, stream.columns);
  progress.report({ kind: 'begun', probes: 12, requests: 9, mostUsd: 0 });
  for (const id of ['chat.basic', 'stream.shape', 'stream.usage']) progress.report({ kind: 'started', id });
  progress.report({ kind: 'finished', result: probe('chat.basic') });
  progress.report({ kind: 'finished', result: failure });
  await vi.waitFor(() =>
    expect(stripVTControlCharacters(written())).toContain('2 of 12 probes · stream.usage'),
  );
  progress.stop();
  progress.stop();
  const text = stripVTControlCharacters(written());
  expect(text).toContain('FAIL stream.shape: The stream ended without [DONE].\n');
  expect(text).not.toContain('ok   chat.basic');
  // The cursor is shown again.
  expect(written().lastIndexOf('\u001b[?25h')).toBeGreaterThan(written().lastIndexOf('\u001b[?25l'));
});

test.each([
  [true, {}, true],
  [true, { CI: '1' }, false],
  [true, { TERM: 'dumb' }, false],
  [false, {}, false],
])('live progress only on a terminal: terminal %s, %o', async (isTTY, env, live) => {
  const { stream, written } = fakeTerminal(isTTY);
  const progress = await openTerminal({ stdout: stream, stderr: stream, env }).progress();
  progress.report({ kind: 'finished', result: probe('chat.basic') });
  progress.stop();
  await vi.waitFor(() => expect(written()).not.toBe(''));
  expect(written().includes('\u001b')).toBe(live);
});

test.each([
  ['a terminal', true, {}, true],
  ['a pipe', false, {}, false],
  ['NO_COLOR on a terminal', true, { NO_COLOR: '1' }, false],
  ['an empty NO_COLOR', true, { NO_COLOR: '' }, true],
  ['FORCE_COLOR in a pipe', false, { FORCE_COLOR: '1' }, true],
  ['FORCE_COLOR=0 on a terminal', true, { FORCE_COLOR: '0' }, false],
  ['a dumb terminal', true, { TERM: 'dumb' }, false],
])('colour: %s', (_, isTerminal, environment, expected) => {
  expect(wantsColor(isTerminal, environment)).toBe(expected);
});

test.each([
  [true, 'error: The key of the gateway is missing. Set it in\n  GATEWAY_API_KEY.\n'],
  [false, 'error: The key of the gateway is missing. Set it in GATEWAY_API_KEY.\n'],
])('a problem wraps between words on a terminal (%s), and stays one line in a log', (isTTY, expected) => {
  const { stream, written } = fakeTerminal(isTTY);
  const { stderr } = openTerminal({ stdout: stream, stderr: stream, env: {} });
  stderr('error: The key of the gateway is missing. Set it in GATEWAY_API_KEY.\n');
  expect(written()).toBe(expected);
});
