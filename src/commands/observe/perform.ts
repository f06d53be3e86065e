/** Measures one window of production, on a terminal and in a job alike: from the plan to the stored line. */
import { readFile } from 'node:fs/promises';
import { resolve } from 'node:path';
import { whyUnreadable } from '../../config/files.ts';
import type { Config } from '../../config/schema.ts';
import { createRedactor, type Redactor } from '../../gateway/redact.ts';
import { askClock } from '../../measure/clock.ts';
import type { CurrentStage } from '../../measure/current-stage.ts';
import { parseEvaluations, type ReadEvaluations } from '../../measure/evaluations.ts';
import { measureWindow, unmeasuredArms } from '../../measure/measure-window.ts';
import type { Measurement } from '../../measure/measurement.ts';
import type { Money } from '../../measure/money.ts';
import { MOST_SKEW } from '../../measure/next-window.ts';
import { type OpenedSources, openSources, type SourceUrl } from '../../measure/open-source.ts';
import type { Patience } from '../../measure/patience.ts';
import type { SourceError } from '../../measure/source.ts';
import { sourceSecrets } from '../../measure/source-settings.ts';
import { count, minute, money } from '../../wording/amounts.ts';
import { cacheAdvice } from '../../wording/cache-advice.ts';
import type { ArmSources } from '../arms.ts';
import { newSourceAddress } from '../named-origins.ts';
import { problemsOf, type Refused, refuse, refuseCall } from '../refusal.ts';
import { type CommandHost, type Front, nonBlank, optionName } from '../settings.ts';
import { type MeasurementFile, openMeasurementFile } from './measurement-file.ts';
import { withoutNames } from './names.ts';
import { type ObserveSettings, type PlannedObservation, planObservation } from './plan.ts';

export interface ObserveHost extends CommandHost {
  /** Whether the workflow of this run may name the sources' addresses; outside GitHub Actions, true. */
  readonly workflowCounts?: boolean;
  /** Milliseconds since 1970. */
  readonly now: () => number;
  /** Whether only the team can read the stored measurements; if not, they name no keys and no members. */
  readonly isPrivate: boolean;
  /** The current stage of the rollout, if known. */
  readonly current?: CurrentStage | null;
  /** Called with each query or statement before a source gets it. */
  readonly onQuery?: (query: string) => void;
  /** Where the keys of both arms come from, for questions of our own; without it none are asked. */
  readonly arms?: Pick<ArmSources, 'settings' | 'named'>;
  /** Overrides the default; tests are less patient. */
  readonly patience?: Partial<Patience>;
}

export interface Observed {
  readonly kind: 'observed';
  /** Without secrets. */
  readonly measurement: Measurement;
  /** Remarks for people, such as lines that were left out; without secrets. */
  readonly notes: readonly string[];
  /** The config that it was measured with. */
  readonly config: Config;
  /** Another window can be measured right away: the rollout has moved to another stage meanwhile. */
  readonly isMore: boolean;
}

/** Every complete window is measured already. */
export interface NothingNew {
  readonly kind: 'nothing-new';
  readonly reason: string;
}

/** A source failed or its data is wrong. Nothing was stored, so the next window starts where this one would have. */
export interface NotObserved {
  readonly kind: 'failed';
  /** Of the first error, such as `unauthorized` or `clock_skew`. */
  readonly reasonCode: string;
  readonly messages: readonly string[];
}

/** Measures the window since the last one, and stores it in the file `settings.out`, if set. */
export async function performObserve(
  settings: ObserveSettings,
  config: Config | null,
  host: ObserveHost,
): Promise<Observed | NothingNew | NotObserved | Refused> {
  const secrets = sourceSecrets(host.environment);
  host.onSecrets(secrets);
  const added = newSourceAddress(host.environment, host.workflowCounts ?? true);
  if (added !== null) return refuse('new_address', [added]);
  const required = requireMeasure(config, host.front);
  if (required.kind === 'refused') return required;
  const prepared = await prepare(settings, required, host);
  return prepared.kind === 'prepared' ? measureAndStore(prepared, createRedactor(secrets), host) : prepared;
}

/** A config that names the sources of the metrics, and how often production is measured, or what is missing. */
export function requireMeasure(config: Config | null, front: Front) {
  if (config === null) return refuse('config_missing', [configMissing(front)]);
  if (config.measure === null) return refuse('measure_missing', [MEASURE_MISSING]);
  return { kind: 'measurable', config, interval: config.measure.interval } as const;
}

interface Prepared {
  readonly kind: 'prepared';
  readonly config: Config;
  readonly interval: number;
  readonly opened: OpenedSources;
  readonly file: MeasurementFile | null;
  readonly planned: Extract<PlannedObservation, { kind: 'plan' }>;
  readonly read: ReadEvaluations;
}

/** Everything that can fail before a source is queried. All problems are reported together. */
async function prepare(
  settings: ObserveSettings,
  { config, interval }: Pick<Prepared, 'config' | 'interval'>,
  host: ObserveHost,
): Promise<Prepared | NothingNew | NotObserved | Refused> {
  const { directory, front } = host;
  const opened = await openSources({ ...host, config });
  const out = nonBlank(settings.out);
  const file =
    out === null ? null : await openMeasurementFile(resolve(directory, out), out, optionName('out', front));
  const last = file?.kind === 'file' ? file.last : null;
  const read = await readEvaluations(nonBlank(settings.evaluations), directory, last?.evaluations);
  const planned = planObservation({
    settings,
    front,
    config,
    interval,
    last,
    current: host.current ?? null,
    now: host.now(),
    lag: opened.kind === 'sources' ? opened.lagMs : 0,
  });
  const problems = [
    ...(opened.kind === 'problems' ? opened.problems : []),
    ...(file?.kind === 'refused' ? problemsOf(file) : []),
    ...(planned.kind === 'problems' ? planned.problems : []),
    ...read.problems.map((message) => ({ reasonCode: 'invalid_evaluations', message })),
  ];
  if (
    opened.kind === 'problems' ||
    file?.kind === 'refused' ||
    planned.kind === 'problems' ||
    read.problems.length > 0
  ) {
    return refuseCall(problems);
  }
  if (planned.kind === 'too-soon') return { kind: 'nothing-new', reason: planned.reason };
  if (planned.kind === 'error') return failed([planned]);
  return { kind: 'prepared', config, interval, opened, file, planned, read };
}

