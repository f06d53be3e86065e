/** Runs the command on each arm, through a recorder. */
import type { Writable } from 'node:stream';
import type { Environment } from '../../config/environment.ts';
import type { Redactor } from '../../gateway/redact.ts';
import { aggregate } from '../../measure/aggregate.ts';
import type { RequestRecord } from '../../measure/record.ts';
import type { RecordedAttempt } from '../../measure/recorder/attempt.ts';
import type { ArmRun } from '../../measure/recorder/exec-report.ts';
import { IdWatch, type OutputName } from '../../measure/recorder/id-watch.ts';
import type { RecordFile } from '../../measure/recorder/record-file.ts';
import { startRecorder } from '../../measure/recorder/recorder.ts';
import { summariseRun } from '../../measure/recorder/summarise.ts';
import type { NamedOrigins } from '../named-origins.ts';
import type { Front } from '../settings.ts';
import { type NotStarted, runChild, type SignalSource } from './child.ts';
import { childEnvironment } from './environment.ts';
import type { ArmRoute, ExecPlan } from './plan.ts';

/** What `exec` needs of the process that hosts it. */
export interface ExecHost {
  /** The repository; the command runs in it. */
  readonly directory: string;
  readonly environment: Environment;
  readonly front: Front;
  /** Inside GitHub Actions: where keys may go. */
  readonly named?: NamedOrigins | null;
  /** Gets the command's own output, unchanged. */
  readonly output: Readonly<Record<OutputName, Writable>>;
  readonly signals: SignalSource;
  /** Whether standard input is a terminal: it sends Ctrl-C to the command by itself. */
  readonly atTerminal: boolean;
  /** Called before any request is sent; a log must mask them. */
  readonly onSecrets: (secrets: readonly string[]) => void;
  /** One sentence for people; without secrets. */
  readonly onNote: (note: string) => void;
}

/** All records of a run are counted. */
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

/** One arm after the other. Stops at a command that cannot be started or was interrupted. */
export async function runArms(session: Session): Promise<readonly ArmRun[] | NotStarted> {
  const { plan, host } = session;
  const runs: ArmRun[] = [];
  for (const route of plan.arms) {
    const { arm, access } = route;
    if (plan.arms.length > 1) host.onNote(`Running the command on the ${arm} arm, ${access.baseUrl}.`);
    const { run, interrupted } = await runArm(route, session);
    if ('kind' in run) return run;
    runs.push(run);
    if (interrupted) break;
  }
  return runs;
}

async function runArm(
  { arm, access, profile }: ArmRoute,
  { plan, secrets, redactor, file, records: all, host }: Session,
): Promise<{ readonly run: ArmRun | NotStarted; readonly interrupted: boolean }> {
  const attempts: RecordedAttempt[] = [];
  const ids = new IdWatch();
  const recorder = await startRecorder({
    arm,
    access,
    profile,
    secrets,
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
    baseUrl: access.baseUrl,
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
