/** The HTML page of measurements and the judge's looks. */
import type { Overview } from '../../measure/overview.ts';
import type { ReplayedLook } from '../../rollout/replay.ts';
import { armsTable, stagesTable, windowsSentence } from '../measurement-tables.ts';
import { intervalCharts, timeCharts } from './charts.ts';
import { html, NOTHING } from './markup.ts';
import { pageText } from './page.ts';
import { chartSection, decisionSection, figureSection, spenderSection, verdictSection } from './sections.ts';

/** Points of an overview that the page's charts can show. */
export const REPORT_POINTS = 240;

export interface MeasurementReportInput {
  /** Such as the rollout's name. */
  readonly title: string;
  readonly overview: Overview;
  /** In the order of time; empty where nothing was judged. */
  readonly looks: readonly ReplayedLook[];
}

/** The page as a string, with the guarantees of {@link pageText}. */
export function measurementReport({ title, overview, looks }: MeasurementReportInput): string {
  const look = looks.at(-1) ?? null;
  const stage = overview.stages.find((each) => each.stage === look?.stage) ?? overview.stages.at(-1);
  const stages = stagesTable(overview);
  const [overTime, intervals] = [timeCharts(overview), intervalCharts(looks)];
  const main = html`${decisionSection(look)}
${verdictSection(look)}
${chartSection('time', 'Over time', overTime)}
${chartSection('intervals', 'Confidence intervals over time', intervals)}
${stage === undefined ? NOTHING : figureSection('arms', armsTable(stage))}
${stages === null ? NOTHING : figureSection('stages', stages)}
${spenderSection(overview)}`;
  const about = html`<p class="about">${windowsSentence(overview)}</p>`;
  return pageText({ title, about, main, charts: [...overTime, ...intervals], points: overview.points });
}