async function measureAndStore(
  { config, interval, opened, file, planned, read }: Prepared,
  redactor: Redactor,
  host: ObserveHost,
): Promise<Observed | NotObserved | Refused> {
  const notes = [
    ...opened.notes,
    ...blindNotes(opened),
    ...(file?.notes ?? []),
    ...planned.notes,
    ...read.notes,
  ];
  for (const note of notes) host.onNote(redactor.text(note));
  const { window, about } = planned;
  host.onNote(`Measuring from ${minute(window.from)} to ${minute(window.to)} UTC.`);
  const skewed = await skewOf(opened.addresses, MOST_SKEW * interval, host.now);
  if (skewed !== null) return failed([skewed]);
  const { stage, share, ...part } = about;
  if (part.without.length > 0) host.onNote(leftOut(stage, part.without));
  const query = { window, now: host.now(), ...part };
  const measured = await measureWindow(opened.sources, query, { stage, share }, interval);
  if (measured.kind === 'error') return failed(redactor.value(measured.errors));
  const { arms: counts } = measured.measurement;
  const isCopying = part.copies === true && share !== 0;
  const remarks = [
    ...measured.notes.map(({ message }) => redactor.text(message)),
    ...[cacheAdvice(config, counts) ?? []].flat(),
    ...(isCopying ? [] : copiesNote(counts.gateway?.copied, stage)),
  ];
  remarks.forEach(host.onNote);
  const { arms } = host;
  const fidelity =
    arms &&
    (await (
      await import('./fidelity.ts')
    ).askFidelity(file?.path ?? null, window, config, { ...host, ...arms }));
  const named = redactor.value({ ...measured.measurement, ...(fidelity && { fidelity }) });
  const measurement = {
    ...(host.isPrivate ? named : withoutNames(named)),
    ...(read.evaluations && { evaluations: read.evaluations }),
  };
  const refusal = await file?.append(measurement);
  const { isMore } = planned;
  return refusal ?? { kind: 'observed', measurement, notes: remarks, config, isMore };
}

/** Each measurement says how many lines are counted, so that the next one can tell. */
async function readEvaluations(
  name: string | null,
  directory: string,
  last: Measurement['evaluations'],
): Promise<ReadEvaluations> {
  const nothing = { problems: [], notes: [] };
  if (name === null) return { ...nothing, evaluations: last ? { ...last, differences: [] } : null };
  try {
    return parseEvaluations(await readFile(resolve(directory, name), 'utf8'), name, last);
  } catch (error) {
    const problem = `${name}: ${whyUnreadable(error)}; expected a JSONL file of tests`;
    return { ...nothing, problems: [problem], evaluations: null };
  }
}

/** A source with a different clock would count into the wrong window. */
async function skewOf(
  addresses: readonly SourceUrl[],
  mostMs: number,
  now: () => number,
): Promise<SourceError | null> {
  const clocks = addresses.map(async ({ source, url }) => ({ source, ms: (await askClock(url, now)) ?? 0 }));
  const skewed = (await Promise.all(clocks)).find(({ ms }) => Math.abs(ms) > mostMs);
  if (skewed === undefined) return null;
  const { source, ms } = skewed;
  const off = `${Math.round(Math.abs(ms) / 1000)} s ${ms > 0 ? 'ahead of' : 'behind'}`;
  return {
    kind: 'error',
    reasonCode: 'clock_skew',
    reason: `The clock of ${source} is ${off} this machine's clock. Expected at most a tenth of measure.interval (${mostMs / 1000} s). Correct the clock that is wrong.`,
  };
}

function blindNotes({ sources }: OpenedSources): string[] {
  return unmeasuredArms(sources).map(
    (arm) => `No metrics for the ${arm} arm: the config names no source for it. Name one in measure.${arm}.`,
  );
}

function copiesNote(copied: Money | undefined, stage: string): string[] {
  if (copied === undefined) return [];
  const requests = count(copied.priced + copied.unpriced, 'request');
  const note = `The application still copied ${requests} to the gateway (${money(copied)}), although nothing should be copied at ${stage} now. Check that it reads the share of copies.`;
  return [note];
}

/** Counting these slices would make the traffic split differ from the stage's share. */
const leftOut = (stage: string, without: readonly string[]): string =>
  `Not counted toward ${stage}, because their share is higher already: ${without.join(', ')}.`;

const configMissing = (front: Front): string =>
  `No config found, so the sources of the metrics are unknown. Expected .github/gateway-rollout.yml with a section measure, or another file set with ${optionName('config', front)}.`;
const MEASURE_MISSING =
  'The config names no source of metrics. Expected a section measure, such as: measure: { source: prometheus }.';

function failed(errors: readonly [SourceFailure, ...SourceFailure[]]): NotObserved {
  const [{ reasonCode }] = errors;
  return { kind: 'failed', reasonCode, messages: errors.map(({ reason }) => reason) };
}

type SourceFailure = Pick<SourceError, 'reasonCode' | 'reason'>;
