/** The sections of the page, from the decision down to the cost of each key. */

import type { MetricVerdict } from '../../judge/verdict.ts';
import type { Overview, Span } from '../../measure/overview.ts';
import type { ReplayedLook } from '../../rollout/replay.ts';
import { count, minute, whole } from '../../wording/amounts.ts';
import { SPENDER_COLUMNS, SPENDERS, spendersOf } from '../../wording/arm-figures.ts';
import { estimateText, limitText } from '../../wording/verdicts.ts';
import { armFigures, countsOf, STAGE_COLUMNS, stageFigures } from '../measurement-figures.ts';
import { decisionSentence, missingSentences, verdictSentence } from '../verdict-sentences.ts';
import type { Chart } from './charts.ts';
import { intervalPicture } from './intervals.ts';
import { type Html, html, NOTHING } from './markup.ts';

const MOST_SPENDERS = 200;

/** What was decided and why, and what the gate still lacks. */
export function decisionSection(look: ReplayedLook | null): Html {
  if (look === null) return NOTHING;
  const missing = missingSentences(look).map((sentence) => html`<li>${sentence}</li>`);
  const list = missing.length === 0 ? NOTHING : html`<p>Still missing:</p><ul>${missing}</ul>`;
  return html`<section class="decision ${look.decision.kind}" aria-label="Decision">
<p class="sentence">${decisionSentence(look.decision)}</p>
<p class="about">Stage ${look.stage}, at the look of ${minute(look.window.to)} UTC.</p>
${list}
</section>`;
}

/** A card for each metric: the verdict, where each arm stands, and the interval against its limits. */
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
<p class="about">In brackets what the evidence leaves possible, however often one looked. Beyond a limit the picture is shaded.</p>
${legend(true)}
<div class="cards">${cards}</div>
<details><summary>The verdicts as a table</summary>${table(['Metric', 'Verdict', 'Gateway', 'Official', 'Limit'], rows, 'Verdicts')}</details>
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

/** What the badge does not say already. */
function reason(verdict: MetricVerdict): string {
  return verdictSentence(verdict).slice(verdict.verdict.length).replace(/^, /, '');
}

function limits(metric: string, verdict: MetricVerdict): Html {
  const texts = verdict.limits.map(
    (limit) => html`<span class="line">${limitText(metric, verdict.unit, limit)}</span>`,
  );
  return texts.length === 0 ? html`–` : html`${texts}`;
}

/** Both arms side by side. */
export function armsSection(span: Span): Html {
  const rows = armFigures(span.arms).map(({ label, official, gateway }) => row([label, official, gateway]));
  const body =
    rows.length === 0
      ? html`<p>The source has no data of this stage.</p>`
      : table(['', 'Official', 'Gateway'], rows, `Both arms in stage ${span.stage}`);
  return html`<section class="arms" aria-labelledby="arms"><h2 id="arms">Both arms in stage ${span.stage}</h2>${body}</section>`;
}

/** Charts with their numbers as tables: whoever cannot see a chart reads those. */
export function chartSection(id: string, title: string, charts: readonly Chart[]): Html {
  if (charts.length === 0) return NOTHING;
  const hasLimits = charts.some(({ lines }) => lines.some((line) => line.of === 'limit'));
  const figures = charts.map(
    (chart) => html`<figure>
<figcaption><strong>${chart.title}</strong><br>${chart.caption}</figcaption>
<div class="plot" id="plot-${chart.id}" role="img" aria-label="Chart: ${chart.title}. The table below holds the same numbers."></div>
<details><summary>${chart.title} as a table</summary>${table(chart.table.head, chart.table.rows.map(row), chart.title)}</details>
</figure>`,
  );
  return html`<section aria-labelledby="${id}"><h2 id="${id}">${title}</h2>${legend(hasLimits)}<div class="figures">${figures}</div></section>`;
}

function legend(hasLimits: boolean): Html {
  const limit = hasLimits ? html`<span class="key limit">limit</span>` : NOTHING;
  return html`<p class="legend"><span class="key gateway">gateway</span> <span class="key official">official</span> ${limit}</p>`;
}

/** One line for each stage, where there are several. */
export function stagesSection({ stages }: Overview): Html {
  if (stages.length < 2) return NOTHING;
  const rows = stages.map((span) => row([span.stage, ...stageFigures(span)]));
  return html`<section aria-labelledby="stages"><h2 id="stages">Stages</h2>${table(['Stage', ...STAGE_COLUMNS], rows, 'Stages')}</section>`;
}

/** Cost by model, key and member, the dearest first. */
export function spenderSection({ whole: arms }: Overview): Html {
  const tables = SPENDERS.flatMap(({ by, noun }) => {
    const all = spendersOf(countsOf(arms), by);
    if (all.length === 0) return [];
    const rows = all.slice(0, MOST_SPENDERS).map(({ name, figures }) => row([name, ...figures]));
    const more = all.length - rows.length;
    const note = more > 0 ? html`<p class="about">… and ${whole(more)} more.</p>` : NOTHING;
    return [html`<h3>By ${noun}</h3>${table(['', ...SPENDER_COLUMNS], rows, `Cost by ${noun}`)}${note}`];
  });
  return tables.length === 0
    ? NOTHING
    : html`<section aria-labelledby="cost"><h2 id="cost">Cost</h2>${tables}</section>`;
}

/** From when to when, from where. */
export function aboutLine({ window, sources, points }: Overview): Html {
  const windows = points.reduce((sum, point) => sum + point.windows, 0);
  return html`<p class="about">${count(windows, 'window')} from ${minute(window.from)} to ${minute(window.to)} UTC, by ${sources.join(', ')}.</p>`;
}

/** A line of a table; its first cell names it. */
export function row([first = '', ...cells]: readonly string[]): Html {
  return html`<tr><th scope="row">${first}</th>${cells.map((cell) => html`<td>${cell}</td>`)}</tr>`;
}

/** A wide table scrolls by itself, also by keyboard, so that the page need not. */
export function table(head: readonly string[], rows: readonly Html[], label: string): Html {
  const cells = head.map((text) => (text === '' ? html`<td></td>` : html`<th scope="col">${text}</th>`));
  return html`<div class="scroll" role="group" aria-label="${label}" tabindex="0"><table><thead><tr>${cells}</tr></thead><tbody>${rows}</tbody></table></div>`;
}
