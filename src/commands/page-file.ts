/** Writes HTML pages. What builds them is loaded when it is needed: it brings a charting library. */
import { writeFile } from 'node:fs/promises';
import { resolve } from 'node:path';
import type { Config } from '../config/schema.ts';
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

/** Writes the page with measurements and verdicts. @returns why it could not be written, or null */
export async function writeMeasurementPage(
  directory: string,
  file: string,
  config: Config,
  { measurements, looks }: Pick<JudgedMeasurements, 'measurements' | 'looks'>,
): Promise<string | null> {
  const { measurementPage } = await import('./measurement-page.ts');
  return writePage(directory, file, measurementPage(config, measurements, looks));
}
