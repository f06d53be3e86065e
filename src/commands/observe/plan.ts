/** From what people set to what `observe` measures next; pure. */
import type { Config, RolloutStage } from '../../config/schema.ts';
import { findStage, firstProductionStage } from '../../config/stages.ts';
import { DAY, DURATION_EXPECTED, formatDuration, parseDuration } from '../../config/units.ts';
import type { CurrentStage } from '../../measure/current-stage.ts';
import { formatInstant, type Window } from '../../measure/instant.ts';
import { type MeasurementScope, measurementScope } from '../../measure/measurement-scope.ts';
import { nextWindow, STEP, wholeMinute } from '../../measure/next-window.ts';
import { type ConfigChoice, type Front, nonBlank, optionName } from '../settings.ts';
import type { LastMeasurement } from './measurement-file.ts';

/** As people typed it. */
export interface ObserveSettings extends ConfigChoice {
  /** How far back the first window goes, such as `1h`. */
  readonly since?: string | undefined;
  /** The stage that the measurement counts towards, such as `5%`. */
  readonly stage?: string | undefined;
  /** The file that keeps the measurements. */
  readonly out?: string | undefined;
  /** The page that shows the measurements. */
  readonly html?: string | undefined;
}

export interface ObserveProblem {
  /** Stable. */
  readonly reasonCode: 'malformed_input' | 'unknown_stage' | 'no_production_stage';
  readonly message: string;
}

export interface ObserveRequest {
  readonly settings: ObserveSettings;
  readonly front: Front;
  readonly config: Config;
  /** How often production is looked at, in milliseconds. */
  readonly interval: number;
  readonly last: LastMeasurement | null;
  /** Where the rollout stands; null where nobody tells. */
  readonly current: CurrentStage | null;
  /** Milliseconds since 1970. */
  readonly now: number;
  /** How long after its end a window is known for good, in milliseconds. */
  readonly lag: number;
}

export type PlannedObservation =
  | {
      readonly kind: 'plan';
      readonly window: Window;
      readonly about: MeasurementScope;
      readonly notes: readonly string[];
      /** The window ends where the stage of the rollout began: what came since is measured next. */
      readonly isMore: boolean;
    }
  | { readonly kind: 'too-soon'; readonly reason: string }
  | { readonly kind: 'error'; readonly reasonCode: 'clock_skew'; readonly reason: string }
  | { readonly kind: 'problems'; readonly problems: readonly ObserveProblem[] };

/** The window and the stage. All problems are told at once. */
export function planObservation(request: ObserveRequest): PlannedObservation {
  const { config, last, current, now, lag, interval } = request;
  const since = readSince(request);
  const stage = readStage(request);
  const problems = [since, stage].flatMap((read) => ('problem' in read ? [read.problem] : []));
  if ('problem' in since || 'problem' in stage) return { kind: 'problems', problems };
  const follows = nonBlank(request.settings.stage) === null ? current : null;
  const done = newest(last?.window ?? null, follows?.measuredTo ?? null);
  const next = nextWindow({ now, lag, interval, last: done, since: since.value });
  if (next.kind !== 'window') return next;
  if (follows !== null) return planInRollout(request, follows, stage.value, next.window);
  const about = measurementScope(config, stage.value);
  const notes = [...stage.notes, ...changeNotes(request, about)];
  return { kind: 'plan', window: next.window, about, notes, isMore: false };
}

/** What is stored last, or what the App has counted beyond it: a window that it has counted in part counts no more. */
function newest(stored: Window | null, counted: number | null): Window | null {
  if (counted === null || (stored !== null && stored.to >= counted)) return stored;
  return { from: counted, to: counted };
}

/**
 * No window holds two shares: what came before the share of the present stage was written counts towards the stage
 * before, as far as that is not measured yet.
 */
