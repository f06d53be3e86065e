/** Publishes a window that `command: observe` measured. */
import * as core from '@actions/core';
import { overviewOf } from '../../measure/overview.ts';
import { measurementSummary, SUMMARY_POINTS } from '../../report/measurement-summary.ts';
import { plainLine } from '../../wording/foreign-text.ts';
import { observedText } from '../observe/observed-text.ts';
import type { ObservedInJob } from './conclusion.ts';
import { armOutputs, LOG_COLUMNS, type PublishOptions, setOutputs, writeSummary } from './job.ts';

export async function publishObserved(
  { measurement, notes, judged, file, page, stored }: ObservedInJob,
  { summary }: PublishOptions,
): Promise<void> {
  const look = judged.looks.at(-1) ?? null;
  setOutputs({
    'reason-code': stored.kind === 'error' ? stored.reasonCode : (look?.decision.reasonCode ?? 'observed'),
    decision: look?.decision.kind ?? '',
    report: file,
    html: page ?? '',
    ...armOutputs(measurement.arms),
  });
  const overview = overviewOf(judged.measurements, SUMMARY_POINTS);
  if (summary && overview !== null) await writeSummary(measurementSummary({ overview, look, notes }));
  core.info(observedText(measurement, file, { color: false, columns: LOG_COLUMNS }));
  if (judged.problem !== null) core.warning(plainLine(judged.problem, 1000));
  if (stored.kind === 'not-stored') core.warning(plainLine(stored.message, 1000));
  if (stored.kind === 'error') core.setFailed(plainLine(stored.message, 1000));
}
