/** The artifact by which the App gets a measurement. */
import path from 'node:path';
import { MEASUREMENT_ARTIFACT } from '../../measure/handover.ts';

/** The App reads it within minutes, and the next run goes on from it; a long weekend may lie between. */
const RETENTION_DAYS = 5;

export type Upload =
  | { readonly kind: 'uploaded' /** Of the artifact. */; readonly id: number | null }
  | { readonly kind: 'error'; readonly reasonCode: 'artifact_not_uploaded'; readonly message: string };

const ON_ENTERPRISE_SERVER: Upload = {
  kind: 'error',
  reasonCode: 'artifact_not_uploaded',
  message:
    "GitHub Enterprise Server takes no artifacts of this kind, so the App sees nothing of this window. Leave measure.workflow out of the config and set the source's variables where the App's server runs: then it measures by itself.",
};

/**
 * Uploads a file of measurements as an artifact of this run. Works only inside a job of GitHub Actions.
 * @param file its path; the artifact holds it under its own name
 */
export async function uploadMeasurement(file: string): Promise<Upload> {
  // Loaded here alone: the library is large, and only this step of the Action needs it.
  const { default: artifacts } = await import('@actions/artifact');
  try {
    const { id } = await artifacts.uploadArtifact(MEASUREMENT_ARTIFACT, [file], path.dirname(file), {
      retentionDays: RETENTION_DAYS,
    });
    return { kind: 'uploaded', id: id ?? null };
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    // By its name: importing the class would load the library.
    if (error instanceof Error && error.name === 'GHESNotSupportedError') return ON_ENTERPRISE_SERVER;
    return {
      kind: 'error',
      reasonCode: 'artifact_not_uploaded',
      message: `The measurement cannot be uploaded as the artifact ${MEASUREMENT_ARTIFACT} (${reason}). Expected a job of GitHub Actions, and one measurement in a run; without the artifact the App sees nothing of this window.`,
    };
  }
}
