/** Reads the measurements that `observe` uploaded as the artifact of a run. */

import { parseJson } from '../src/gateway/json.ts';
import { ARTIFACT_LIMITS, besideMeasurements, MEASUREMENT_ARTIFACT } from '../src/measure/handover.ts';
import { type Measurement, measurementSchema } from '../src/measure/measurement.ts';
import { unzip } from '../src/measure/zip.ts';
import { nullIfMissing } from './http-status.ts';
import { at, type Repository } from './repository.ts';
import type { Run } from './runs.ts';

const MOST_PACKED_BYTES = 32 * 1024 * 1024;

export type FoundMeasurements =
  /** Sorted by window. */
  | { readonly kind: 'measurements'; readonly measurements: readonly Measurement[] }
  /** Why the artifact is not usable, as a clause. */
  | { readonly kind: 'problem'; readonly detail: string };

/** Reads the artifact of a run that is trusted. */
export async function readMeasurements(repository: Repository, run: Run): Promise<FoundMeasurements> {
  const { actions } = repository.octokit.rest;
  const query = { ...at(repository), run_id: run.id, name: MEASUREMENT_ARTIFACT };
  const { data } = await actions.listWorkflowRunArtifacts(query);
  // Each attempt of a run uploads its own artifact.
  const [artifact] = data.artifacts.toSorted((a, b) => b.id - a.id);
  const source = `run ${run.id} of ${run.workflow}`;
  if (artifact === undefined || artifact.expired) {
    const what = artifact === undefined ? 'uploaded no artifact' : 'uploaded an artifact that has expired:';
    return problem(`${source} ${what} ${MEASUREMENT_ARTIFACT}; expected the one that observe uploads`);
  }
  if (artifact.size_in_bytes > MOST_PACKED_BYTES) {
    return problem(
      `the artifact of ${source} has ${artifact.size_in_bytes} bytes; expected at most ${MOST_PACKED_BYTES}. Start a new file of measurements`,
    );
  }
  const archive = await download(repository, artifact.id);
  if (archive === null) return problem(`the artifact of ${source} is gone`);
  const unzipped = await unzip(archive, ARTIFACT_LIMITS);
  if (!unzipped.ok) return problem(`the artifact of ${source} cannot be read: ${unzipped.problem}`);
  const files = Object.entries(unzipped.files).filter(([name]) => !name.endsWith(besideMeasurements('')));
  return readFiles(
    files.map(([, text]) => text),
    source,
  );
}

async function download(repository: Repository, artifact: number): Promise<Uint8Array | null> {
  const { actions } = repository.octokit.rest;
  const query = { ...at(repository), artifact_id: artifact, archive_format: 'zip' };
  const data = (await nullIfMissing(actions.downloadArtifact(query)))?.data;
  return data instanceof ArrayBuffer ? new Uint8Array(data) : null;
}

function readFiles(files: readonly string[], source: string): FoundMeasurements {
  const measurements: Measurement[] = [];
  for (const [index, line] of files.flatMap((file) => file.split('\n')).entries()) {
    if (line.trim() === '') continue;
    const parsed = measurementSchema.safeParse(parseJson(line));
    if (!parsed.success) {
      return problem(
        `line ${index + 1} of the artifact of ${source} is not a measurement; expected the format of this version of observe`,
      );
    }
    measurements.push(parsed.data);
  }
  measurements.sort((a, b) => a.window.from - b.window.from || a.window.to - b.window.to);
  return { kind: 'measurements', measurements };
}

function problem(detail: string): FoundMeasurements {
  return { kind: 'problem', detail };
}
