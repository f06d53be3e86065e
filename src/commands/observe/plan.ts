/** From what people set to what `observe` measures next; pure. */

import type { Config, RolloutStage } from '../../config/schema.ts';
import { DURATION_EXPECTED, formatDuration, parseDuration } from '../../config/units.ts';
import type { Window } from '../../measure/instant.ts';
import { nextWindow } from '../../measure/next-window.ts';
import {
  findStage,
  firstProductionStage,
  type StageQuestion,
  stageQuestion,
} from '../../measure/stage-question.ts';
import { type Front, optionName, present } from '../settings.ts';
import type { LastMeasurement } from './measurement-file.ts';

/** As people typed it. */
export interface ObserveSettings {
  /** Path of the config file. */
  readonly config?: string | undefined;
  /** Name of the rollout, where a repository has several. */
  readonly name?: string | undefined;
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
  /** Milliseconds since 1970. */
  readonly now: number;
  /** How long after its end a window is known for good, in milliseconds. */
  readonly lag: number;
}

export type PlannedObservation =
  | {
      readonly kind: 'plan';
      readonly window: Window;
      readonly about: StageQuestion;
      readonly notes: readonly string[];
    }
  | { readonly kind: 'too-soon'; readonly reason: string }
  | { readonly kind: 'error'; readonly reasonCode: 'clock_skew'; readonly reason: string }
  | { readonly kind: 'problems'; readonly problems: readonly ObserveProblem[] };

/** The window and the stage. All problems are told at once. */
export function planObservation(request: ObserveRequest): PlannedObservation {
  const { config, last, now, lag, interval } = request;
  const since = readSince(request);
  const stage = readStage(request);
  const problems = [since, stage].flatMap((read) => ('problem' in read ? [read.problem] : []));
  if ('problem' in since || 'problem' in stage) return { kind: 'problems', problems };
  const next = nextWindow({ now, lag, interval, last: last?.window ?? null, since: since.value });
  if (next.kind !== 'window') return next;
  const about = stageQuestion(config, stage.value);
  return {
    kind: 'plan',
    window: next.window,
    about,
    notes: [...stage.notes, ...changeNotes(request, about)],
  };
}

type ReadValue<T> =
  | { readonly value: T; readonly notes: readonly string[] }
  | { readonly problem: ObserveProblem };

/** Longer than any log is kept. */
const LONGEST_SINCE = 366 * 86_400_000;

function readSince({ settings, front }: ObserveRequest): ReadValue<number | null> {
  const text = present(settings.since);
  if (text === null) return { value: null, notes: [] };
  const parsed = parseDuration(text.trim());
  if (parsed.ok && parsed.value > 0 && parsed.value <= LONGEST_SINCE)
    return { value: parsed.value, notes: [] };
  const suggestion = !parsed.ok && parsed.suggestion !== null ? ` Did you mean ${parsed.suggestion}?` : '';
  const message = `The value of ${optionName('since', front)} is "${text}". Expected ${DURATION_EXPECTED}, above 0s and at most ${formatDuration(LONGEST_SINCE)}.${suggestion}`;
  return { problem: { reasonCode: 'malformed_input', message } };
}

/** The stage that is named, else that of the last measurement, else the first that moves traffic. */
function readStage({ settings, front, config, last }: ObserveRequest): ReadValue<RolloutStage> {
  const labels = config.rollout.stages.map(({ label }) => label).join(', ');
  const named = present(settings.stage);
  const text = named ?? last?.stage ?? null;
  if (text === null) return defaultStage(config, front);
  const stage = findStage(config, text);
  if (stage !== null) return { value: stage, notes: [] };
  const who =
    named === null ? 'The last measurement counts towards' : `The value of ${optionName('stage', front)} is`;
  const message = `${who} "${text}", which is no stage of the config. Expected ${optionName('stage', front)} to be one of ${labels}.`;
  return { problem: { reasonCode: 'unknown_stage', message } };
}

function defaultStage(config: Config, front: Front): ReadValue<RolloutStage> {
  const stage = firstProductionStage(config);
  if (stage === null) {
    const message = `The config has no stage that moves traffic. Name one of its stages with ${optionName('stage', front)}.`;
    return { problem: { reasonCode: 'no_production_stage', message } };
  }
  const note = `No stage is named: the measurement counts towards ${stage.label}, the first that moves traffic. Name another with ${optionName('stage', front)}.`;
  return { value: stage, notes: [note] };
}

/** Nobody here knows when the share was raised; a window across that minute mixes two stages. */
function changeNotes({ last }: ObserveRequest, { stage }: StageQuestion): string[] {
  if (last === null || last.stage === stage) return [];
  return [
    `The last measurement counts towards ${last.stage}, and this one, which begins where that one ends, towards ${stage}. Measure once more before a share is raised, so that no window holds two stages.`,
  ];
}
