/** What a fidelity run found, for a terminal. */
import type { FidelityReport } from '../check/fidelity/report.ts';
import type { FidelityComparison } from '../judge/pairs/fidelity-verdict.ts';
import { count, figure, percent, usd, whole } from '../wording/amounts.ts';
import { Printer, type PrinterOptions } from './printer.ts';

const STYLE = {
  'other-model': 'red',
  differs: 'yellow',
  indistinguishable: 'green',
  'no-power': 'yellow',
} as const;

export function fidelityOnTerminal(report: FidelityReport, options: PrinterOptions): string {
  const print = new Printer(options);
  const { model, sibling, comparisons, failed, usage } = report;
  print.wrapped(verdictSentence(report), { style: ['bold', STYLE[report.verdict]] });
  print.wrapped(nextSentence(report));
  print.gap();
  for (const sentence of [
    comparisonSentence(`The gateway's ${model.gatewayName}`, comparisons.gateway),
    comparisonSentence('The official API again, the first control', comparisons.control),
    comparisonSentence(`The official ${sibling}, the second control`, comparisons.sibling),
  ])
    print.wrapped(sentence, { hang: 2 });
  print.gap();
  const unanswered = `${whole(failed.gateway)} of the gateway, ${whole(failed.official)} of the official API`;
  if (failed.gateway + failed.official > 0) print.wrapped(`Without an answer: ${unanswered}.`);
  const costs = usage.map(({ costUsd }) => costUsd);
  const cost = costs.reduce((sum, each) => (sum === null || each === null ? null : sum + each), 0);
  const requests = usage.reduce((sum, each) => sum + each.requests, 0);
  const priced = cost === null ? 'not fully priced' : usd(cost);
  print.wrapped(`Cost of this run: ${count(requests, 'request')}, ${priced}.`);
  return print.text();
}

function verdictSentence(report: FidelityReport): string {
  const { verdict, sibling, guessed, smallestShift, comparisons } = report;
  const { name } = report.model;
  switch (verdict) {
    case 'other-model':
      return `Another model answers than ${name}: of the answers that differ, ${percent(100 * guessed)} give the gateway away (50 % = the same).`;
    case 'differs':
      return `The gateway does not answer as the official ${name} does, but nearer to it than ${sibling}: of the answers that differ, ${percent(100 * guessed)} give the gateway away (50 % = the same).`;
    case 'indistinguishable':
      return `No difference from the official ${name} in ${count(comparisons.gateway.pairs, 'pair')}; ${sibling} was distinguished in ${whole(comparisons.sibling.pairs)}.`;
    case 'no-power':
      return `Nothing can be said of ${name}: these pairs would not have shown another model. A shift of ${percent(100 * smallestShift)} of the answers is the least that so many pairs show.`;
  }
}

function nextSentence(report: FidelityReport): string {
  const { verdict, isControlTold, isCached, endedBy, sibling, smallestShift } = report;
  if (isCached)
    return 'The gateway answers from a cache, also where each request is another one. Turn the cache off for this key.';
  if (isControlTold)
    return 'The official API was distinguished from itself, so something else than the model changes the answers. Run it again later.';
  if (verdict === 'no-power') {
    const more = endedBy === 'budget' ? 'a higher --max-cost' : 'more --pairs';
    return `The official API could not be distinguished from ${sibling}. Try ${more}, or another --sibling.`;
  }
  if (verdict === 'other-model')
    return 'Ask the gateway which model serves this name, and do not move before it does.';
  if (verdict === 'differs')
    return 'Ask the gateway about quantised weights, hidden prompts, snapshots and other hosts. The same weights elsewhere may differ and be fine.';
  return `A shift of ${percent(100 * smallestShift)} of the answers would have shown. A smaller one, or a gateway that knows these questions, would not.`;
}

function comparisonSentence(what: string, { pairs, different, log10E }: FidelityComparison): string {
  const odds = log10E > 6 ? 'more than 1,000,000' : figure(10 ** log10E);
  return `${what}: ${count(pairs, 'pair')}, ${whole(different)} differ, evidence ${odds} (1,000 proves).`;
}
