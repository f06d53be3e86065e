/** `gateway-rollout exec`: run a command while a recorder passes its requests on, and report what happened. */
import path from 'node:path';
import type { Writable } from 'node:stream';
import type { Config } from '../config/schema.ts';
import { createRedactor, type Redactor } from '../gateway/redact.ts';
import { aggregate } from '../measure/aggregate.ts';
import type { RequestRecord } from '../measure/record.ts';
import type { RecordedAttempt } from '../measure/recorder/attempt.ts';
import type { ArmRun, ExecReport } from '../measure/recorder/exec-report.ts';
import { IdWatch, type OutputName } from '../measure/recorder/id-watch.ts';
import { openRecordFile, type RecordFile } from '../measure/recorder/record-file.ts';
import { startRecorder } from '../measure/recorder/recorder.ts';
import { summariseRun } from '../measure/recorder/summarise.ts';
import { sourceSecrets } from '../measure/source-settings.ts';
import { execOnTerminal } from '../report/exec-terminal.ts';
import { plainLine } from '../wording/foreign-text.ts';
import { locateConfig, type Refused, readConfig } from './check.ts';
import { runChild, type SignalSource } from './exec/child.ts';
import { childEnvironment } from './exec/environment.ts';
import { type ArmPlan, type ExecPlan, type ExecSettings, planExec } from './exec/plan.ts';
import { writePage } from './page-file.ts';
import { type Environment, type Front, optionName, secretsAtHand } from './settings.ts';
import { sentencesTo, wantsColor } from './terminal.ts';

/** What `exec` needs of the process that hosts it. */
export interface ExecHost {
  /** Directory of the repository, and of the command. */
  readonly directory: string;
  readonly environment: Environment;
  readonly front: Front;
  /** Where the command's own output goes, unchanged. */
  readonly output: Readonly<Record<OutputName, Writable>>;
  readonly signals: SignalSource;
  /** Whether standard input is a terminal, which gives Ctrl-C to the command by itself. */
  readonly atTerminal: boolean;
  /** Told before anything is asked; a log must mask them. */
  readonly onSecrets: (secrets: readonly string[]) => void;
  /** One sentence for people; without secrets. */
  readonly onNote: (note: string) => void;
}

/** The command ran. */
export interface Executed {
  readonly kind: 'executed';
  /** Without secrets. */
  readonly report: ExecReport;
  /** Of the page that was written; null where none was asked for. */
  readonly page: string | null;
}

/** The command could not be started. */
export interface NotStarted {
  readonly kind: 'not-started';
  /** A shell's: 126 or 127. */
  readonly exitCode: number;
  readonly message: string;
}

/** Plan and run. */
export async function performExec(
  settings: ExecSettings,
  config: Config | null,
  host: ExecHost,
): Promise<Executed | NotStarted | Refused> {
  const { environment, front } = host;
  const planned = planExec({ settings, environment, front, config });
  if (planned.kind === 'problems') {
    const reasonCode = planned.problems[0]?.reasonCode ?? 'malformed_input';
    return refused(
      reasonCode,
      planned.problems.map(({ message }) => message),
    );
  }
  const { plan } = planned;
  const atHand = [...secretsAtHand(settings, environment), ...sourceSecrets(environment)];
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
  return html === null ? null : writePage(path.resolve(directory, html), page, html);
}

/** Loaded when it is wanted: the page brings a charting library. */
async function pageOf(
  report: ExecReport,
  records: readonly RequestRecord[],
  { models, ownPrices }: ExecPlan,
): Promise<string> {
  const { execPage } = await import('./exec/page.ts');
  return execPage(report, records, { models, ownPrices });
}

/** A run is counted whole, however long it takes. */
const ALWAYS = { from: 0, to: Number.MAX_SAFE_INTEGER };

interface Session {
  readonly plan: ExecPlan;
  readonly secrets: readonly string[];
  readonly redactor: Redactor;
  readonly file: RecordFile | null;
  /** Of all arms so far. */
  readonly records: RequestRecord[];
  readonly host: ExecHost;
}

async function runArms(session: Session): Promise<readonly ArmRun[] | NotStarted> {
  const { plan, host } = session;
  const runs: ArmRun[] = [];
  for (const armPlan of plan.arms) {
    const { arm, target } = armPlan;
    if (plan.arms.length > 1) host.onNote(`The command runs on the ${arm} arm, ${target.baseUrl}.`);
    const { run, interrupted } = await runArm(armPlan, session);
    if ('kind' in run) return run;
    runs.push(run);
    if (interrupted) break;
  }
  return runs;
}

