/** Runs `exec`, on a terminal and in a job alike: plan, record, report. */
import { resolve } from 'node:path';
import { createRedactor } from '../../gateway/redact.ts';
import { aggregate } from '../../measure/aggregate.ts';
import { overviewOf } from '../../measure/overview.ts';
import { endOf, type RequestRecord } from '../../measure/record.ts';
import type { ExecReport } from '../../measure/recorder/exec-report.ts';
import { openRecordFile, type RecordFile } from '../../measure/recorder/record-file.ts';
import { sourceSecrets } from '../../measure/source-settings.ts';
import { writePage } from '../page-file.ts';
import { type Refused, reasonOf, refuse, refuseCall } from '../refusal.ts';
import { knownSecrets, optionName } from '../settings.ts';
import type { NotStarted } from './child.ts';
import { type ExecPlan, planExec } from './plan.ts';
import { type ExecCall, runArms } from './run-arms.ts';

export interface Executed {
  readonly kind: 'executed';
  /** Without secrets. */
  readonly report: ExecReport;
  /** The file of the page; null where none was written. */
  readonly page: string | null;
}

/** Plans and runs. The report has the exit code of the first arm that failed. */
export async function performExec(call: ExecCall): Promise<Executed | NotStarted | Refused> {
  const { settings, environment } = call;
  const planned = planExec(call);
  if (planned.kind === 'problems') return refuseCall(planned.problems);
  const { plan } = planned;
  const atHand = [...knownSecrets(settings, environment), ...sourceSecrets(environment)];
  const secrets = [...new Set([...planned.secrets, ...atHand])];
  call.onSecrets(secrets);
  planned.notes.forEach(call.onNote);
  const opened = await openFiles(plan, call);
  if ('kind' in opened) return opened;
  const { file } = opened;
  const redactor = createRedactor(secrets);
  const records: RequestRecord[] = [];
  const runs = await runArms({ plan, secrets, redactor, file, records, host: call });
  const lost = (await file?.close()) ?? null;
  if (lost !== null) call.onNote(`Records were lost: can't write ${plan.out} (${lost}).`);
  if ('kind' in runs) return runs;
  const report: ExecReport = redactor.value({
    schema: 1,
    command: plan.title,
    exitCode: runs.arms.find(({ exitCode }) => exitCode !== 0)?.exitCode ?? 0,
    records: lost === null ? plan.out : null,
    ...runs,
  });
  const problem = plan.html === null ? null : await writeReport(plan.html, report, records, plan, call);
  if (problem !== null) call.onNote(problem);
  return { kind: 'executed', report, page: problem === null ? plan.html : null };
}

/** @returns why the page could not be written, or null */
async function writeReport(
  file: string,
  report: ExecReport,
  records: readonly RequestRecord[],
  { models, ownPrices }: ExecPlan,
  { directory }: ExecCall,
): Promise<string | null> {
  // Loaded when it is wanted: it brings a charting library.
  const { execReportPage } = await import('../../report/html/exec-report.ts');
  const from = Math.floor(records.reduce((least, { ts }) => Math.min(least, ts), Infinity));
  const to = records.reduce((most, record) => Math.max(most, endOf(record) + 1), from);
  const window = { from, to };
  const about = { schema: 1, window, stage: 'local', share: null, source: 'exec' } as const;
  const counting = { window, slice: null, without: [], models, ownPrices };
  const arms = records.length === 0 ? null : await aggregate(records, counting);
  const overview = arms && overviewOf([{ ...about, arms }], 1);
  return writePage(directory, file, execReportPage({ report, records, overview }));
}

/** Opens the file of records and makes sure that the page can be written. All problems are reported together. */
async function openFiles(
  { out, html }: ExecPlan,
  call: ExecCall,
): Promise<{ readonly file: RecordFile | null } | Refused> {
  const problem = html === null ? null : await writePage(call.directory, html, '');
  const file = out === null ? null : await openRecords(out, call);
  const problems = [problem, file].filter((each) => typeof each === 'string');
  if (typeof file === 'string') return refuse('unwritable_records', problems);
  if (problem === null) return { file };
  await file?.close();
  return refuse('unwritable_page', problems);
}

/** The file, or why it cannot be written. */
async function openRecords(out: string, { directory, front }: ExecCall): Promise<RecordFile | string> {
  try {
    return await openRecordFile(resolve(directory, out));
  } catch (error) {
    return `Can't write the records to ${out} (${reasonOf(error)}). Expected a file in a writable directory; choose another with ${optionName('out', front)}.`;
  }
}
