/** Measurements and the judge's looks as one page that needs nothing else: no network, no other file. */
import { createHash } from 'node:crypto';
import type { Overview } from '../../measure/overview.ts';
import type { JudgedLook } from '../verdict-sentences.ts';
import { PAGE_SCRIPT, PAGE_STYLE } from './assets.ts';
import { type Chart, intervalCharts, timeCharts } from './charts.ts';
import { embeddedJson, type Html, html, NOTHING, verbatim } from './markup.ts';
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
  readonly looks: readonly JudgedLook[];
}

/**
 * The page as a string. The same input gives the same bytes. Text from outside renders as itself; the page's
 * policy lets nothing run but its own script, and nothing be fetched.
 */
export function measurementReport({ title, overview, looks }: MeasurementReportInput): string {
  const look = looks.at(-1) ?? null;
  const stage = overview.stages.find((each) => each.stage === look?.stage) ?? overview.stages.at(-1);
  const [overTime, intervals] = [timeCharts(overview), intervalCharts(looks)];
  const body = html`<header><h1>${title}</h1>${aboutLine(overview)}</header>
<main>
${decisionSection(look)}
${verdictSection(look)}
${chartSection('time', 'Over time', overTime)}
${chartSection('intervals', 'How the evidence grew', intervals)}
${stage === undefined ? NOTHING : armsSection(stage)}
${stagesSection(overview)}
${spenderSection(overview)}
</main>
<noscript><p>The charts need JavaScript; the tables below them hold the same numbers.</p></noscript>`;
  return document(title, body, scriptData([...overTime, ...intervals], overview));
}

/** What page/charts.js reads. */
function scriptData(charts: readonly Chart[], { points }: Overview): Html {
  const drawn = charts.map(({ id, unit, fromZero, times, lines, bands }) => ({
    id,
    unit,
    fromZero,
    times,
    lines,
    bands,
  }));
  const begun = points
    .filter(({ stage }, at) => stage !== points[at - 1]?.stage)
    .map(({ stage, window }) => ({ stage, at: window.from / 1000 }));
  return embeddedJson({ charts: drawn, stages: begun });
}

function document(title: string, body: Html, data: Html): string {
  const policy = [
    "default-src 'none'",
    `script-src ${hashOf(PAGE_SCRIPT)}`,
    `style-src ${hashOf(PAGE_STYLE)}`,
    'img-src data:',
    "base-uri 'none'",
    "form-action 'none'",
  ].join('; ');
  const page = html`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${verbatim(policy)}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<link rel="icon" href="data:,">
<title>${title}</title>
<style>${verbatim(PAGE_STYLE)}</style>
</head>
<body>
${body}
<script type="application/json" id="data">${data}</script>
<script>${verbatim(PAGE_SCRIPT)}</script>
</body>
</html>
`;
  return page.html;
}

function hashOf(text: string): string {
  return `'sha256-${createHash('sha256').update(text).digest('base64')}'`;
}
