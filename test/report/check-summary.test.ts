import { expect, test } from 'vitest';
import { checkSummary } from '../../src/report/check-summary.ts';
import {
  hostile,
  model,
  notReady,
  probe,
  ready,
  readyWithWarnings,
  report,
  skippedOnFork,
} from './check-reports.ts';

test('the summary of a ready gateway', () => {
  expect(checkSummary(ready)).toMatchSnapshot();
});

test('the summary with warnings, notes and a comparison', () => {
  expect(checkSummary(readyWithWarnings)).toMatchSnapshot();
});

test('the summary of a gateway that is not ready has the failing probes first', () => {
  const text = checkSummary(notReady);
  expect(text).toMatchSnapshot();
  expect(text.indexOf('auth.accepted')).toBeLessThan(text.indexOf('connection.reach'));
});

test('the summary of a skipped check', () => {
  expect(checkSummary(skippedOnFork)).toMatchSnapshot();
});

test('what a gateway says renders as itself: no table cell, tag, mention, link or line of its own', () => {
  const text = checkSummary(hostile);
  expect(text).toMatchSnapshot();
  expect(text).not.toContain('<img');
  // GitHub looks for no mentions in preformatted text.
  const formatted = text.replaceAll(/<pre>.*?<\/pre>/gs, '');
  expect(formatted).not.toMatch(/@\w/);
  expect(formatted).not.toContain('](');
  expect(text.match(/<\/pre>/g)).toHaveLength(1);
  const cells = text
    .split('\n')
    .filter((line) => line.startsWith('| ❌') || line.startsWith('| **'))
    .map((line) => line.split(' | ').length);
  expect(cells).toEqual([4, 6]);
});

test('the largest report stays far below what GitHub takes', () => {
  const long = '|'.repeat(20_000);
  const huge = report({
    verdict: 'not-ready',
    probes: Array.from({ length: 2000 }, (_, n) =>
      probe(`family${n}.question`, {
        status: 'fail',
        summary: long,
        fix: long,
        evidence: Array(500).fill(long),
      }),
    ),
    models: Array.from({ length: 5000 }, (_, n) => model(`${n}${long}`)),
  });
  const text = checkSummary(huge);
  expect(Buffer.byteLength(text)).toBeLessThan(768 * 1024);
  expect(text).toContain('see the JSON report');
});
