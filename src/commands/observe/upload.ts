/** The artifact that brings a measurement to the App. */
import { existsSync } from 'node:fs';
import path from 'node:path';
import { besideMeasurements, MEASUREMENT_ARTIFACT } from '../../measure/handover.ts';
import { reasonOf } from '../refusal.ts';

/** The App reads it within minutes. The next run continues from it, perhaps after a long weekend. */
const RETENTION_DAYS = 5;

export type Upload =
  | { readonly kind: 'uploaded' /** Of the artifact. */; readonly id: number | null }
  | { readonly kind: 'error'; readonly reasonCode: 'artifact_not_uploaded'; readonly message: string };

const ON_ENTERPRISE_SERVER =
  "GitHub Enterprise Server does not support these artifacts, so the App can't see this window. Remove measure.workflow from the config and set the source's variables on the App's server; it then measures by itself.";

/**
 * Uploads a file of measurements as an artifact of this run. Works only inside a job of GitHub Actions.
 * @param file its path; the artifact holds it under its own name
 */
export async function uploadMeasurement(file: string): Promise<Upload> {
  // Loaded here: the library is large, and only this step of the Action needs it.
  const { default: artifacts } = await import('@actions/artifact');
  const files = [file, besideMeasurements(file)].filter((each) => existsSync(each));
  try {
    const { id } = await artifacts.uploadArtifact(MEASUREMENT_ARTIFACT, files, path.dirname(file), {
      retentionDays: RETENTION_DAYS,
    });
    return { kind: 'uploaded', id: id ?? null };
  } catch (error) {
    // By name: importing the class would load the library.
    const isEnterprise = error instanceof Error && error.name === 'GHESNotSupportedError';
    const message = `Can't upload the measurement as the artifact ${MEASUREMENT_ARTIFACT} (${reasonOf(error)}), so the App can't see this window. Expected a job of GitHub Actions, with one measurement per run.`;
    const reasonCode = 'artifact_not_uploaded';
    return { kind: 'error', reasonCode, message: isEnterprise ? ON_ENTERPRISE_SERVER : message };
  }
}
