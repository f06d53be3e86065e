/** Replays measurements through the judge, for the commands that show its verdicts. */
import type { Config } from '../config/schema.ts';
import type { Measurement } from '../measure/measurement.ts';
import { REPLAY_START, type Replay, type ReplayedLook, replayLook } from '../rollout/replay.ts';

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
