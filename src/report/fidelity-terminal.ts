/** What a fidelity run found, for a terminal or a job's log. */
import type { FidelityReport } from '../check/fidelity/report.ts';
import { fidelityNext, fidelityVerdict } from '../wording/fidelity.ts';
import { fidelityCost, fidelityTable } from './fidelity-sentences.ts';
import { Printer, type PrinterOptions } from './printer.ts';
import { textTable } from './table.ts';

const STYLE = {
  'other-model': 'red',
  differs: 'yellow',
  indistinguishable: 'green',
  'no-power': 'yellow',
} as const;

export function fidelityOnTerminal(report: FidelityReport, options: PrinterOptions): string {
  const print = new Printer(options);
  print.wrapped(fidelityVerdict(report), { style: ['bold', STYLE[report.verdict]] });
  print.wrapped(fidelityNext(report));
  const { head, rows } = fidelityTable(report);
  print.block(textTable([head, ...rows]));
  print.gap();
  print.wrapped(fidelityCost(report));
  return print.text();
}
