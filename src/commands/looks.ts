/** Replays measurements through the judge, for the commands that show its verdicts. */
import type { Config } from '../config/schema.ts';
import { addMeasurements } from '../measure/add.ts';
import type { Measurement } from '../measure/measurement.ts';
import { REPLAY_START, type Replay, type ReplayedLook, replayLook } from '../rollout/replay.ts';

/** @param measurements in the order of time; a stage that the config does not have gives no looks */
export function looksAt(config: Config, measurements: readonly Measurement[]): ReplayedLook[] {
  let replay: Replay = REPLAY_START;
  const sums = new Map<string, Measurement>();
  return measurements.flatMap((measurement) => {
    const before = sums.get(measurement.stage);
    const sum = before === undefined ? measurement : addMeasurements(before, measurement);
    sums.set(measurement.stage, sum);
    const { gateway, official } = sum.arms;
    const units = { gateway: gateway?.units ?? [], official: official?.units ?? [] };
    const next = replayLook(config, replay, measurement, units);
    if (next === null) return [];
    replay = next.replay;
    return [next.look];
  });
}
