/** The sections of the pages. */
import type { MetricVerdict } from '../../judge/verdict.ts';
import type { Overview } from '../../measure/overview.ts';
import type { ReplayedLook } from '../../rollout/replay.ts';
import { minute } from '../../wording/amounts.ts';
import { estimateText, limitText } from '../../wording/verdicts.ts';
import { type FigureTable, moreNote } from '../figure-table.ts';
import { spenderTables } from '../measurement-tables.ts';
import {
  BRACKETS_NOTE,
  decisionSentence,
  missingSentences,
  VERDICT_COLUMNS,
  verdictSentence,
} from '../verdict-sentences.ts';
import type { Chart } from './charts.ts';
import { intervalPicture } from './intervals.ts';
import { type Html, html, NOTHING } from './markup.ts';

const MOST_SPENDERS = 200;

/** The decision and its reason, and what the gate is still missing. */
export function decisionSection(look: ReplayedLook | null): Html {
  if (look === null) return NOTHING;
  const missing = missingSentences(look).map((sentence) => html`<li>${sentence}</li>`);
  const list = missing.length === 0 ? NOTHING : html`<p>Still missing:</p><ul>${missing}</ul>`;
  return html`<section class="decision ${look.decision.kind}" aria-label="Decision">
<p class="sentence">${decisionSentence(look.decision)}</p>
<p class="about">Stage ${look.stage}, as of ${minute(look.window.to)} UTC.</p>
${list}
</section>`;
}

/** A card for each metric: the verdict, the value of each arm, and the interval against its limits. */
export function verdictSection(look: ReplayedLook | null): Html {
  const entries = Object.entries(look?.verdicts ?? {});
  if (entries.length === 0) return NOTHING;
  const rows = entries.map(
    ([metric, verdict]) => html`<tr>
<th scope="row"><code>${metric}</code>${verdict.guard ? html` (guard)` : NOTHING}</th>
<td>${badge(verdict)} ${reason(verdict)}</td>
<td>${estimateText(verdict.gateway, verdict.unit)}</td>
<td>${estimateText(verdict.official, verdict.unit)}</td>
<td>${limits(metric, verdict)}</td>
</tr>`,
  );
  const cards = entries.map(([metric, verdict]) => card(metric, verdict));
  return html`<section class="verdicts" aria-labelledby="verdicts"><h2 id="verdicts">Verdicts</h2>
<p class="about">${BRACKETS_NOTE} Shaded area: outside the limit.</p>
${legend(true)}
<div class="cards">${cards}</div>
<details><summary>The verdicts as a table</summary>${table(VERDICT_COLUMNS, rows, 'Verdicts')}</details>
</section>`;
}

function card(metric: string, verdict: MetricVerdict): Html {
  const { unit, gateway, official } = verdict;
  return html`<article class="card ${verdict.verdict}">
<h3><code>${metric}</code> ${badge(verdict)}${verdict.guard ? html` <span class="about">guard</span>` : NOTHING}</h3>
<p class="about">${reason(verdict)}</p>
${intervalPicture(metric, verdict)}
<dl>
<dt class="gateway">Gateway</dt><dd>${estimateText(gateway, unit)}</dd>
<dt class="official">Official</dt><dd>${estimateText(official, unit)}</dd>
<dt>Limit</dt><dd>${limits(metric, verdict)}</dd>
</dl>
</article>`;
}

const badge = ({ verdict }: MetricVerdict): Html => html`<span class="badge ${verdict}">${verdict}</span>`;

/** The verdict's reason, without the word that the badge shows. */
function reason(verdict: MetricVerdict): string {
  return verdictSentence(verdict).slice(verdict.verdict.length).replace(/^, /, '');
}

function limits(metric: string, verdict: MetricVerdict): Html {
  const texts = verdict.limits.map(
    (limit) => html`<span class="line">${limitText(metric, verdict.unit, limit)}</span>`,
  );
  return texts.length === 0 ? html`–` : html`${texts}`;
}

/** A table of figures under its title. @param id of the section; `arms` for both arms side by side */
export function figureSection(id: string, { title, head, rows }: FigureTable): Html {
  const body =
    rows.length === 0
      ? html`<p>The source has no data for this stage.</p>`
      : table(head, rows.map(row), title);
  return html`<section class="${id}" aria-labelledby="${id}"><h2 id="${id}">${title}</h2>${body}</section>`;
}

/** Charts, each with its numbers as a table for readers who cannot see it. */
export function chartSection(id: string, title: string, charts: readonly Chart[]): Html {
  if (charts.length === 0) return NOTHING;
  const hasLimits = charts.some(({ lines }) => lines.some((line) => line.of === 'limit'));
  const figures = charts.map(
    (chart) => html`<figure>
<figcaption><strong>${chart.title}</strong><br>${chart.caption}</figcaption>
<div class="plot" id="plot-${chart.id}" role="img" aria-label="Chart: ${chart.title}. The table below shows the same numbers."></div>
<details><summary>${chart.title} as a table</summary>${table(chart.table.head, chart.table.rows.map(row), chart.title)}</details>
</figure>`,
  );
  return html`<section aria-labelledby="${id}"><h2 id="${id}">${title}</h2>${legend(hasLimits)}<div class="figures">${figures}</div></section>`;
}

function legend(hasLimits: boolean): Html {
  const limit = hasLimits ? html`<span class="key limit">limit</span>` : NOTHING;
  return html`<p class="legend"><span class="key gateway">gateway</span> <span class="key official">official</span> ${limit}</p>`;
}

/** Cost by model, key and member, the most expensive first. */
export function spenderSection(overview: Overview): Html {
  const tables = spenderTables(overview, MOST_SPENDERS).map((spenders) => {
    const { title, head, rows } = spenders;
    const more = moreNote(spenders);
    const note = more === '' ? NOTHING : html`<p class="about">${more}</p>`;
    return html`<h3>${title}</h3>${table(head, rows.map(row), title)}${note}`;
  });
  return tables.length === 0
    ? NOTHING
    : html`<section aria-labelledby="cost"><h2 id="cost">Cost</h2>${tables}</section>`;
}

/** A row of a table; its first cell names it. */
function row([first = '', ...cells]: readonly string[]): Html {
  return html`<tr><th scope="row">${first}</th>${cells.map((cell) => html`<td>${cell}</td>`)}</tr>`;
}

/** A wide table scrolls by itself, also by keyboard, so that the page does not. */
function table(head: readonly string[], rows: readonly Html[], label: string): Html {
  const cells = head.map((text) => (text === '' ? html`<td></td>` : html`<th scope="col">${text}</th>`));
  return html`<div class="scroll" role="group" aria-label="${label}" tabindex="0"><table><thead><tr>${cells}</tr></thead><tbody>${rows}</tbody></table></div>`;
}
