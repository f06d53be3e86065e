/** Writes HTML pages. What builds them is loaded when it is needed: it brings a charting library. */
import { writeFile } from 'node:fs/promises';
import { resolve } from 'node:path';
import type { Config } from '../config/schema.ts';
import { overviewOf } from '../measure/overview.ts';
import type { JudgedMeasurements } from './observe/judged-measurements.ts';
import { reasonOf } from './refusal.ts';

/**
 * Write a page. Before a long run it is written empty: a file that cannot be written is reported at once, and the page
 * of an earlier run is never mistaken for the new one.
 * @param file relative to the directory
 * @returns why it could not be written, or null
 */
export async function writePage(directory: string, file: string, page: string): Promise<string | null> {
  try {
    await writeFile(resolve(directory, file), page);
    return null;
  } catch (error) {
    return `Can't write the page to ${file}: ${reasonOf(error)}. Choose a file in a directory that exists.`;
  }
}

export async function writeMeasurementPage(
  directory: string,
  file: string,
  config: Config,
  judged: ShownMeasurements,
): Promise<string | null> {
  return writePage(directory, file, await measurementPage(config, judged));
}

type ShownMeasurements = Pick<JudgedMeasurements, 'measurements' | 'looks'>;

/** @param measurements at least one */
export async function measurementPage({ name, rollout }: Config, { measurements, looks }: ShownMeasurements) {
  const { measurementReport, REPORT_POINTS } = await import('../report/html/measurement-report.ts');
  const overview = overviewOf(measurements, REPORT_POINTS);
  if (overview === null) throw new RangeError('a page needs at least one measurement');
  const title = name === null ? 'Gateway rollout' : `Gateway rollout: ${name}`;
  const steps = rollout.stages.map(({ label }) => label);
  return measurementReport({ title, overview, looks, steps });
}
