/** A result file in the shape of promptfoo's own types becomes evaluations by the command of the recipes' page. */
import { execFileSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import path from 'node:path';
import { expect, it } from 'vitest';
import { parseEvaluations } from '../../src/measure/evaluations.ts';
import { readDocument } from '../support/documents.ts';
import { temporaryDirectory } from '../support/files.ts';

/** One row of `results.results`; the real one also has the test, the prompt, the answer and its grading. */
const row = (testIdx: number, label: string, score: number, failureReason = score === 1 ? 0 : 1) => ({
  ...{ testIdx, promptIdx: label === 'official' ? 0 : 1, promptId: 'a1b2', score, failureReason },
  provider: { id: 'openai:chat:gpt-4o-mini', label },
  success: failureReason === 0,
  error: failureReason === 2 ? '503' : null,
  vars: { question: 'May I return it?' },
});

it("promptfoo's results become lines that observe reads", () => {
  const directory = temporaryDirectory();
  const results = [
    ...[row(0, 'official', 1), row(0, 'gateway', 0.5)],
    ...[row(1, 'official', 1), row(1, 'gateway', 3)],
    ...[row(2, 'official', 1), row(2, 'gateway', 0, 2)],
  ];
  const file = { evalId: 'eval-1', results: { version: 3, results, prompts: [], stats: {} }, config: {} };
  writeFileSync(path.join(directory, 'results.json'), JSON.stringify(file));
  const [command = ''] = /jq -c .*?evaluations\.jsonl/s.exec(readDocument('test/recipes/README.md')) ?? [];
  const print = command.replace('> evaluations.jsonl', '');
  const lines = execFileSync('sh', ['-c', print], { cwd: directory, encoding: 'utf8' });
  expect(lines.trim().split('\n')).toHaveLength(5);
  const { evaluations, problems, notes } = parseEvaluations(lines, 'evaluations.jsonl');
  expect([problems, notes.length]).toEqual([[], 1]);
  expect(evaluations?.differences).toEqual([
    [0, 1],
    [32, 1],
  ]);
});
