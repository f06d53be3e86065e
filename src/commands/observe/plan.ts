/** From the settings to the window that `observe` measures next; pure. */

import {
  DAY,
  DURATION_EXPECTED,
  formatDuration,
  MINUTE,
  parseDuration,
} from '../../config/durations-and-shares.ts';
import type { Config, RolloutStage } from '../../config/schema.ts';
import { findStage, firstProductionStage } from '../../config/stages.ts';
import type { CurrentStage } from '../../measure/current-stage.ts';
import { formatInstant, type Window } from '../../measure/instant.ts';
import { type MeasurementScope, measurementScope } from '../../measure/measurement-scope.ts';
import { nextWindow, wholeMinute } from '../../measure/next-window.ts';
import { type ConfigChoice, type Front, nonBlank, optionName } from '../settings.ts';
import type { LastMeasurement } from './measurement-file.ts';

/** As people typed it. */
export interface ObserveSettings extends ConfigChoice {
  /** How far back the first window goes, such as `1h`. */
  readonly since?: string | undefined;
  /** The stage that the measurement counts toward, such as `5%`. */
  readonly stage?: string | undefined;
  /** Only list the metrics that may be measured. */
  readonly discover?: boolean | undefined;
  /** Prints what the sources are asked. */
  readonly explain?: boolean | undefined;
  readonly out?: string | undefined;
  /** JSONL file of the team's own evaluations. */
  readonly evaluations?: string | undefined;
  readonly html?: string | undefined;
}

interface ObserveProblem {
  /** Stable. */
  readonly reasonCode: 'malformed_input' | 'unknown_stage' | 'no_production_stage';
  readonly message: string;
}

export interface ObserveInput {
  readonly settings: ObserveSettings;
  readonly front: Front;
  readonly config: Config;
  /** How often production is measured, in milliseconds. */
  readonly interval: number;
  readonly last: LastMeasurement | null;
  /** The current stage of the rollout; null where it is unknown. */
  readonly current: CurrentStage | null;
  /** Milliseconds since 1970. */
  readonly now: number;
  /** How long after its end a window is complete, in milliseconds. */
  readonly lag: number;
}

export type PlannedObservation =
  | {
      readonly kind: 'plan';
      readonly window: Window;
      readonly about: MeasurementScope;
      readonly notes: readonly string[];
      /** The window ends where the rollout's stage began; the rest can be measured next. */
      readonly isMore: boolean;
    }
  | { readonly kind: 'too-soon'; readonly reason: string }
  | { readonly kind: 'error'; readonly reasonCode: 'clock_skew'; readonly reason: string }
  | { readonly kind: 'problems'; readonly problems: readonly ObserveProblem[] };

/** The window and the stage. All problems are reported together. */
export function planObservation(input: ObserveInput): PlannedObservation {
  const { config, last, current, now, lag, interval } = input;
  const since = readSince(input);
  const stage = readStage(input);
  const problems = [since, stage].flatMap((read) => ('problem' in read ? [read.problem] : []));
  if ('problem' in since || 'problem' in stage) return { kind: 'problems', problems };
  const following = nonBlank(input.settings.stage) === null ? current : null;
  const measured = newest(last?.window ?? null, following?.measuredTo ?? null);
  const next = nextWindow({ now, lag, interval, last: measured, since: since.value });
  if (next.kind !== 'window') return next;
  if (following !== null) return planInRollout(input, following, stage.value, next.window);
  const about = measurementScope(config, stage.value);
  const notes = [stage.note, changeNote(input, about)].filter((note) => note !== undefined);
  return { kind: 'plan', window: next.window, about, notes, isMore: false };
}

/** The last stored window, or a later end that the App has counted up to: a partly counted window must not count again. */
function newest(stored: Window | null, counted: number | null): Window | null {
  if (counted === null || (stored !== null && stored.to >= counted)) return stored;
  return { from: counted, to: counted };
}

/**
 * No window mixes two shares. Until the share of the current stage was written, traffic counts toward the stage before,
 * if it is not measured yet.
 */
function planInRollout(
  { config, last, lag }: ObserveInput,
  current: CurrentStage,
  stage: RolloutStage,
  { from, to }: Window,
): PlannedObservation {
  if (current.since === null) {
    return {
      kind: 'too-soon',
      reason: `Nothing counts toward stage ${current.stage} yet: its traffic share is not written. Measure again once it is.`,
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
    const at = formatInstant(begun + MINUTE + lag);
    return {
      kind: 'too-soon',
      reason: `Stage ${current.stage} began at ${formatInstant(current.since)}; its first window is not complete before ${at}. Measure again then.`,
    };
  }
  const about = measurementScope(config, stage);
  const share = current.isRolledBack && stage.kind === 'share' ? 0 : about.share;
  return { kind: 'plan', window, about: { ...about, share }, notes: [], isMore: false };
}

type ReadValue<T> = { readonly value: T; readonly note?: string } | { readonly problem: ObserveProblem };

/** Longer than any log is kept. */
const LONGEST_SINCE = 366 * DAY;

function readSince({ settings, front }: ObserveInput): ReadValue<number | null> {
  const text = nonBlank(settings.since);
  if (text === null) return { value: null };
  const parsed = parseDuration(text.trim());
  if (parsed.ok && parsed.value > 0 && parsed.value <= LONGEST_SINCE) return { value: parsed.value };
  const suggestion = !parsed.ok && parsed.suggestion !== null ? ` Did you mean ${parsed.suggestion}?` : '';
  const message = `The value of ${optionName('since', front)} is "${text}". Expected ${DURATION_EXPECTED}, above 0s and at most ${formatDuration(LONGEST_SINCE)}.${suggestion}`;
  return { problem: { reasonCode: 'malformed_input', message } };
}

/** The stage that is set, else the current one, else that of the last measurement, else the first that moves traffic. */
function readStage({ settings, front, config, last, current }: ObserveInput): ReadValue<RolloutStage> {
  const labels = config.rollout.stages.map(({ label }) => label).join(', ');
  const named = nonBlank(settings.stage);
  const text = named ?? current?.stage ?? last?.stage ?? null;
  if (text === null) return defaultStage(config, front);
  const stage = findStage(config.rollout.stages, text);
  if (stage !== null) return { value: stage };
  const origin = originOf(named, current, optionName('stage', front));
  const message = `${origin} "${text}", but the config has no such stage. Expected ${optionName('stage', front)} to be one of ${labels}.`;
  return { problem: { reasonCode: 'unknown_stage', message } };
}

function originOf(named: string | null, current: CurrentStage | null, option: string): string {
  if (named !== null) return `The value of ${option} is`;
  return current === null ? 'The last measurement counts toward' : 'The rollout is at';
}

function defaultStage(config: Config, front: Front): ReadValue<RolloutStage> {
  const stage = firstProductionStage(config.rollout.stages);
  if (stage === null) {
    const message = `The config has no stage that moves traffic. Choose one of its stages with ${optionName('stage', front)}.`;
    return { problem: { reasonCode: 'no_production_stage', message } };
  }
  const note = `The measurement counts toward ${stage.label}, the first stage that moves traffic. Choose another with ${optionName('stage', front)}.`;
  return { value: stage, note };
}

/** The time at which the share changed is unknown here; a window across it would mix two stages. */
function changeNote({ last }: ObserveInput, { stage }: MeasurementScope): string | undefined {
  if (last === null || last.stage === stage) return undefined;
  return `This measurement counts toward ${stage} and starts where the last one, for ${last.stage}, ended. Measure right before you raise a share, so that no window mixes two stages.`;
}