function planInRollout(
  { config, last, lag }: ObserveRequest,
  current: CurrentStage,
  stage: RolloutStage,
  { from, to }: Window,
): PlannedObservation {
  if (current.since === null) {
    return {
      kind: 'too-soon',
      reason: `The share of stage ${current.stage} is not written yet, and before nothing counts towards it. Measure again then.`,
    };
  }
  const begun = wholeMinute(current.since, Math.ceil);
  const before = last === null || from >= begun ? null : findStage(config.rollout.stages, last.stage);
  if (before !== null) {
    const window = { from, to: Math.min(to, begun) };
    const about = measurementScope(config, before);
    return { kind: 'plan', window, about, notes: [], isMore: window.to < to };
  }
  const window = { from: Math.max(from, begun), to };
  if (window.from >= to) {
    const at = formatInstant(begun + STEP + lag);
    return {
      kind: 'too-soon',
      reason: `Stage ${current.stage} began at ${formatInstant(current.since)}, and what came since is not complete before ${at}. Measure again then.`,
    };
  }
  const about = measurementScope(config, stage);
  const share = current.isRolledBack && about.share !== null ? 0 : about.share;
  return { kind: 'plan', window, about: { ...about, share }, notes: [], isMore: false };
}

type ReadValue<T> =
  | { readonly value: T; readonly notes: readonly string[] }
  | { readonly problem: ObserveProblem };

/** Longer than any log is kept. */
const LONGEST_SINCE = 366 * DAY;

function readSince({ settings, front }: ObserveRequest): ReadValue<number | null> {
  const text = nonBlank(settings.since);
  if (text === null) return { value: null, notes: [] };
  const parsed = parseDuration(text.trim());
  if (parsed.ok && parsed.value > 0 && parsed.value <= LONGEST_SINCE)
    return { value: parsed.value, notes: [] };
  const suggestion = !parsed.ok && parsed.suggestion !== null ? ` Did you mean ${parsed.suggestion}?` : '';
  const message = `The value of ${optionName('since', front)} is "${text}". Expected ${DURATION_EXPECTED}, above 0s and at most ${formatDuration(LONGEST_SINCE)}.${suggestion}`;
  return { problem: { reasonCode: 'malformed_input', message } };
}

/** The stage that is named, else the present one, else that of the last measurement, else the first that moves traffic. */
function readStage({ settings, front, config, last, current }: ObserveRequest): ReadValue<RolloutStage> {
  const labels = config.rollout.stages.map(({ label }) => label).join(', ');
  const named = nonBlank(settings.stage);
  const text = named ?? current?.stage ?? last?.stage ?? null;
  if (text === null) return defaultStage(config, front);
  const stage = findStage(config.rollout.stages, text);
  if (stage !== null) return { value: stage, notes: [] };
  const who = whoNamed(named, current, optionName('stage', front));
  const message = `${who} "${text}", which is no stage of the config. Expected ${optionName('stage', front)} to be one of ${labels}.`;
  return { problem: { reasonCode: 'unknown_stage', message } };
}

function whoNamed(named: string | null, current: CurrentStage | null, option: string): string {
  if (named !== null) return `The value of ${option} is`;
  return current === null ? 'The last measurement counts towards' : 'The rollout stands at';
}

function defaultStage(config: Config, front: Front): ReadValue<RolloutStage> {
  const stage = firstProductionStage(config.rollout.stages);
  if (stage === null) {
    const message = `The config has no stage that moves traffic. Name one of its stages with ${optionName('stage', front)}.`;
    return { problem: { reasonCode: 'no_production_stage', message } };
  }
  const note = `No stage is named: the measurement counts towards ${stage.label}, the first that moves traffic. Name another with ${optionName('stage', front)}.`;
  return { value: stage, notes: [note] };
}

/** Nobody here knows when the share was raised; a window across that minute mixes two stages. */
function changeNotes({ last }: ObserveRequest, { stage }: MeasurementScope): string[] {
  if (last === null || last.stage === stage) return [];
  return [
    `The last measurement counts towards ${last.stage}, and this one, which begins where that one ends, towards ${stage}. Measure once more before a share is raised, so that no window holds two stages.`,
  ];
}
