/** Runs `exec`, on a terminal and in a job alike: plan, record, report. */
import { resolve } from 'node:path';
import type { Config } from '../../config/schema.ts';
import { createRedactor } from '../../gateway/redact.ts';
import type { RequestRecord } from '../../measure/record.ts';
import type { ExecReport } from '../../measure/recorder/exec-report.ts';
import { openRecordFile, type RecordFile } from '../../measure/recorder/record-file.ts';
import { sourceSecrets } from '../../measure/source-settings.ts';
import { writePage } from '../page-file.ts';
import { type Refused, reasonOf, refuse, refuseCall } from '../refusal.ts';
import { knownSecrets, optionName } from '../settings.ts';
import type { NotStarted } from './child.ts';
import { type ExecPlan, type ExecSettings, planExec } from './plan.ts';
import { type ExecHost, runArms } from './run-arms.ts';

export interface Executed {
  readonly kind: 'executed';
  /** Without secrets. */
  readonly report: ExecReport;
  /** The file of the page; null where none was written. */
  readonly page: string | null;
}

/** Plans and runs. The report has the exit code of the first arm that failed. */
export async function performExec(
  settings: ExecSettings,
  config: Config | null,
  host: ExecHost,
): Promise<Executed | NotStarted | Refused> {
  const { environment, front, named = null } = host;
  const planned = planExec({ settings, environment, front, config, named });
  if (planned.kind === 'problems') return refuseCall(planned.problems);
  const { plan } = planned;
  const atHand = [...knownSecrets(settings, environment), ...sourceSecrets(environment)];
  const secrets = [...new Set([...planned.secrets, ...atHand])];
  host.onSecrets(secrets);
  planned.notes.forEach(host.onNote);
  const opened = await openFiles(plan, host);
  if ('kind' in opened) return opened;
  const { file } = opened;
  const redactor = createRedactor(secrets);
  const records: RequestRecord[] = [];
  const runs = await runArms({ plan, secrets, redactor, file, records, host });
  const lost = (await file?.close()) ?? null;
  if (lost !== null) host.onNote(`Records were lost: can't write ${plan.out} (${lost}).`);
  if ('kind' in runs) return runs;
  const report: ExecReport = redactor.value({
    schema: 1,
    command: plan.title,
    exitCode: runs.arms.find(({ exitCode }) => exitCode !== 0)?.exitCode ?? 0,
    records: lost === null ? plan.out : null,
    ...runs,
  });
  const problem = plan.html === null ? null : await writeReport(plan.html, report, records, plan, host);
  if (problem !== null) host.onNote(problem);
  return { kind: 'executed', report, page: problem === null ? plan.html : null };
}

/** Loaded when it is wanted: the page brings a charting library. @returns why it could not be written, or null */
async function writeReport(
  file: string,
  report: ExecReport,
  records: readonly RequestRecord[],
  { models, ownPrices }: ExecPlan,
  { directory }: ExecHost,
): Promise<string | null> {
  const { execPage } = await import('./page.ts');
  return writePage(directory, file, await execPage(report, records, { models, ownPrices }));
}

/** Opens the file of records and makes sure that the page can be written. All problems are reported together. */
async function openFiles(
  { out, html }: ExecPlan,
  host: ExecHost,
): Promise<{ readonly file: RecordFile | null } | Refused> {
  const problem = html === null ? null : await writePage(host.directory, html, '');
  const file = out === null ? null : await openRecords(out, host);
  const problems = [problem, file].filter((each) => typeof each === 'string');
  if (typeof file === 'string') return refuse('unwritable_records', problems);
  if (problem === null) return { file };
  await file?.close();
  return refuse('unwritable_page', problems);
}

/** The file, or why it cannot be written. */
async function openRecords(out: string, { directory, front }: ExecHost): Promise<RecordFile | string> {
  try {
    return await openRecordFile(resolve(directory, out));
  } catch (error) {
    return `Can't write the records to ${out} (${reasonOf(error)}). Expected a file in a writable directory; choose another with ${optionName('out', front)}.`;
  }
}
