/** The HTML page of a fidelity run. */
import type { FidelityReport } from '../../check/fidelity/report.ts';
import { whole } from '../../wording/amounts.ts';
import { fidelityNext, fidelityVerdict } from '../../wording/fidelity.ts';
import { fidelityCost, fidelityPrompts, fidelityTable } from '../fidelity-sentences.ts';
import { type Html, html, NOTHING, verbatim } from './markup.ts';
import { pageText } from './page.ts';
import { figureSection } from './sections.ts';

const BORDER = {
  'other-model': 'rollback',
  differs: 'hold',
  indistinguishable: 'advance',
  'no-power': 'hold',
} as const;

/** The page as a string, with the guarantees of {@link pageText}. */
export function fidelityPage(report: FidelityReport): string {
  const prompts = fidelityPrompts(report).map((prompt) => html`<li>${prompt}</li>`);
  const main = html`<section class="decision ${BORDER[report.verdict]}" aria-label="Result">
<p class="sentence">${fidelityVerdict(report)}</p>
<p>${fidelityNext(report)}</p>
</section>
${figureSection('compared', fidelityTable(report))}
${evidenceSection(report)}
<section><h2>What was asked</h2><p class="about">Each question to both sides at the same moment, in random order.</p><ul>${prompts}</ul></section>
<p class="about">${fidelityCost(report)}</p>`;
  return pageText({ title: `Is it the same model? ${report.model.name}`, about: NOTHING, main });
}

/** In the picture's own coordinates; the style sheet sets its real size, and places the labels of the scale by these ends. */
const WIDTH = 1000;
const HEIGHT = 700;
const LOG_LOW = -1;
const LOG_HIGH = 6;

/** The evidence over the pairs on a logarithmic scale, with what warns and what proves. It needs no script. */
function evidenceSection({ trace, sibling }: FidelityReport): Html {
  const last = trace.at(-1)?.gateway.pairs ?? 0;
  const first = trace[0]?.gateway.pairs ?? 0;
  if (last === first) return NOTHING;
  const y = (log10E: number) =>
    Math.round((HEIGHT * (LOG_HIGH - Math.max(LOG_LOW, Math.min(LOG_HIGH, log10E)))) / (LOG_HIGH - LOG_LOW));
  const x = (pairs: number) => Math.round((WIDTH * (pairs - first)) / (last - first));
  const curve = (of: keyof FidelityReport['comparisons']) =>
    html`<polyline class="${of}" points="${verbatim(trace.map((at) => `${x(at.gateway.pairs)},${y(at[of].log10E)}`).join(' '))}"/>`;
  const mark = (evidence: number) => {
    const at = y(Math.log10(evidence));
    return html`<line class="limit" x1="0" x2="${WIDTH}" y1="${at}" y2="${at}"/>`;
  };
  return html`<section aria-labelledby="evidence"><h2 id="evidence">Evidence over the pairs</h2>
<p class="about">That the answers come from different models, on a logarithmic scale: 20 warns, 1,000 proves.</p>
<p class="legend"><span class="key gateway">gateway</span> <span class="key control">the official API again</span> <span class="key sibling">official ${sibling}</span></p>
<div class="evidence"><svg viewBox="0 0 ${WIDTH} ${HEIGHT}" preserveAspectRatio="none" role="img" aria-label="Evidence over the pairs. The table above has its last values.">${mark(20)}${mark(1_000)}${curve('sibling')}${curve('control')}${curve('gateway')}</svg>
<span class="at-20" aria-hidden="true">20</span><span class="at-1000" aria-hidden="true">1,000</span></div>
<p class="ends" aria-hidden="true"><span>${whole(first)} pairs</span><span>${whole(last)} pairs</span></p></section>`;
}
