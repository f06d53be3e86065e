/** A self-contained HTML page: no network, no other file. */
import { createHash } from 'node:crypto';
import type { Span } from '../../measure/overview.ts';
import { PAGE_SCRIPT, PAGE_STYLE } from './assets.ts';
import type { Chart } from './charts.ts';
import { embeddedJson, type Html, html, NOTHING, verbatim } from './markup.ts';

export interface Page {
  readonly title: string;
  /** Below the title. */
  readonly about: Html;
  readonly main: Html;
  /** The charts that `main` has elements for; without any, the page has no script. */
  readonly charts?: readonly Chart[];
  /** The charts mark where stages begin. */
  readonly points?: readonly Span[];
}

/**
 * The page as a string. The same input gives the same bytes. Text from outside renders as itself. The page's policy
 * allows no script but its own, and no requests.
 */
export function pageText({ title, about, main, charts = [], points = [] }: Page): string {
  const script = charts.length === 0 ? '' : PAGE_SCRIPT;
  const policy = [
    "default-src 'none'",
    `script-src ${script === '' ? "'none'" : hashOf(script)}`,
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
<header><h1>${title}</h1>${about}${charts.length === 0 ? NOTHING : NO_SCRIPT}</header>
<main>
${main}
</main>
${
  script === ''
    ? NOTHING
    : html`<script type="application/json" id="data">${scriptData(charts, points)}</script>
<script>${verbatim(script)}</script>`
}
</body>
</html>
`;
  return page.html;
}

const NO_SCRIPT = html`<noscript><p>The charts need JavaScript. The table below each chart shows the same numbers.</p></noscript>`;

/** What page/charts.js reads. */
function scriptData(charts: readonly Chart[], points: readonly Span[]): Html {
  const drawn = charts.map(({ id, unit, fromZero, times, lines }) => ({
    id,
    unit,
    fromZero,
    times,
    lines,
  }));
  const begun = points
    .filter(({ stage }, at) => stage !== points[at - 1]?.stage)
    .map(({ stage, window }) => ({ stage, at: window.from / 1000 }));
  return embeddedJson({ charts: drawn, stages: begun });
}

function hashOf(text: string): string {
  return `'sha256-${createHash('sha256').update(text).digest('base64')}'`;
}
