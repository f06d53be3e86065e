/** Runs the command on each arm, with a recorder before it. */
import type { Writable } from 'node:stream';
import type { Redactor } from '../../gateway/redact.ts';
import { aggregate } from '../../measure/aggregate.ts';
import type { RequestRecord } from '../../measure/record.ts';
import type { RecordedAttempt } from '../../measure/recorder/attempt.ts';
import type { ArmRun } from '../../measure/recorder/exec-report.ts';
import { IdWatch, type OutputName } from '../../measure/recorder/id-watch.ts';
import type { RecordFile } from '../../measure/recorder/record-file.ts';
import { startRecorder } from '../../measure/recorder/recorder.ts';
import { summariseRun } from '../../measure/recorder/summarise.ts';
import type { Environment, Front } from '../settings.ts';
import { type NotStarted, runChild, type SignalSource } from './child.ts';
import { childEnvironment } from './environment.ts';
import type { ArmPlan, ExecPlan } from './plan.ts';

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

/** A run is counted whole, however long it takes. */
const ALWAYS = { from: 0, to: Number.MAX_SAFE_INTEGER };

/** One run of `exec` on all its arms. */
export interface Session {
  readonly plan: ExecPlan;
  readonly secrets: readonly string[];
  readonly redactor: Redactor;
  readonly file: RecordFile | null;
  /** Of all arms so far. */
  readonly records: RequestRecord[];
  readonly host: ExecHost;
}

/** One arm after the other; what cannot be started, or was interrupted, is not tried on the next. */
export async function runArms(session: Session): Promise<readonly ArmRun[] | NotStarted> {
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
