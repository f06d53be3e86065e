/** The workflow that measures production: it runs `observe`, whose measurement becomes the artifact of the run. */

import { performObserve } from '../../src/commands/observe/perform.ts';
import type { Config } from '../../src/config/schema.ts';
import { MEASUREMENT_ARTIFACT } from '../../src/measure/handover.ts';
import type { Window } from '../../src/measure/instant.ts';
import { formatMeasurement, type Measurement } from '../../src/measure/measurement.ts';
import { SETTLING_MS } from '../../src/measure/task-grouper.ts';
import { MINUTE } from './clock.ts';
import type { RepositoryHost } from './repository-host.ts';

export interface ObservationRequest {
  readonly config: Config;
  readonly stage: string;
  readonly window: Window;
  /** The application's folder. */
  readonly directory: string;
  /** The file of request records. */
  readonly records: string;
}

/** How long after a window's end its records are complete, in whole minutes of the demo's time. */
export const COMPLETE_AFTER = Math.ceil(SETTLING_MS / MINUTE) * MINUTE;

/**
 * Measures the window, and completes a run of the scheduled workflow with the result.
 * @throws where the window can't be measured
 */
export async function observeProduction(
  { github, settled }: RepositoryHost,
  { config, stage, window, directory, records }: ObservationRequest,
): Promise<Measurement> {
  const observed = await performObserve({ stage, since: `${(window.to - window.from) / MINUTE}m` }, config, {
    directory,
    environment: { MEASURE_JSONL: records },
    front: 'command-line',
    now: github.now,
    isPrivate: true,
    onSecrets: () => undefined,
    onNote: () => undefined,
  });
  if (observed.kind !== 'observed') {
    const why = observed.kind === 'nothing-new' ? [observed.reason] : observed.messages;
    throw new Error(`Production was not measured: ${why.join(' ')}`);
  }
  const line = `${formatMeasurement(observed.measurement)}\n`;
  await github.runFinished('gateway-observe.yml', {
    event: 'schedule',
    artifact: { name: MEASUREMENT_ARTIFACT, files: { 'measurement.jsonl': line } },
  });
  await settled();
  return observed.measurement;
}
