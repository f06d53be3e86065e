/** What a fidelity run found, as a table; and what it asked and cost. */
import type { FidelityReport } from '../check/fidelity/report.ts';
import type { FidelityComparison } from '../judge/pairs/fidelity-verdict.ts';
import { figure, whole } from '../wording/amounts.ts';
import { usageSentence } from './check-sentences.ts';
import type { FigureTable } from './figure-table.ts';

/** The gateway and both controls. */
export function fidelityTable({ model, sibling, comparisons }: FidelityReport): FigureTable {
  const row = (what: string, { pairs, different, log10E }: FidelityComparison) => [
    what,
    whole(pairs),
    pairs === 0 ? whole(different) : `${whole(different)} (${Math.round((100 * different) / pairs)} %)`,
    log10E > 6 ? 'over 1,000,000' : figure(Number((10 ** log10E).toPrecision(4))),
  ];
  return {
    title: 'Compared with the official API',
    head: ['', 'Pairs', 'Answers that differ', 'Evidence (1,000 proves)'],
    rows: [
      row(`Gateway: ${model.gatewayName}`, comparisons.gateway),
      row('First control: the official API again', comparisons.control),
      row(`Second control: official ${sibling}`, comparisons.sibling),
    ],
  };
}

export function fidelityCost({ usage, failed }: FidelityReport): string {
  const spent = `Cost of this run: ${usageSentence(usage)}.`;
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
