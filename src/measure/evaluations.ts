/** The team's own evaluations: one line for each run of a test on an arm, with its score. */
import { createHash } from 'node:crypto';
import { z } from 'zod';
import { ARMS } from '../config/arms.ts';
import { addSteps, type Steps, stepOf } from './differences.ts';
import { parseJsonLines } from './json-lines.ts';
import type { Measurement } from './measurement.ts';

const NAME = 'the name of the test';
const SCORE = 'a score from 0 to 1, or true or false for a test that passes or fails';
const lineSchema = z.object({
  test: z.string({ error: NAME }).min(1, { error: NAME }),
  arm: z.enum(ARMS, { error: `one of ${ARMS.join(', ')}` }),
  score: z
    .union([z.number(), z.boolean().transform(Number)], { error: SCORE })
    .refine((score) => score >= 0 && score <= 1, { error: SCORE }),
});
type Evaluation = z.output<typeof lineSchema>;

type CountedEvaluations = NonNullable<Measurement['evaluations']>;

export interface ReadEvaluations {
  /** Null where there are problems. */
  readonly evaluations: CountedEvaluations | null;
  readonly problems: readonly string[];
  readonly notes: readonly string[];
}

/**
 * Compares the first run of each test on both arms, the second, and so on.
 * @param name of the file, for messages
 * @param last what was counted before: lines that are still there do not count again
 */
export function parseEvaluations(text: string, name: string, last?: CountedEvaluations): ReadEvaluations {
  const { lines, problems, warnings } = parseJsonLines(text, name, lineSchema, 'test');
  const written = text.split('\n');
  const nameOf = (first: number) =>
    createHash('sha256').update(written.slice(0, first).join('\n')).digest('hex').slice(0, 16);
  const counted = last !== undefined && nameOf(last.lines) === last.file ? last.lines : 0;
  const waiting = new Map<string, readonly Evaluation[]>();
  let [differences, pairs]: [Steps, number] = [[], 0];
  for (const { line, value } of lines) {
    const [first, ...others] = waiting.get(value.test) ?? [];
    if (first === undefined || first.arm === value.arm) {
      waiting.set(value.test, [...(waiting.get(value.test) ?? []), value]);
      continue;
    }
    waiting.set(value.test, others);
    pairs += 1;
    const lower = (first.score - value.score) * (first.arm === 'official' ? 1 : -1);
    if (line > counted) differences = addSteps(differences, [[stepOf(lower), 1]]);
  }
  const none = `${name}: no test has a score on both arms; expected lines such as {"test":"t1","arm":"gateway","score":1}`;
  const found = problems.length === 0 && pairs === 0 ? [none] : problems;
  const all = lines.at(-1)?.line ?? 0;
  const alone = lines.length - 2 * pairs;
  const notes = [
    ...(counted === all ? [`${name}: nothing new; its lines are counted already.`] : []),
    ...(alone > 0
      ? [`${name}: ${alone} of ${lines.length} scores have no counterpart on the other arm.`]
      : []),
  ];
  const evaluations = found.length === 0 ? { file: nameOf(all), lines: all, differences } : null;
  return { evaluations, problems: found, notes: [...warnings, ...notes] };
}
