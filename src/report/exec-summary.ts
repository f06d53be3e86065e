/** The report of `exec` as Markdown, for the job's summary. */
import type { ArmRun, ExecReport } from '../measure/recorder/exec-report.ts';
import { markdownCode, markdownProse, markdownText } from '../wording/foreign-text.ts';
import { markdownTable } from '../wording/markdown.ts';
import { execHeadline, figures, sections } from './exec-sentences.ts';

const MOST_LINES = 50;

/** Both arms side by side, and what stands out. The same report gives the same text; foreign text renders as itself. */
export function execSummary(report: ExecReport): string {
  const mark = report.exitCode === 0 ? '✅' : '❌';
  const several = report.arms.length > 1;
  const sections = [
    `## ${mark} Requests of ${markdownCode(report.command.join(' '), 100)}`,
    `**${markdownProse(execHeadline(report))}**`,
    sideBySide(report),
    ...report.arms.flatMap((run) => details(run, several)),
  ];
  return `${sections.join('\n\n')}\n`;
}

function sideBySide(report: ExecReport): string {
  const { arms } = report;
  const head = ['', ...arms.map(({ arm }) => arm)];
  const address = ['Address', ...arms.map(({ baseUrl }) => markdownCode(baseUrl))];
  const rows = figures(report).map(({ label, values }) => [label, ...values]);
  return markdownTable(head, 1, [address, ...rows]);
}

function details(run: ArmRun, several: boolean): string[] {
  return sections(run, several).map(({ title, lines }) => {
    const shown = lines.slice(0, MOST_LINES).map((line) => `- ${markdownText(line)}`);
    const more = lines.length - shown.length;
    return `### ${title}\n\n${[...shown, ...(more > 0 ? [`- … and ${more} more`] : [])].join('\n')}`;
  });
}
