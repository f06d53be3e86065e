/** Measurements and the judge's looks as one page. */
import type { Overview } from '../../measure/overview.ts';
import type { ReplayedLook } from '../../rollout/replay.ts';
import { intervalCharts, timeCharts } from './charts.ts';
import { html, NOTHING } from './markup.ts';
import { pageText } from './page.ts';
import {
  aboutLine,
  armsSection,
  chartSection,
  decisionSection,
  spenderSection,
  stagesSection,
  verdictSection,
} from './sections.ts';

/** Points of an overview that the page's charts can show. */
export const REPORT_POINTS = 240;

export interface MeasurementReportInput {
  /** Such as the rollout's name. */
  readonly title: string;
  readonly overview: Overview;
  /** In the order of time; empty where nothing was judged. */
  readonly looks: readonly ReplayedLook[];
}

/** The page as a string; {@link pageText} says what it promises. */
export function measurementReport({ title, overview, looks }: MeasurementReportInput): string {
  const look = looks.at(-1) ?? null;
  const stage = overview.stages.find((each) => each.stage === look?.stage) ?? overview.stages.at(-1);
  const [overTime, intervals] = [timeCharts(overview), intervalCharts(looks)];
  const main = html`${decisionSection(look)}
${verdictSection(look)}
${chartSection('time', 'Over time', overTime)}
${chartSection('intervals', 'How the evidence grew', intervals)}
${stage === undefined ? NOTHING : armsSection(stage)}
${stagesSection(overview)}
${spenderSection(overview)}`;
  const { points } = overview;
  return pageText({ title, about: aboutLine(overview), main, charts: [...overTime, ...intervals], points });
}
