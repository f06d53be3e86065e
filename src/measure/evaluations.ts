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

export interface ReadEvaluations {
  /** Null where there are problems. */
  readonly evaluations: NonNullable<Measurement['evaluations']> | null;
  readonly problems: readonly string[];
  readonly notes: readonly string[];
}

/**
 * Compares the first run of each test on both arms, the second, and so on.
 * @param name of the file, for messages
 */
export function parseEvaluations(text: string, name: string): ReadEvaluations {
  const { lines, problems, warnings } = parseJsonLines(text, name, lineSchema, 'test');
  const runs = new Map<string, Evaluation[]>();
  for (const { value } of lines) runs.set(value.test, [...(runs.get(value.test) ?? []), value]);
  const pairs = [...runs.values()].flatMap(pairsOf);
  const none = `${name}: no test has a score on both arms; expected lines such as {"test":"t1","arm":"gateway","score":1}`;
  const found = problems.length === 0 && pairs.length === 0 ? [none] : problems;
  const differences = pairs.reduce<Steps>((sum, pair) => addSteps(sum, [[stepOf(pair), 1]]), []);
  const alone = lines.length - 2 * pairs.length;
  const file = createHash('sha256').update(text).digest('hex').slice(0, 16);
  const notes =
    alone > 0 ? [`${name}: ${alone} of ${lines.length} scores have no counterpart on the other arm.`] : [];
  const evaluations = found.length === 0 ? { file, differences } : null;
  return { evaluations, problems: found, notes: [...warnings, ...notes] };
}

/** By how much the gateway's score is lower, run by run. */
function pairsOf(runs: readonly Evaluation[]): number[] {
  const [official, gateway] = ARMS.map((arm) => runs.filter((run) => run.arm === arm));
  return (official ?? []).flatMap(({ score }, run) => {
    const other = gateway?.[run];
    return other === undefined ? [] : [score - other.score];
  });
}
