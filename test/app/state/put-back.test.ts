/** Commits are named by the state that they hold: `s7`, and `f7` for a file that somebody pushed again. */
import { expect, it } from 'vitest';
import { compareWithLog } from '../../../app/state/put-back.ts';

const position = (sequence: number, blob = `s${sequence}`) => ({ started: 1, sequence, blob });
const stateAt = async (commit: string) => {
  const [, kind, digits = ''] = /^([sfx])(\d+)/.exec(commit) ?? [];
  if (kind === undefined) return 'none' as const;
  return kind === 'x' ? ('foreign' as const) : position(Number(digits), commit.replace(/^f/, 's'));
};
type Change = readonly [before: string | null, after: string | null, isPush?: boolean];

const compared = (state: string, head: string | null, ...changes: readonly Change[]) => {
  const foreign = changes.map(([before, after, isPush = false], at) => ({
    before,
    after,
    isPush,
    at: 2 + at,
  }));
  return compareWithLog(position(Number(state.slice(1, 2)), state), { head, foreign }, stateAt);
};

it.each([
  ['nobody else wrote', 's7', 's7', []],
  ['the log lags behind the own writes', 's7', 's5', []],
  ['somebody pushed another file', 's7', 'f7', [['s7', 'f7', true]]],
  [
    'the branch was forced back and restored',
    's7',
    's7',
    [
      ['s7', 's5'],
      ['s5', 's7'],
    ],
  ],
  [
    'the branch was deleted and made anew from the newest state',
    's7',
    's7',
    [
      ['s7', null],
      [null, 's7'],
    ],
  ],
  [
    'an old file was pushed, and the newest one again',
    's7',
    'f7',
    [
      ['s7', 'f5', true],
      ['f5', 'f7', true],
    ],
  ],
  ['what others wrote was taken away', 's7', 's7', [['x8', 's7']]],
] as const)('trusts the state where %s', async (_, state, head, changes) => {
  expect(await compared(state, head, ...changes)).toEqual({ kind: 'newest' });
});

it.each([
  ['the branch was forced back', 's5', 's5', [['s7', 's5']]],
  ['and has grown since', 's9-other', 's9-other', [['s7', 's5']]],
  [
    'the branch was made anew from an old state',
    's5',
    's5',
    [
      ['s7', null],
      [null, 's5'],
    ],
  ],
  [
    'an old file lies on the newest commit of a branch that was made anew',
    's5',
    'f5',
    [
      ['s7', null],
      [null, 'f5'],
    ],
  ],
  ['an old file was pushed over the newest one', 's5', 'f5', [['s7', 'f5', true]]],
  ['which was outgrown since', 's9-other', 's9-other', [['s7', 'f5', true]]],
  ['GitHub no longer has the commit', 's5', 's5', [['gone', 's5']]],
] as const)('does not trust the state where %s', async (_, state, head, changes) => {
  expect(await compared(state, head, ...changes)).toMatchObject({ kind: 'put_back' });
});

it.each([
  ['shows a newer state', 's5', 's7', []],
  ['does not show yet that the branch was restored', 's7', 's5', [['s7', 's5']]],
] as const)('reads again where the log %s', async (_, state, head, changes) => {
  expect(await compared(state, head, ...changes)).toEqual({ kind: 'unclear', newest: 7 });
});
