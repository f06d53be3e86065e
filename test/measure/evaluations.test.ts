import { describe, expect, it } from 'vitest';
import { parseEvaluations } from '../../src/measure/evaluations.ts';

const line = (test: string, arm: string, score: unknown) => `${JSON.stringify({ test, arm, score })}\n`;
const parse = (...lines: readonly string[]) => parseEvaluations(lines.join(''), 'evals.jsonl');

describe('evaluations', () => {
  it('compare each run of a test on both arms, whatever the order of the lines', () => {
    const { evaluations, notes } = parse(
      line('a', 'gateway', 0.25),
      line('b', 'official', true),
      line('a', 'official', 1),
      line('a', 'official', 0.5),
      line('b', 'gateway', false),
      line('c', 'official', 0.5),
      line('c', 'gateway', 0.5),
      line('a', 'gateway', 0.75),
    );
    // a: 0.75 lower, then 0.25 higher; b: 1 lower; c: a tie.
    expect(evaluations?.differences).toEqual([
      [-16, 1],
      [0, 1],
      [48, 1],
      [64, 1],
    ]);
    expect(notes).toEqual([]);
  });

  it('of which some are not on the other arm count without them, and say so', () => {
    const { evaluations, notes } = parse(
      line('a', 'official', 1),
      line('a', 'gateway', 1),
      line('a', 'gateway', 1),
      line('b', 'gateway', 1),
    );
    expect(evaluations?.differences).toEqual([[0, 1]]);
    expect(notes).toEqual(['evals.jsonl: 2 of 4 scores have no counterpart on the other arm.']);
  });

  it('count a line once, also where more are added to the file', () => {
    const first = [line('a', 'official', 1), line('a', 'gateway', 0), line('b', 'official', 1)];
    const more = [line('b', 'gateway', 1), line('a', 'gateway', 0), line('a', 'official', 0)];
    const before = parse(...first).evaluations ?? undefined;
    const after = parseEvaluations([...first, ...more].join(''), 'evals.jsonl', before);
    expect(before?.differences).toEqual([[64, 1]]);
    expect(after.evaluations?.differences).toEqual([[0, 2]]);
    const again = parseEvaluations(
      [...first, ...more].join(''),
      'evals.jsonl',
      after.evaluations ?? undefined,
    );
    expect(again.evaluations).toEqual({ ...after.evaluations, differences: [] });
    expect(parseEvaluations(more.join(''), 'evals.jsonl', before).evaluations?.differences).toEqual([[0, 1]]);
  });

  it('are known by what is in the file', () => {
    const [one, same, other] = [0, 0, 1].map((score) =>
      parse(line('a', 'official', 1), line('a', 'gateway', score)),
    );
    expect(one?.evaluations?.file).toBe(same?.evaluations?.file);
    expect(one?.evaluations?.file).not.toBe(other?.evaluations?.file);
  });

  it.each([
    ['not JSON', '{"test"\n', 'not JSON; expected one test per line'],
    ['without a name', '{"arm":"gateway","score":1}\n', 'test: the name of the test'],
    ['of no arm', line('a', 'control', 1), 'arm: one of official, gateway'],
    [
      'with a score that is too high',
      line('a', 'gateway', 5),
      'score: a score from 0 to 1, or true or false',
    ],
    ['without a score', '{"test":"a","arm":"gateway"}\n', 'score: a score from 0 to 1, or true or false'],
  ])('with a line that is %s are refused with its number', (_, wrong, expected) => {
    const { evaluations, problems } = parse(line('a', 'official', 1), line('a', 'gateway', 1), wrong);
    expect(evaluations).toBeNull();
    expect(problems).toEqual([expect.stringContaining(`evals.jsonl:3: ${expected}`)]);
  });

  it.each([
    ['nothing', []],
    ['one arm alone', [line('a', 'official', 1), line('b', 'official', 1)]],
    ['no test on both arms', [line('a', 'official', 1), line('b', 'gateway', 1)]],
  ])('of %s are refused: no data is not good data', (_, lines) => {
    const { evaluations, problems } = parse(...lines);
    expect([evaluations, problems]).toEqual([
      null,
      [expect.stringContaining('no test has a score on both arms')],
    ]);
  });
});
