import { describe, expect, it, test } from 'vitest';
import { execTable, sections } from '../../src/report/exec-sentences.ts';
import { execSummary } from '../../src/report/exec-summary.ts';
import { execOnTerminal } from '../../src/report/exec-terminal.ts';
import { execReportPage } from '../../src/report/html/exec-report.ts';
import { BOTH, NOTHING, ONE, RECORDS } from './exec-reports.ts';
import { overviewIn, rollout } from './rollouts.ts';

test('the page of exec shows what the other reports show, and escapes foreign text', () => {
  const overview = overviewIn(rollout({ hours: 4 }));
  const page = execReportPage({ report: BOTH, overview, records: RECORDS });
  expect(page).toBe(execReportPage({ report: BOTH, overview, records: RECORDS }));
  const text = page.replace(/<style>.*?<\/style>/s, '').replace(/<script.*<\/script>/s, '');
  for (const line of sections(BOTH).flatMap(({ title, lines }) => [title, ...lines.slice(0, 1)]))
    if (!/[<>&'"@:]/.test(line)) expect(text).toContain(line);
  for (const [label] of execTable(BOTH).rows) expect(text).toContain(`<th scope="row">${label}</th>`);
  expect(text).toContain('&lt;b&gt;now&lt;/b&gt;');
  expect(text).not.toContain('<b>now');
  expect(execReportPage({ report: NOTHING, overview: null, records: [] })).not.toContain('class="plot"');
});

describe('the report of exec', () => {
  it('on a terminal: both arms side by side', () => {
    expect(execOnTerminal(BOTH, { color: false, columns: 100 })).toMatchSnapshot();
  });

  it.each([80, 60])('on a terminal of %i columns: one table, and the addresses above it', (columns) => {
    const lines = execOnTerminal(BOTH, { color: false, columns }).split('\n');
    const head = lines.findIndex((line) => /^ +Official +Gateway +Δ$/.test(line));
    const addresses = lines.findIndex((line) => line.startsWith('Base URL: '));
    expect(addresses).toBeGreaterThan(0);
    expect(head).toBeGreaterThan(addresses);
    expect(lines.filter((line) => /^ +Official +Gateway/.test(line))).toHaveLength(1);
    expect(Math.max(...lines.slice(head).map((line) => line.length))).toBeLessThanOrEqual(columns);
  });

  it('for one arm, and for a command that sent no requests', () => {
    expect(execOnTerminal(ONE, { color: false, columns: 80 })).toMatchSnapshot();
    expect(execOnTerminal(NOTHING, { color: false, columns: 80 })).toMatchSnapshot();
  });

  it('in colour says the same', () => {
    const colored = execOnTerminal(BOTH, { color: true, columns: 100 });
    expect(colored).toContain('\u001b[1m');
    // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is taken out
    expect(colored.replace(/\u001b\[\d+m/g, '')).toBe(execOnTerminal(BOTH, { color: false, columns: 100 }));
  });

  it('as a job summary', () => {
    expect(execSummary(BOTH)).toMatchSnapshot();
    expect(execSummary(ONE)).toMatchSnapshot();
  });

  it('foreign text cannot forge anything', () => {
    const terminal = execOnTerminal(BOTH, { color: false, columns: 100 });
    expect(terminal).not.toContain('\u001b');
    expect(terminal).not.toContain('::error::');
    expect(execSummary(BOTH)).not.toMatch(/<b>|@everyone/);
  });
});
