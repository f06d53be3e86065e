/** The report of `exec` as one page. */
import type { Overview } from '../../measure/overview.ts';
import type { ArmRun, ExecReport } from '../../measure/recorder/exec-report.ts';
import { execHeadline, figures, sections } from '../exec-sentences.ts';
import { timeCharts } from './charts.ts';
import { type Html, html, NOTHING } from './markup.ts';
import { pageText } from './page.ts';
import { chartSection, row, spenderSection, table } from './sections.ts';

const MOST_LINES = 200;

export interface ExecReportInput {
  readonly report: ExecReport;
  /** The run over time; null where nothing was asked. */
  readonly overview: Overview | null;
}

/** The page as a string; {@link pageText} says what it promises. */
export function execReportPage({ report, overview }: ExecReportInput): string {
  const charts = overview === null ? [] : timeCharts(overview);
  const several = report.arms.length > 1;
  const main = html`<section class="decision ${report.exitCode === 0 ? 'advance' : 'rollback'}" aria-label="Result">
<p class="sentence">${execHeadline(report)}</p>
</section>
${sideBySide(report)}
${report.arms.map((run) => details(run, several))}
${chartSection('time', 'Over time', charts)}
${overview === null ? NOTHING : spenderSection(overview)}`;
  const title = `Requests of ${report.command.join(' ')}`;
  return pageText({ title, about: html`<p class="about">Recorded by exec.</p>`, main, charts, points: [] });
}

function sideBySide(report: ExecReport): Html {
  const lines = [{ label: 'Address', values: report.arms.map(({ baseUrl }) => baseUrl) }, ...figures(report)];
  const rows = lines.map(({ label, values }) => row([label, ...values]));
  const head = ['', ...report.arms.map(({ arm }) => (arm === 'official' ? 'Official' : 'Gateway'))];
  return html`<section class="arms" aria-labelledby="arms"><h2 id="arms">Side by side</h2>${table(head, rows, 'Side by side')}</section>`;
}

function details(run: ArmRun, several: boolean): Html {
  const lists = sections(run, several).map(({ title, lines }) => {
    const items = lines.slice(0, MOST_LINES).map((line) => html`<li>${line}</li>`);
    const more = lines.length - items.length;
    const rest = more > 0 ? html`<li>… and ${more} more</li>` : NOTHING;
    return html`<section><h2>${title}</h2><ul>${items}${rest}</ul></section>`;
  });
  return html`${lists}`;
}
