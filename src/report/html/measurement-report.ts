/** The HTML page of measurements and the judge's looks. */
import type { Overview } from '../../measure/overview.ts';
import type { ReplayedLook } from '../../rollout/replay.ts';
import { armsTable, stagesTable, windowsSentence } from '../measurement-tables.ts';
import { timeCharts } from './charts.ts';
import { html, NOTHING } from './markup.ts';
import { pageText } from './page.ts';
import { chartSection, decisionSection, figureSection, spenderSection } from './sections.ts';
import { tileSection } from './tiles.ts';

/** Points of an overview that the page's charts can show. */
export const REPORT_POINTS = 240;

export interface MeasurementReportInput {
  /** Such as the rollout's name. */
  readonly title: string;
  readonly overview: Overview;
  /** In the order of time; empty where nothing was judged. */
  readonly looks: readonly ReplayedLook[];
  /** The labels of the config's stages, in order. */
  readonly steps: readonly string[];
}

/** The page as a string, with the guarantees of {@link pageText}. */
export function measurementReport({ title, overview, looks, steps }: MeasurementReportInput): string {
  const look = looks.at(-1) ?? null;
  const stage = overview.stages.find((each) => each.stage === look?.stage) ?? overview.stages.at(-1);
  const stages = stagesTable(overview);
  const charts = timeCharts(overview);
  const main = html`${decisionSection(look, steps)}
${tileSection(looks, stage?.arms.gateway?.counts.tasks ?? null)}
${stage === undefined ? NOTHING : figureSection('arms', armsTable(stage))}
${chartSection('time', 'Over time', charts)}
${stages === null ? NOTHING : figureSection('stages', stages)}
${spenderSection(overview)}`;
  const about = html`<p class="about">${windowsSentence(overview)}</p>`;
  return pageText({ title, about, main, charts, points: overview.points });
}
