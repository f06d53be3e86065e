/** A measurement as text for a terminal or a job's log. */

import { withCopies } from '../../measure/add.ts';
import type { Measurement } from '../../measure/measurement.ts';
import { overviewOf } from '../../measure/overview.ts';
import { observedOnTerminal } from '../../report/observe-terminal.ts';
import type { PrinterOptions } from '../../report/printer.ts';

/** @param file the file that keeps the measurement; null where none does */
export function observedText(measurement: Measurement, file: string | null, options: PrinterOptions): string {
  const [span] = overviewOf([measurement.pairs ? withCopies(measurement) : measurement], 1)?.stages ?? [];
  return span === undefined ? '' : observedOnTerminal({ span, source: measurement.source, file }, options);
}
