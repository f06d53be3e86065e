/** A tile for each metric: the difference to official with its interval over time, against its limits. */
import type { MetricVerdict } from '../../judge/verdict.ts';
import type { ReplayedLook } from '../../rollout/replay.ts';
import { minute, UNKNOWN, whole } from '../../wording/amounts.ts';
import { countedNoun } from '../../wording/decisions.ts';
import { type Difference, differenceOf, differenceText, formText } from '../../wording/difference.ts';
import { thinned } from '../../wording/difference-chart.ts';
import { estimateText, limitsText, missingText, withinReach } from '../../wording/verdicts.ts';
import { type Html, html, NOTHING, verbatim } from './markup.ts';
import { progressBar, row, table } from './sections.ts';

/** A tile shows at most so many looks; longer histories are thinned. */
const MOST_LOOKS = 240;

const NOTE =
  'Gateway compared with official since the stage began. In brackets and shaded: the confidence interval, valid at any number of looks. Red: outside the limit.';

/**
 * Nothing where nothing was judged.
 * @param tasks on the gateway in the stage of the last look; null where they are unknown
 */
export function tileSection(looks: readonly ReplayedLook[], tasks: number | null): Html {
  const last = looks.at(-1);
  const entries = Object.entries(last?.verdicts ?? {});
  if (entries.length === 0) return NOTHING;
  const shown = thinned(
    looks.filter(({ stage }) => stage === last?.stage),
    MOST_LOOKS,
  );
  const tiles = entries.map(([metric, verdict]) => tile(metric, verdict, shown, tasks));
  return html`<section aria-labelledby="metrics"><h2 id="metrics">Metrics</h2>
<p class="about">${NOTE}</p>
<div class="tiles">${tiles}</div></section>`;
}

