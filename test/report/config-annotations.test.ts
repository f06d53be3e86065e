import { expect, test } from 'vitest';
import type { ConfigProblem } from '../../src/config/problem.ts';
import { configAnnotations } from '../../src/report/config-annotations.ts';

const problem: ConfigProblem = {
  file: '.github/gateway-rollout.yml',
  line: 12,
  column: 5,
  path: 'rollout.stages[2]',
  message: 'the share falls from 25% to 5%',
  expected: 'a share of at least 25%',
  suggestion: '50%',
};

test('a problem of the config is shown at its line', () => {
  expect(configAnnotations([problem])).toMatchInlineSnapshot(`
    [
      {
        "location": {
          "file": ".github/gateway-rollout.yml",
          "startColumn": 5,
          "startLine": 12,
          "title": "gateway-rollout config",
        },
        "message": "rollout.stages[2]: the share falls from 25% to 5%. Expected a share of at least 25%. Did you mean "50%"?",
      },
    ]
  `);
});

test('a problem without a line is not an annotation', () => {
  expect(configAnnotations([{ ...problem, line: 0, column: 0 }])).toEqual([]);
});

test('only as many are sent as GitHub shows', () => {
  expect(configAnnotations(Array<ConfigProblem>(25).fill(problem))).toHaveLength(10);
});
