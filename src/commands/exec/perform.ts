/** A run of `exec`, whoever asks for it: plan, record, report. */
import { resolve } from 'node:path';
import type { Config } from '../../config/schema.ts';
import { createRedactor } from '../../gateway/redact.ts';
import type { RequestRecord } from '../../measure/record.ts';
import type { ExecReport } from '../../measure/recorder/exec-report.ts';
import { openRecordFile, type RecordFile } from '../../measure/recorder/record-file.ts';
import { sourceSecrets } from '../../measure/source-settings.ts';
import { writePage } from '../page-file.ts';
import { type Refused, refuse, refuseCall } from '../refusal.ts';
import { knownSecrets, optionName } from '../settings.ts';
import type { NotStarted } from './child.ts';
import { type ExecPlan, type ExecSettings, planExec } from './plan.ts';
import { type ExecHost, runArms } from './run-arms.ts';

/** The command ran. */
export interface Executed {
  readonly kind: 'executed';
  /** Without secrets. */
  readonly report: ExecReport;
  /** Of the page that was written; null where none was asked for. */
  readonly page: string | null;
}

/** Plans and runs; the exit code of the report is that of the first arm that failed. */
export async function performExec(
  settings: ExecSettings,
  config: Config | null,
  host: ExecHost,
): Promise<Executed | NotStarted | Refused> {
  const { environment, front } = host;
  const planned = planExec({ settings, environment, front, config });
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
  if (lost !== null) host.onNote(`Records were lost: ${plan.out} could not be written (${lost}).`);
  if ('kind' in runs) return runs;
  const report: ExecReport = redactor.value({
    schema: 1,
    command: plan.title,
    exitCode: runs.find(({ exitCode }) => exitCode !== 0)?.exitCode ?? 0,
    records: lost === null ? plan.out : null,
    arms: runs,
  });
  const unwritten =
    plan.html === null ? null : await writeHtml(plan, host, await pageOf(report, records, plan));
  if (unwritten !== null) host.onNote(unwritten);
  return { kind: 'executed', report, page: unwritten === null ? plan.html : null };
}

/** Why the page could not be written, or null. */
async function writeHtml({ html }: ExecPlan, { directory }: ExecHost, page: string): Promise<string | null> {
  return html === null ? null : writePage(resolve(directory, html), page, html);
}

/** Loaded when it is wanted: the page brings a charting library. */
async function pageOf(
  report: ExecReport,
  records: readonly RequestRecord[],
  { models, ownPrices }: ExecPlan,
): Promise<string> {
  const { execPage } = await import('./page.ts');
  return execPage(report, records, { models, ownPrices });
}

/** The file of records, and proof that the page can be written; or all that cannot be. */
async function openFiles(
  plan: ExecPlan,
  host: ExecHost,
): Promise<{ readonly file: RecordFile | null } | Refused> {
  const flaw = await writeHtml(plan, host, '');
  const file = await openOut(plan.out, host);
  if (typeof file === 'string') {
    return refuse(
      'unwritable_records',
      [flaw, file].filter((message) => message !== null),
    );
  }
  if (flaw === null) return { file };
  await file?.close();
  return refuse('unwritable_page', [flaw]);
}

/** The file, null where none is wanted, or why it cannot be written. */
async function openOut(
  out: string | null,
  { directory, front }: ExecHost,
): Promise<RecordFile | string | null> {
  if (out === null) return null;
  try {
    return await openRecordFile(resolve(directory, out));
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    return `The records cannot be written to ${out} (${reason}). Expected a file in a directory that exists and may be written; name another with ${optionName('out', front)}.`;
  }
}
