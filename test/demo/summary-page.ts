/** One page about the rollout for people who don't read the issue: where it is, what it did, refused and saved. */
import type { Config } from '../../src/config/schema.ts';
import type { Measurement } from '../../src/measure/measurement.ts';
import { overviewOf } from '../../src/measure/overview.ts';
import { html, NOTHING, verbatim } from '../../src/report/html/markup.ts';
import { percent, usd, whole } from '../../src/wording/amounts.ts';
import { STEP_MARKS, stepAt } from '../../src/wording/stepper.ts';
import type { ShownComment, ShownIssue } from '../support/github/scenario.ts';
import { issueHtml, pageHtml } from './issue-page.ts';

/** How the App's comments begin that tell of an event, not of an ordinary step. */
const EVENTS = ['⏪', '↩️', '↪️', '🔎', '🔁', '⏸️', '👀', '🏁'];

/** @param measurements of all walks; @returns the page as HTML */
export function summaryPage(
  issue: ShownIssue,
  { rollout }: Config,
  measurements: readonly Measurement[],
): string {
  const [headline = '', next = ''] = issue.body
    .replaceAll(/<!--[\s\S]*?-->/g, '')
    .split('\n\n')
    .map((part) => part.trim())
    .filter((part) => part !== '');
  const at = rollout.stages.findIndex(({ label }) => headline.includes(`**${label}**`));
  const current = issue.state === 'closed' ? rollout.stages.length : at;
  const steps = rollout.stages.map(({ label }, index) => `${STEP_MARKS[stepAt(index, current)]} ${label}`);
  return pageHtml(
    `${issue.title}: summary`,
    html`<h1>${issue.title}</h1>
<p>${steps.join(' ─ ')}</p>
<article>${issueHtml(`${headline}\n\n${next}`)}</article>
${costHtml(measurements)}
<article><header><h2>What it found, and did</h2></header>${listHtml(eventsOf(issue))}</article>
<article><header><h2>What it refused</h2></header>${listHtml(refusalsOf(issue))}</article>
<p>More: <a href="issue.html">the issue</a> with every number, and <a href="report.html">the report</a> on all stages.</p>`,
  );
}

/** The gateway's cost next to that of the same tokens at official prices, and what users noticed. */
function costHtml(measurements: readonly Measurement[]) {
  const gateway = overviewOf(measurements, 1)?.whole.gateway?.counts;
  if (gateway === undefined) return NOTHING;
  const [paid, before] = [gateway.cost.usd, gateway.atOfficialPrices.usd];
  const saved = before > 0 ? percent((100 * (before - paid)) / before) : '–';
  return html`<article><header><h2>What it saved</h2></header>
<p>The gateway's ${whole(gateway.tasks ?? 0)} tasks cost <strong>${usd(paid)}</strong> instead of ${usd(before)} at official prices: <strong>${saved} less</strong>. ${whole(gateway.failedTasks ?? 0)} of them failed.</p></article>`;
}

function eventsOf({ comments }: ShownIssue): string[] {
  const firsts = comments.filter(isByApp).map(({ body }) => firstParagraph(body));
  return firsts.filter((text) => EVENTS.some((emoji) => text.startsWith(emoji)));
}

/** A command that was not carried out, and the App's answer. */
function refusalsOf({ comments }: ShownIssue): string[] {
  return comments.flatMap((comment, index) => {
    const answer = comments.slice(index + 1).find(isByApp);
    if (isByApp(comment) || !comment.reactions.includes('confused') || answer === undefined) return [];
    return [`${comment.author}: \`${comment.body}\`. ${answer.body.replaceAll(/\n+(?:- )?/g, ' ')}`];
  });
}

const isByApp = ({ author }: ShownComment): boolean => author.endsWith('[bot]');

const firstParagraph = (body: string): string =>
  body
    .replaceAll(/<!--[\s\S]*?-->/g, '')
    .trim()
    .split('\n\n')[0] ?? '';

const listHtml = (items: readonly string[]) =>
  items.length === 0 ? verbatim('<p>Nothing.</p>') : issueHtml(items.map((item) => `- ${item}`).join('\n'));
