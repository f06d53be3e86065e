/** A new measurement together with all that was stored before it. */
import { readFile } from 'node:fs/promises';
import type { Config } from '../../config/schema.ts';
import type { Measurement } from '../../measure/measurement.ts';
import type { JudgedLook } from '../../report/verdict-sentences.ts';
import { looksAt } from '../looks.ts';
import { readMeasurementLines } from '../measurement-lines.ts';

export interface Evidence {
  /** In the order of time; at least the new one. */
  readonly measurements: readonly Measurement[];
  readonly looks: readonly JudgedLook[];
  /** Why the stored ones could not be judged; null where they could. */
  readonly problem: string | null;
}

/**
 * Judge a measurement by all that its file holds.
 * @param path the file that holds it; null where nothing is stored, and the measurement stands alone
 * @param name how messages call the file
 */
export async function readEvidence(
  config: Config,
  measurement: Measurement,
  path: string | null,
  name: string,
): Promise<Evidence> {
  const alone = { measurements: [measurement], looks: looksAt(config, [measurement]), problem: null };
  if (path === null) return alone;
  const { lines, problems } = readMeasurementLines(await readFile(path, 'utf8'), name, config.rollout.stages);
  const [problem] = problems;
  if (problem !== undefined) {
    const words = `The measurements before this one are left out of the report: ${problem}.`;
    return { ...alone, problem: words };
  }
  const measurements = lines.map((line) => line.measurement);
  return { measurements, looks: looksAt(config, measurements), problem: null };
}
