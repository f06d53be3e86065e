/** The HTML page of a run of `exec`. */
import type { Overview } from '../../measure/overview.ts';
import type { RequestRecord } from '../../measure/record.ts';
import type { ExecReport } from '../../measure/recorder/exec-report.ts';
import { type ExecSection, execHeadline, execTable, sections } from '../exec-sentences.ts';
import { firstLines } from '../first-lines.ts';
import { type Html, html, NOTHING } from './markup.ts';
import { pageText } from './page.ts';
import { requestSection } from './requests.ts';
import { figureSection, spenderSection } from './sections.ts';

const MOST_LINES = 200;

export interface ExecReportInput {
  readonly report: ExecReport;
  /** The run as a whole; null where no request was sent. */
  readonly overview: Overview | null;
  /** Of all arms, in any order. */
  readonly records: readonly RequestRecord[];
}

/** The page as a string, with the guarantees of {@link pageText}. */
export function execReportPage({ report, overview, records }: ExecReportInput): string {
  const main = html`<section class="decision ${report.exitCode === 0 ? 'advance' : 'rollback'}" aria-label="Result">
<p class="sentence">${execHeadline(report)}</p>
</section>
${figureSection('arms', execTable(report))}
${requestSection(records)}
${sections(report).map(details)}
${overview === null ? NOTHING : spenderSection(overview)}`;
  const about = html`<p class="about">Recorded by exec.</p>`;
  return pageText({ title: `Requests from ${report.command.join(' ')}`, about, main });
}

function details({ title, lines }: ExecSection): Html {
  const items = firstLines(lines, MOST_LINES).map((line) => html`<li>${line}</li>`);
  return html`<section><h2>${title}</h2><ul>${items}</ul></section>`;
}
