/** Runs the command on each arm, through a recorder. */
import type { Writable } from 'node:stream';
import type { Redactor } from '../../gateway/redact.ts';
import { comparePairs } from '../../judge/pairs/compare-pairs.ts';
import { aggregate } from '../../measure/aggregate.ts';
import type { RecordPair } from '../../measure/pairs.ts';
import type { RequestRecord } from '../../measure/record.ts';
import type { RecordedAttempt } from '../../measure/recorder/attempt.ts';
import type { ArmRun, ShadowReport } from '../../measure/recorder/exec-report.ts';
import { IdWatch, type OutputName } from '../../measure/recorder/id-watch.ts';
import type { RecordFile } from '../../measure/recorder/record-file.ts';
import { startRecorder } from '../../measure/recorder/recorder.ts';
import { Shadow } from '../../measure/recorder/shadow.ts';
import { summariseRun } from '../../measure/recorder/summarise.ts';
import type { ArmCall } from '../arms.ts';
import { type NotStarted, runChild, type SignalSource } from './child.ts';
import { childEnvironment, withoutKeys } from './environment.ts';
import type { ArmRoute, ExecPlan, ExecSettings } from './plan.ts';
import { Scorer } from './scorer.ts';

export interface ExecCall extends ArmCall<ExecSettings> {
  /** Gets the command's own output, unchanged. */
  readonly output: Readonly<Record<OutputName, Writable>>;
  readonly signals: SignalSource;
  /** Whether standard input is a terminal: it sends Ctrl-C to the command by itself. */
  readonly atTerminal: boolean;
}

/** All records of a run are counted. */
const ALWAYS = { from: 0, to: Number.MAX_SAFE_INTEGER };

export interface Session {
  readonly plan: ExecPlan;
  readonly secrets: readonly string[];
  readonly redactor: Redactor;
  readonly file: RecordFile | null;
  /** Of all arms so far. */
  readonly records: RequestRecord[];
  readonly host: ExecCall;
}

export interface Runs {
  readonly arms: readonly ArmRun[];
  readonly shadow: ShadowReport | null;
}

/** One arm after the other. Stops at a command that cannot be started or was interrupted. */
export async function runArms(session: Session): Promise<Runs | NotStarted> {
  const { plan, host } = session;
  const runs: ArmRun[] = [];
  let shadow: ShadowReport | null = null;
  for (const route of plan.arms) {
    const { arm, access } = route;
    if (plan.arms.length > 1) host.onNote(`Running the command on the ${arm} arm, ${access.baseUrl}.`);
    const ran = await runArm(route, session);
    if ('kind' in ran) return ran;
    runs.push(...ran.arms);
    shadow = ran.shadow;
    if (ran.interrupted) break;
  }
  return { arms: runs, shadow };
}

async function runArm(
  route: ArmRoute,
  session: Session,
): Promise<(Runs & { readonly interrupted: boolean }) | NotStarted> {
  const { plan, secrets, redactor, file, records: all, host } = session;
  const { arm, access, profile } = route;
  const ids = new IdWatch();
  const kept = (into: RecordedAttempt[]) => (attempt: RecordedAttempt) => {
    const record = redactor.value(attempt.record);
    into.push({ ...attempt, record });
    file?.write(record);
  };
  const attempts: RecordedAttempt[] = [];
  const environment = withoutKeys(host.environment, secrets);
  const scorer = plan.scorer && new Scorer({ command: plan.scorer, directory: host.directory, environment });
  const copies = openCopies(route, plan, scorer, kept);
  const recorder = await startRecorder({
    arm,
    access,
    profile,
    secrets,
    faults: plan.faults,
    taskPrefix: plan.arms.length > 1 ? `${arm}:` : '',
    shadows: copies?.shadows ?? [],
    onAttempt: kept(attempts),
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
  if (end.kind === 'not-started' || end.interrupted) scorer?.stop();
  else if (scorer?.waiting)
    host.onNote(`The command ended; ${scorer.waiting} pairs of answers are still to be scored.`);
  await recorder.stop();
  if (end.kind === 'not-started') return end;
  const about = { exitCode: end.exitCode, durationMs, turnedAway: recorder.turnedAway };
  const summarise = async (of: ArmRoute, found: readonly RecordedAttempt[], name: string | null) => {
    const records = found.map(({ record }) => record);
    all.push(...records);
    const { models, ownPrices } = plan;
    const counts = await aggregate(records, { window: ALWAYS, slice: null, without: [], models, ownPrices });
    return summariseRun({
      ...about,
      arm: of.arm,
      baseUrl: of.access.baseUrl,
      profile: name,
      attempts: found,
      counts: counts[of.arm],
      faults: of === route ? plan.faults : [],
      isLogged: (id) => ids.has(id),
    });
  };
  const run = await summarise(route, attempts, recorder.profile?.name ?? null);
  const { interrupted } = end;
  if (copies === null || plan.shadow === null) return { arms: [run], shadow: null, interrupted };
  const shown = copies.gateway.map((each) => ({ ...each, record: { ...each.record, shadow: false } }));
  return {
    arms: [run, await summarise(plan.shadow, shown, null)],
    shadow: {
      notCopied: attempts.length - copies.gateway.length,
      gateway: comparePairs(pairsOf(attempts, copies.gateway)),
      again: comparePairs(pairsOf(attempts, copies.again)),
      unscored: scorer?.unscored ?? {},
    },
    interrupted,
  };
}

/** The official API is asked twice for one request in so many. */
const AGAIN_EVERY = 5;

function openCopies(
  official: ArmRoute,
  { shadow, models }: ExecPlan,
  scorer: Scorer | null,
  kept: (into: RecordedAttempt[]) => (attempt: RecordedAttempt) => void,
) {
  if (shadow === null) return null;
  const [gateway, again]: [RecordedAttempt[], RecordedAttempt[]] = [[], []];
  const rename = (name: string) => models.find((model) => model.name === name)?.gateway_name ?? name;
  const score = scorer?.score ?? null;
  const shadows = [
    new Shadow({ ...shadow, every: 1, rename, score, onCopy: kept(gateway) }),
    new Shadow({ ...official, every: AGAIN_EVERY, score, rename: (name) => name, onCopy: kept(again) }),
  ];
  return { shadows, gateway, again };
}

function pairsOf(
  attempts: readonly RecordedAttempt[],
  copies: readonly RecordedAttempt[],
): readonly RecordPair[] {
  const officials = new Map(attempts.map(({ request, record }) => [request, record]));
  return copies
    .toSorted((a, b) => a.request - b.request)
    .flatMap(({ request, record: other }) => {
      const official = officials.get(request);
      return official === undefined ? [] : [{ official, other }];
    });
}