async function runArm(
  { arm, target, profile }: ArmPlan,
  { plan, secrets, redactor, file, records: all, host }: Session,
): Promise<{ readonly run: ArmRun | NotStarted; readonly interrupted: boolean }> {
  const attempts: RecordedAttempt[] = [];
  const ids = new IdWatch();
  const recorder = await startRecorder({
    arm,
    target,
    profile,
    faults: plan.faults,
    taskPrefix: plan.arms.length > 1 ? `${arm}:` : '',
    onAttempt: (attempt) => {
      const record = redactor.value(attempt.record);
      attempts.push({ ...attempt, record });
      file?.write(record);
    },
    onFailedId: (id) => ids.expect(id),
  });
  const startedMs = performance.now();
  const end = await runChild({
    command: plan.command,
    directory: host.directory,
    environment: childEnvironment(host.environment, secrets, recorder),
    output: host.output,
    onOutput: (stream, bytes) => ids.scan(stream, bytes),
    signals: host.signals,
    atTerminal: host.atTerminal,
  });
  const durationMs = Math.round(performance.now() - startedMs);
  await recorder.stop();
  if (end.kind === 'not-started') return { run: end, interrupted: false };
  const records = attempts.map(({ record }) => record);
  all.push(...records);
  const { models, ownPrices } = plan;
  const counts = await aggregate(records, { window: ALWAYS, slice: null, without: [], models, ownPrices });
  const run = summariseRun({
    arm,
    baseUrl: target.baseUrl,
    profile: recorder.profile?.name ?? null,
    exitCode: end.exitCode,
    durationMs,
    turnedAway: recorder.turnedAway,
    attempts,
    counts: counts[arm],
    faults: plan.faults,
    isLogged: (id) => ids.has(id),
  });
  return { run, interrupted: end.interrupted };
}

/** The file of records, and proof that the page can be written; or all that cannot be. */
async function openFiles(
  plan: ExecPlan,
  host: ExecHost,
): Promise<{ readonly file: RecordFile | null } | Refused> {
  const flaw = await writeHtml(plan, host, '');
  const file = await openOut(plan.out, host);
  if (typeof file === 'string') {
    return refused(
      'unwritable_records',
      [flaw, file].filter((message) => message !== null),
    );
  }
  if (flaw === null) return { file };
  await file?.close();
  return refused('unwritable_page', [flaw]);
}

/** The file, null where none is wanted, or why it cannot be written. */
async function openOut(
  out: string | null,
  { directory, front }: ExecHost,
): Promise<RecordFile | string | null> {
  if (out === null) return null;
  try {
    return await openRecordFile(path.resolve(directory, out));
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    return `The records cannot be written to ${out} (${reason}). Expected a file in a directory that exists and may be written; name another with ${optionName('out', front)}.`;
  }
}

function refused(reasonCode: string, messages: readonly string[]): Refused {
  return { kind: 'refused', reasonCode, messages, configProblems: [] };
}

/** The process's own terminal. */
export interface ExecTerminal {
  readonly stdout: Writable;
  readonly stderr: Writable;
  readonly color: boolean;
  readonly columns: number;
  readonly signals: SignalSource;
  readonly atTerminal: boolean;
}

/** What of a process is used. */
interface ExecProcess extends SignalSource {
  readonly stdin: { readonly isTTY?: boolean };
  readonly stdout: Writable;
  readonly stderr: Writable & { readonly isTTY?: boolean; readonly columns?: number };
  readonly env: Environment;
}

/** The report goes to standard error, so that is where a person may look. */
export function openExecTerminal(host: ExecProcess): ExecTerminal {
  const { stdin, stdout, stderr, env } = host;
  return {
    stdout,
    stderr,
    color: wantsColor(stderr.isTTY === true, env),
    columns: stderr.columns || DEFAULT_COLUMNS,
    signals: host,
    atTerminal: stdin.isTTY === true,
  };
}

/** Width assumed for files, pipes and logs. */
const DEFAULT_COLUMNS = 100;
const EXIT_USAGE = 2;

/**
 * `gateway-rollout exec`. The command's output passes through unchanged and the report follows on stderr; with
 * `--json` the report alone is on stdout, and the command's standard output joins stderr.
 * @returns exit code: the command's; 2 when the call or the config is wrong; 126 or 127 when it cannot be started
 */
export async function runExecCommand(
  settings: ExecSettings,
  { json, directory }: { readonly json: boolean; readonly directory: string },
  environment: Environment,
  terminal: ExecTerminal,
): Promise<number> {
  const { stdout, stderr } = terminal;
  const write = sentencesTo(stderr);
  const tell = (kind: string, text: string) => write(`${kind}: ${plainLine(text, 1000)}\n`);
  const located = await locateConfig(settings, directory);
  const read = located.kind === 'refused' ? located : await readConfig(located, directory);
  const outcome =
    read.kind === 'refused'
      ? read
      : await performExec(settings, read.config, {
          directory,
          environment,
          front: 'command-line',
          output: { stdout: json ? stderr : stdout, stderr },
          signals: terminal.signals,
          atTerminal: terminal.atTerminal,
          onSecrets: () => undefined,
          onNote: (note) => tell('note', note),
        });
  switch (outcome.kind) {
    case 'refused':
      for (const message of outcome.messages) tell('error', message);
      return EXIT_USAGE;
    case 'not-started':
      tell('error', outcome.message);
      return outcome.exitCode;
    case 'executed':
      if (json) stdout.write(`${JSON.stringify(outcome.report, null, 2)}\n`);
      else stderr.write(execOnTerminal(outcome.report, terminal));
      return outcome.report.exitCode;
  }
}
