/** How a run of `command: observe` is told. */
import * as core from '@actions/core';
import { overviewOf } from '../../measure/overview.ts';
import { measurementSummary, SUMMARY_POINTS } from '../../report/measurement-summary.ts';
import { observedOnTerminal } from '../../report/observe-terminal.ts';
import { refusalLine, refusalSummary, skippedSummary } from '../../report/refusals.ts';
import { plainLine } from '../../wording/foreign-text.ts';
import type { NothingNew, NotObserved } from '../observe/perform.ts';
import type { ObservedInJob } from './conclusion.ts';
import { armOutputs, LOG_COLUMNS, setOutputs, writeSummary } from './job.ts';

interface PublishOptions {
  readonly summary: boolean;
}

export async function publishObserved(
  { measurement, notes, evidence, file, page, stored }: ObservedInJob,
  { summary }: PublishOptions,
): Promise<void> {
  const look = evidence.looks.at(-1) ?? null;
  setOutputs({
    'reason-code': stored.kind === 'error' ? stored.reasonCode : (look?.decision.reasonCode ?? 'observed'),
    decision: look?.decision.kind ?? '',
    report: file,
    html: page ?? '',
    ...armOutputs(measurement.arms),
  });
  const overview = overviewOf(evidence.measurements, SUMMARY_POINTS);
  if (summary && overview !== null) await writeSummary(measurementSummary({ overview, look, notes }));
  const [span] = overviewOf([measurement], 1)?.stages ?? [];
  if (span !== undefined) {
    const { source } = measurement;
    core.info(observedOnTerminal({ span, source, file }, { color: false, columns: LOG_COLUMNS }));
  }
  if (evidence.problem !== null) core.warning(plainLine(evidence.problem, 1000));
  if (stored.kind === 'not-stored') core.warning(plainLine(stored.message, 1000));
  if (stored.kind === 'error') core.setFailed(plainLine(stored.message, 1000));
}

export async function publishNothingNew({ reason }: NothingNew, { summary }: PublishOptions): Promise<void> {
  setOutputs({ 'reason-code': 'nothing_new' });
  if (summary) await writeSummary(skippedSummary('observe', reason));
  core.notice(plainLine(reason, 1000));
}

export async function publishNotObserved(
  { reasonCode, messages }: NotObserved,
  { summary }: PublishOptions,
): Promise<void> {
  setOutputs({ 'reason-code': reasonCode });
  if (summary) await writeSummary(refusalSummary(messages, 'observe'));
  for (const message of messages) core.info(plainLine(message, 1000));
  core.setFailed(refusalLine(messages));
}
