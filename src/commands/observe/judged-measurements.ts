/** Replays measurements through the judge, for the commands that show its verdicts. */
import { readFile } from 'node:fs/promises';
import type { Config } from '../../config/schema.ts';
import type { Measurement } from '../../measure/measurement.ts';
import { REPLAY_START, type Replay, type ReplayedLook, replayLook } from '../../rollout/replay.ts';
import { readMeasurementLines } from '../measurement-lines.ts';

/** @param measurements in the order of time; a stage that the config does not have gives no looks */
export function looksAt(config: Config, measurements: readonly Measurement[]): ReplayedLook[] {
  let replay: Replay = REPLAY_START;
  return measurements.flatMap((measurement) => {
    const next = replayLook(config, replay, measurement);
    if (next === null) return [];
    replay = next.replay;
    return [next.look];
  });
}

export interface JudgedMeasurements {
  /** In the order of time; at least the new one. */
  readonly measurements: readonly Measurement[];
  readonly looks: readonly ReplayedLook[];
  /** Why the stored ones could not be judged; null where they could. */
  readonly problem: string | null;
}

/**
 * A new measurement judged together with all that were stored before it.
 * @param path the file that holds the measurement; null where nothing is stored, and it is judged alone
 * @param name how messages call the file
 */
export async function judgeWithEarlier(
  config: Config,
  measurement: Measurement,
  path: string | null,
  name: string,
): Promise<JudgedMeasurements> {
  const judged = (all: readonly Measurement[], problem: string | null) => {
    return { measurements: all, looks: looksAt(config, all), problem };
  };
  if (path === null) return judged([measurement], null);
  const text = await readFile(path, 'utf8');
  const { measurements, problems } = readMeasurementLines(text, name, config.rollout.stages);
  const [problem] = problems;
  if (problem === undefined) return judged(measurements, null);
  return judged([measurement], `The report leaves out earlier measurements: ${problem}.`);
}
