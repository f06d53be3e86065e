/** What a fidelity run found, in words and as a table. */
import type { FidelityReport } from '../check/fidelity/report.ts';
import type { FidelityComparison } from '../judge/pairs/fidelity-verdict.ts';
import { count, figure, percent, usd, whole } from '../wording/amounts.ts';
import type { FigureTable } from './figure-table.ts';

export function fidelityVerdict(report: FidelityReport): string {
  const { verdict, sibling, guessed, smallestShift, comparisons } = report;
  const { name } = report.model;
  const given = `of the answers that differ, ${percent(100 * guessed)} give the gateway away (50 % = the same)`;
  switch (verdict) {
    case 'other-model':
      return `Another model answers than ${name}: ${given}.`;
    case 'differs':
      return `The gateway does not answer as the official ${name} does, but nearer to it than ${sibling}: ${given}.`;
    case 'indistinguishable':
      return `No difference from the official ${name} in ${count(comparisons.gateway.pairs, 'pair')}; ${sibling} was distinguished in ${whole(comparisons.sibling.pairs)}.`;
    case 'no-power':
      return `Nothing can be said of ${name}: these pairs would not have shown another model. A shift of ${percent(100 * smallestShift)} of the answers is the least that so many pairs show.`;
  }
}

/** What to do next, or what the verdict leaves open. */
export function fidelityNext(report: FidelityReport): string {
  const { verdict, isControlTold, isCached, endedBy, sibling, smallestShift } = report;
  if (isCached)
    return 'The gateway answers from a cache, also where each request is another one. Turn the cache off for this key.';
  if (isControlTold)
    return 'The official API was distinguished from itself, so something else than the model changes the answers. Run it again later.';
  switch (verdict) {
    case 'other-model':
      return 'Ask the gateway which model serves this name, and do not move before it does.';
    case 'differs':
      return 'Ask the gateway about quantised weights, hidden prompts, snapshots and other hosts. The same weights elsewhere may differ and be fine.';
    case 'indistinguishable':
      return `A shift of ${percent(100 * smallestShift)} of the answers would have shown. A smaller one, or a gateway that knows these questions, would not.`;
    case 'no-power':
      return `The official API could not be distinguished from ${sibling}. Allow ${endedBy === 'budget' ? 'a higher cost' : 'more pairs'}, or choose another sibling.`;
  }
}

/** The gateway and both controls. */
export function fidelityTable({ model, sibling, comparisons }: FidelityReport): FigureTable {
  const row = (what: string, { pairs, different, log10E }: FidelityComparison) => [
    what,
    whole(pairs),
    whole(different),
    log10E > 6 ? 'over 1,000,000' : figure(Number((10 ** log10E).toPrecision(4))),
  ];
  return {
    title: 'Compared with the official API',
    head: ['', 'Pairs', 'Differ', 'Evidence (1,000 proves)'],
    rows: [
      row(`Gateway: ${model.gatewayName}`, comparisons.gateway),
      row('First control: the official API again', comparisons.control),
      row(`Second control: official ${sibling}`, comparisons.sibling),
    ],
    more: 0,
  };
}

export function fidelityCost({ usage, failed }: FidelityReport): string {
  const costs = usage.map(({ costUsd }) => costUsd);
  const cost = costs.reduce((sum, each) => (sum === null || each === null ? null : sum + each), 0);
  const requests = usage.reduce((sum, each) => sum + each.requests, 0);
  const spent = `Cost of this run: ${count(requests, 'request')}, ${cost === null ? 'not fully priced' : usd(cost)}.`;
  return failed.official + failed.gateway === 0
    ? spent
    : `${spent} Without an answer: ${whole(failed.gateway)} of the gateway, ${whole(failed.official)} of the official API.`;
}

/** Our own questions. */
export function fidelityPrompts({ kept: { prompts } }: FidelityReport): readonly string[] {
  return prompts.map(({ text, temperature }) =>
    temperature === null ? text : `${text} (temperature ${temperature})`,
  );
}