function tile(
  metric: string,
  verdict: MetricVerdict,
  looks: readonly ReplayedLook[],
  tasks: number | null,
): Html {
  const difference = differenceOf(metric, verdict);
  const [figure = '', interval = ''] = (difference === null ? UNKNOWN : differenceText(difference)).split(
    / (?=\()/,
  );
  const limits = limitsText(metric, verdict.unit, verdict.limits);
  return html`<article class="tile ${verdict.verdict}">
<h3><code>${metric}</code> <span class="badge ${verdict.verdict}">${verdict.verdict}</span>${verdict.guard ? html` <span class="about">guard</span>` : NOTHING}</h3>
<p><strong>${figure}</strong> ${interval}</p>
<p class="about">Limit: ${limits || UNKNOWN}</p>
${difference === null ? NOTHING : picture(metric, difference, looks)}
${progress(verdict, tasks)}
<details><summary>${metric} as a table</summary>${looksTable(metric, looks)}</details>
</article>`;
}

/** How much of the evidence for a pass is there, or why there is no verdict. */
function progress(verdict: MetricVerdict, tasks: number | null): Html {
  const { tasks: needed = 0, copies } = (verdict.guard ? null : withinReach(verdict)) ?? {};
  const reason = missingText(verdict);
  const about = reason === '' ? NOTHING : html`<p class="about">${reason}</p>`;
  if (needed === 0 || tasks === null) return about;
  return html`${progressBar(`${whole(tasks)} of about ${whole(tasks + needed)} ${countedNoun(copies)}`, tasks, tasks + needed)}${about}`;
}

function looksTable(metric: string, looks: readonly ReplayedLook[]): Html {
  const rows = looks.map((look) => {
    const verdict = verdictOf(look, metric);
    const difference = verdict === null ? null : differenceOf(metric, verdict);
    return row([
      minute(look.window.to),
      verdict?.verdict ?? UNKNOWN,
      difference === null ? UNKNOWN : differenceText(difference),
      estimateText(verdict?.official ?? null, verdict?.unit ?? 'ratio'),
      estimateText(verdict?.gateway ?? null, verdict?.unit ?? 'ratio'),
    ]);
  });
  return table(['Look until (UTC)', 'Verdict', 'Difference', 'Official', 'Gateway'], rows, metric);
}

function verdictOf({ verdicts }: ReplayedLook, metric: string): MetricVerdict | null {
  const byName: Readonly<Record<string, MetricVerdict | undefined>> = verdicts;
  return byName[metric] ?? null;
}

/** In the picture's own coordinates. Labels stand to the right of the plot. */
const WIDTH = 240;
const LABELS_AT = 246;
const HEIGHT = 110;
/** Two labels need so much room. */
const LABEL_HEIGHT = 13;
/** A limit farther away than so many times what is shown is named, but does not stretch the scale. */
const FARTHEST_LIMIT = 3;
const PADDING = 0.12;

/** It needs no script. A single look is drawn as wide as several. */
function picture(metric: string, last: Difference, looks: readonly ReplayedLook[]): Html {
  const seen = looks.flatMap((look) => {
    const verdict = verdictOf(look, metric);
    const difference = verdict === null ? null : differenceOf(metric, verdict);
    return difference?.form === last.form ? [{ at: look.window.to, ...difference }] : [];
  });
  const [first, final] = [seen[0], seen.at(-1)];
  if (first === undefined || final === undefined) return NOTHING;
  const drawn = first.at === final.at ? [final, { ...final, at: final.at + 1 }] : seen;
  const [from, to] = [drawn[0]?.at ?? 0, drawn.at(-1)?.at ?? 1];
  const { y, isShown } = scaleOf(last, seen);
  const x = (at: number) => Math.round((WIDTH * (at - from)) / (to - from));
  const points = (of: (each: Difference) => number | null) =>
    drawn.flatMap((each) => {
      const value = of(each);
      return value === null ? [] : [`${x(each.at)},${y(value)}`];
    });
  const band = [
    ...points(({ value, low, high }) => high ?? (low === null ? value : Infinity)),
    ...points(({ value, low, high }) => low ?? (high === null ? value : -Infinity)).reverse(),
  ];
  const limits = last.limits.filter(({ at }) => isShown(at));
  const outside = limits.map(({ at, atLeast }) => {
    const [top, height] = atLeast ? [y(at), HEIGHT - y(at)] : [0, y(at)];
    return html`<rect class="outside" x="0" y="${top}" width="${WIDTH}" height="${height}"/>${level('limit', y(at))}`;
  });
  const equal = last.equal === null ? NOTHING : level('equal', y(last.equal));
  const labels = labelled([
    ...limits.map(({ at }) => ({ at: y(at), text: `limit ${formText(at, last, false)}` })),
    ...(last.equal === null ? [] : [{ at: y(last.equal), text: 'equal' }]),
  ]);
  const ends = first.at === final.at ? [minute(final.at)] : [minute(first.at), minute(final.at)];
  return html`<svg class="difference" viewBox="0 0 320 ${HEIGHT}" role="img" aria-label="${metric}: ${differenceText(last)}. The table below has every look.">
${outside}${equal}<polygon points="${verbatim(band.join(' '))}"/><polyline points="${verbatim(points(({ value }) => value).join(' '))}"/>${labels}</svg>
<p class="ends" aria-hidden="true">${ends.map((end) => html`<span>${end}</span>`)}</p>
${limits.length === last.limits.length ? NOTHING : html`<p class="about">A limit is far outside the picture.</p>`}`;
}

const level = (name: string, y: number): Html =>
  html`<line class="${name}" x1="0" x2="${WIDTH}" y1="${y}" y2="${y}"/>`;

/** What would cover another label is left out: limits come first. */
function labelled(labels: readonly { readonly at: number; readonly text: string }[]): Html[] {
  const kept = labels.filter(
    ({ at }, index) => !labels.slice(0, index).some((other) => Math.abs(other.at - at) < LABEL_HEIGHT),
  );
  return kept.map(
    ({ at, text }) =>
      html`<text x="${LABELS_AT}" y="${Math.min(HEIGHT - 3, Math.max(10, at + 4))}">${text}</text>`,
  );
}

/** By the newer half of the looks, since the first intervals are very wide. What is beyond it ends at the frame. */
function scaleOf(last: Difference, seen: readonly Difference[]) {
  const newer = seen.slice(Math.floor(seen.length / 2));
  const ends = [...newer.flatMap(({ value, low, high }) => [value, low, high]), last.equal];
  const known = ends.filter((end) => end !== null);
  const [least, most] = [Math.min(...known), Math.max(...known)];
  const reach = FARTHEST_LIMIT * (most - least || Infinity);
  const isShown = (at: number) => at >= least - reach && at <= most + reach;
  const all = [...known, ...last.limits.map(({ at }) => at).filter(isShown)];
  const [low, high] = [Math.min(...all), Math.max(...all)];
  const padding = PADDING * (high - low || Math.abs(high) || 1);
  const [bottom, top] = [low - padding, high + padding];
  const y = (value: number) =>
    Math.round(Math.min(HEIGHT, Math.max(0, (HEIGHT * (top - value)) / (top - bottom))));
  return { y, isShown };
}
