/** What a team's own program may do when it is asked which of two answers is better. */
import { describe, expect, it } from 'vitest';
import { Scorer } from '../../../src/commands/exec/scorer.ts';

const says = (text: string) => ({ text, refusal: '', calls: [] });
const OURS = says('official');
const THEIRS = says('gateway');
const scorer = (line: string, timeLimit = 30_000) =>
  new Scorer({
    command: ['sh', '-c', line],
    directory: import.meta.dirname,
    environment: { PATH: process.env.PATH ?? '' },
    timeLimit,
  });

describe('a scorer', () => {
  it.each([
    [
      'prefers the official words wherever they stand',
      `grep -q '"first":"official"' && echo -2 || echo 0.5`,
      'official',
    ],
    [
      'prefers the other words wherever they stand',
      `grep -q '"first":"official"' && echo 1 || echo -1`,
      'gateway',
    ],
    ['sees no difference', 'cat >/dev/null; echo 0', 'tie'],
    ['reads nothing and answers', 'echo 0', 'tie'],
  ])('that %s', async (_, line, expected) => {
    const { score, unscored } = scorer(line);
    const verdicts = await Promise.all(Array.from({ length: 8 }, () => score({}, OURS, THEIRS)));
    expect([...new Set(verdicts), unscored]).toEqual([expected, {}]);
  });

  it('that always prefers the first text prefers neither arm', async () => {
    const { score } = scorer('echo -1');
    const verdicts = await Promise.all(Array.from({ length: 48 }, () => score({}, OURS, THEIRS)));
    const official = verdicts.filter((verdict) => verdict === 'official').length;
    expect([official > 6, official < 42, verdicts.includes('tie')]).toEqual([true, true, false]);
  });

  it.each([
    ['ends with an error', 'exit 4', 'exit code 4'],
    ['prints no number', 'echo official', 'no number on standard output'],
    ['prints nothing', 'true', 'no number on standard output'],
    ['prints far too much', 'yes', 'ERR_CHILD_PROCESS_STDIO_MAXBUFFER'],
    ['is ended', 'kill -9 $$', 'SIGKILL'],
  ])('that %s gives no verdict', async (_, line, why) => {
    const { score, unscored } = scorer(line);
    expect(await score({}, OURS, THEIRS)).toBeUndefined();
    expect(unscored).toEqual({ [why]: 1 });
  });

  it('that takes too long is ended', async () => {
    const { score, unscored } = scorer('sleep 600 & wait', 100);
    expect(await score({}, OURS, THEIRS)).toBeUndefined();
    expect(unscored).toEqual({ 'no answer within 0.1 s': 1 });
  });

  it('that is not there gives no verdict', async () => {
    const { score, unscored } = new Scorer({
      command: ['./no-such-scorer'],
      directory: '/',
      environment: {},
      timeLimit: 1000,
    });
    expect(await score({}, OURS, THEIRS)).toBeUndefined();
    expect(unscored).toEqual({ ENOENT: 1 });
  });

  it('is not asked about equal answers', async () => {
    const { score, unscored } = scorer('exit 4');
    expect([await score({}, OURS, says('official')), unscored]).toEqual(['tie', {}]);
  });

  it('of which too many pairs wait gets no more, and none after the run ended', async () => {
    const busy = scorer('echo 1');
    const asked = Array.from({ length: 300 }, () => busy.score({}, OURS, THEIRS));
    busy.stop();
    await Promise.all(asked);
    expect(Object.keys(busy.unscored)).toEqual(['more than 256 pairs waited', 'the run ended']);
  });
});
