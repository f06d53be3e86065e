/** The report of `exec` as Markdown, for the job's summary. */
import type { ExecReport } from '../measure/recorder/exec-report.ts';
import { markdownCode, markdownProse, markdownText } from '../wording/foreign-text.ts';
import { bulletList } from '../wording/markdown.ts';
import { execHeadline, execTable, sections } from './exec-sentences.ts';
import { markdownFigures } from './figure-table.ts';
import { firstLines } from './first-lines.ts';

const MOST_LINES = 50;

/** Both arms side by side, and their details. The same report gives the same text; foreign text renders as itself. */
export function execSummary(report: ExecReport): string {
  const mark = report.exitCode === 0 ? '✅' : '❌';
  const parts = [
    `## ${mark} Requests from ${markdownCode(report.command.join(' '), 100)}`,
    `**${markdownProse(execHeadline(report))}**`,
    markdownFigures(execTable(report)),
    ...sections(report).map(
      ({ title, lines }) =>
        `### ${title}\n\n${bulletList(firstLines(lines, MOST_LINES).map((line) => markdownText(line)))}`,
    ),
  ];
  return `${parts.join('\n\n')}\n`;
}
