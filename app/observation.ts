/** Measures production with the sources that the App's operator configured; a repository cannot set them. */

import type { Environment } from '../src/config/environment.ts';
import type { Config } from '../src/config/schema.ts';
import type { HealthProblem } from '../src/judge/health.ts';
import { askClock } from '../src/measure/clock.ts';
import { measureWindow } from '../src/measure/measure-window.ts';
import type { Measurement } from '../src/measure/measurement.ts';
import { measurementScope } from '../src/measure/measurement-scope.ts';
import { MOST_SKEW, wholeMinute } from '../src/measure/next-window.ts';
import { type OpenSources, openSources } from '../src/measure/open-source.ts';
import type { RolloutEvent } from '../src/rollout/event.ts';
import { type Rollout, stageOf } from '../src/rollout/road.ts';
import { BoundedMap, getOrCreate } from './bounded-map.ts';

const MOST_CONFIGS = 100;

export type ObservationResult =
  | { readonly kind: 'event'; readonly event: RolloutEvent }
  /** The next window is not due yet, or the App does not measure this rollout. */
  | { readonly kind: 'nothing' }
  /** The operator has to configure something first; one sentence each. */
  | { readonly kind: 'unavailable'; readonly problems: readonly string[] };

const NOTHING: ObservationResult = { kind: 'nothing' };

/** Measures once an interval for each rollout. One object serves the process. */
export class Observation {
  readonly #environment: Environment;
  /** By the blob of the config. */
  readonly #opened = new BoundedMap<string, Promise<OpenSources>>(MOST_CONFIGS);
  /** By rollout: when it may be measured again, in milliseconds since 1970. */
  readonly #notBefore = new Map<string, number>();

  constructor(environment: Environment) {
    this.#environment = environment;
  }

  /**
   * Measures the next window, if the config leaves that to the App.
   * @param id identifies the rollout within this process
   * @param now milliseconds since 1970
   */
  async measure(id: string, rollout: Rollout, now: () => number): Promise<ObservationResult> {
    const { config, state } = rollout;
    const { measure } = config;
    const stage = stageOf(rollout);
    if (measure === null || measure.workflow !== null || stage === null) return NOTHING;
    if (now() < (this.#notBefore.get(id) ?? 0)) return NOTHING;
    const opened = await this.#open(state.config.sha, config);
    if (opened.kind === 'problems') {
      return { kind: 'unavailable', problems: opened.problems.map(({ message }) => message) };
    }
    const to = wholeMinute(now() - opened.lagMs);
    const from = firstMoment(state.stage);
    if (from === null || to - from < measure.interval) return NOTHING;
    this.#notBefore.set(id, now() + measure.interval);
    const failed = (problem: HealthProblem, detail: string): ObservationResult => {
      const key = `measuring:${state.stage.label}:${from}:${now()}`;
      return { kind: 'event', event: { kind: 'measuring_failed', key, problem, detail } };
    };
    for (const { source, url } of opened.addresses) {
      const skew = (await askClock(url, now)) ?? 0;
      if (Math.abs(skew) > MOST_SKEW * measure.interval) {
        return failed('clock_skew', `the clock of ${source} differs by ${Math.round(skew / 1000)} s`);
      }
    }
    const { stage: label, share, ...part } = measurementScope(config, stage);
    const query = { window: { from, to }, now: now(), ...part };
    const about = { stage: label, share };
    const measured = await measureWindow(opened.sources, query, about, measure.interval);
    if (measured.kind === 'error') {
      const [{ reasonCode, reason, retryAfterMs = 0 }] = measured.errors;
      this.#notBefore.set(id, now() + Math.max(measure.interval, retryAfterMs));
      return failed(reasonCode === 'clock_skew' ? 'clock_skew' : 'source_error', reason);
    }
    const { measurement } = measured;
    return { kind: 'event', event: { kind: 'measured', key: measurementKey(measurement), measurement } };
  }

  #open(sha: string, config: Config): Promise<OpenSources> {
    const about = { config, environment: this.#environment, directory: process.cwd(), isForeign: true };
    return getOrCreate(this.#opened, sha, () => openSources(about));
  }
}

/** The same window of two artifacts is one event. */
export function measurementKey({ stage, window }: Pick<Measurement, 'stage' | 'window'>): string {
  return `window:${stage}:${window.from}-${window.to}`;
}

/** Windows have no gaps between them; the first one begins when the stage's traffic was written. */
export function firstMoment({ measuredTo, traffic, enteredAt }: Rollout['state']['stage']): number | null {
  if (measuredTo !== null && measuredTo >= enteredAt) return measuredTo;
  return traffic.writtenAt === null ? null : wholeMinute(traffic.writtenAt, Math.ceil);
}
