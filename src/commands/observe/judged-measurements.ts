/** A new measurement judged together with all that were stored before it. */
import { readFile } from 'node:fs/promises';
import type { Config } from '../../config/schema.ts';
import type { Measurement } from '../../measure/measurement.ts';
import type { ReplayedLook } from '../../rollout/replay.ts';
import { looksAt } from '../looks.ts';
import { readMeasurementLines } from '../measurement-lines.ts';

export interface JudgedMeasurements {
  /** In the order of time; at least the new one. */
  readonly measurements: readonly Measurement[];
  readonly looks: readonly ReplayedLook[];
  /** Why the stored ones could not be judged; null where they could. */
  readonly problem: string | null;
}

/**
 * @param path the file that holds the measurement; null where nothing is stored, and it is judged alone
 * @param name how messages call the file
 */
export async function judgeWithEarlier(
  config: Config,
  measurement: Measurement,
  path: string | null,
  name: string,
): Promise<JudgedMeasurements> {
  const judged = (measurements: readonly Measurement[], problem: string | null) => ({
    measurements,
    looks: looksAt(config, measurements),
    problem,
  });
  if (path === null) return judged([measurement], null);
  const { lines, problems } = readMeasurementLines(await readFile(path, 'utf8'), name, config.rollout.stages);
  const [problem] = problems;
  return problem === undefined
    ? judged(
        lines.map((line) => line.measurement),
        null,
      )
    : judged([measurement], `The report leaves out earlier measurements: ${problem}.`);
}
