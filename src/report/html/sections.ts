/** The sections of the pages. */
import type { Overview } from '../../measure/overview.ts';
import type { ReplayedLook } from '../../rollout/replay.ts';
import { minute } from '../../wording/amounts.ts';
import { missingSentence } from '../../wording/decisions.ts';
import { STEP_MARKS, stepAt } from '../../wording/stepper.ts';
import { type FigureTable, moreNote } from '../figure-table.ts';
import { spenderTables } from '../measurement-tables.ts';
import { decisionSentence } from '../verdict-sentences.ts';
import type { Chart } from './charts.ts';
import { type Html, html, NOTHING, verbatim } from './markup.ts';

const MOST_SPENDERS = 200;

/** The stages in a line, then the decision and its reason, and how much of what the gate needs is there. */
export function decisionSection(look: ReplayedLook | null, stages: readonly string[]): Html {
  if (look === null) return NOTHING;
  const index = stages.indexOf(look.stage);
  const steps = stages.map((stage, at) => {
    const step = index < 0 ? 'next' : stepAt(at, index);
    const current = step === 'now' ? verbatim(' aria-current="step"') : NOTHING;
    return html`<li class="${step}"${current}><span aria-hidden="true">${STEP_MARKS[step]}</span> ${stage}</li>`;
  });
  const bars = look.decision.missing.map((missing) =>
    'have' in missing
      ? progressBar(missingSentence(missing), Math.min(missing.have, missing.need), missing.need)
      : html`<p class="about">${missingSentence(missing)}</p>`,
  );
  return html`<section class="decision ${look.decision.kind}" aria-label="Decision">
<ol class="stepper" aria-label="Stages">${steps}</ol>
<p class="sentence">${decisionSentence(look.decision)}</p>
<p class="about">Stage ${look.stage}, as of ${minute(look.window.to)} UTC.</p>
${bars}
</section>`;
}

/** A table of figures under its title. @param id of the section; `arms` for both arms side by side */
export function figureSection(id: string, { title, about = '', head, rows }: FigureTable): Html {
  const body =
    rows.length === 0
      ? html`<p>The source has no data for this stage.</p>`
      : table(
          head,
          rows.map((cells) => row(cells)),
          title,
        );
  return html`<section class="${id}" aria-labelledby="${id}"><h2 id="${id}">${title}</h2>${about === '' ? NOTHING : html`<p>${about}</p>`}${body}</section>`;
}

/** Charts, each with its numbers as a table for readers who cannot see it. */
export function chartSection(id: string, title: string, charts: readonly Chart[]): Html {
  if (charts.length === 0) return NOTHING;
  const figures = charts.map(
    (chart) => html`<figure>
<figcaption><strong>${chart.title}</strong><br>${chart.caption}</figcaption>
<div class="plot" id="plot-${chart.id}" role="img" aria-label="Chart: ${chart.title}. The table below shows the same numbers."></div>
<details><summary>${chart.title} as a table</summary>${table(
      chart.table.head,
      chart.table.rows.map((cells) => row(cells)),
      chart.title,
    )}</details>
</figure>`,
  );
  return html`<section aria-labelledby="${id}"><h2 id="${id}">${title}</h2>${LEGEND}<div class="figures">${figures}</div></section>`;
}

const LEGEND = html`<p class="legend"><span class="key gateway">gateway</span> <span class="key official">official</span></p>`;

/** Cost by model, key and member, the most expensive first. */
export function spenderSection(overview: Overview): Html {
  const tables = spenderTables(overview, MOST_SPENDERS).map((spenders) => {
    const { title, head, rows } = spenders;
    const more = moreNote(spenders);
    const note = more === '' ? NOTHING : html`<p class="about">${more}</p>`;
    return html`<h3>${title}</h3>${table(
      head,
      rows.map((cells) => row(cells)),
      title,
    )}${note}`;
  });
  return tables.length === 0
    ? NOTHING
    : html`<section aria-labelledby="cost"><h2 id="cost">Cost</h2>${tables}</section>`;
}

/** @param have at most `need` */
export function progressBar(label: string, have: number, need: number): Html {
  return html`<label class="about">${label} <progress max="${need}" value="${have}"></progress></label>`;
}

/** In characters: a column does not have to be as wide as the words of such a cell. */
const LONG = 24;

/** A row of a table; its first cell names it. */
export function row([first = '', ...cells]: readonly string[], kind = ''): Html {
  const written = cells.map((cell) => html`<td class="${cell.length > LONG ? 'long' : ''}">${cell}</td>`);
  return html`<tr class="${kind}"><th scope="row">${first}</th>${written}</tr>`;
}

/** A wide table scrolls by itself, also by keyboard, so that the page does not. */
export function table(head: readonly string[], rows: readonly Html[], label: string): Html {
  const cells = head.map((text) => (text === '' ? html`<td></td>` : html`<th scope="col">${text}</th>`));
  return html`<div class="scroll" role="group" aria-label="${label}" tabindex="0"><table><thead><tr>${cells}</tr></thead><tbody>${rows}</tbody></table></div>`;
}
