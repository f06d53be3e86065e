import { expect, test } from 'vitest';
import { refusalLine, refusalSummary, skippedSummary } from '../../src/report/refusals.ts';
import { HOSTILE } from './check-reports.ts';

test('the summary of a check that was refused', () => {
  expect(refusalSummary(["The gateway's key is missing.", HOSTILE])).toMatchSnapshot();
});

test('the summary of each command says what did not happen', () => {
  const commands = ['check', 'inventory', 'config', 'exec', 'observe', 'app'] as const;
  const said = commands.map((command) => refusalSummary([], command).split('\n')[2]);
  expect(said).toMatchInlineSnapshot(`
    [
      "**The check did not run; no request was sent.**",
      "**The code was not scanned.**",
      "**The config is not valid.**",
      "**The command did not run; no request was sent.**",
      "**Nothing was stored; the next measurement starts where this one would have.**",
      "**The App did nothing.**",
    ]
  `);
});

test('hundreds of problems are cut, and the line of the job names the first', () => {
  const problems = Array.from({ length: 150 }, (_, at) => `problem ${at}`);
  expect(refusalSummary(problems)).toContain('- problem 99\n- … and 50 more');
  expect(refusalLine(problems)).toBe('150 problems; the first: problem 0');
  expect(refusalLine(['alone'])).toBe('alone');
});

test('a command that had nothing to do says why', () => {
  expect(skippedSummary('observe', 'Nothing new since <b>12:00</b>.')).toBe(
    '## ⏭️ Measurements\n\nNothing new since &lt;b&gt;12:00&lt;/b&gt;.\n',
  );
});
