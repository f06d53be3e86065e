/** The measurements that `observe` left as the artifact of a run. */
import { MEASUREMENT_ARTIFACT } from '../src/measure/handover.ts';
import { type Measurement, measurementSchema } from '../src/measure/measurement.ts';
import { orNull } from './http-status.ts';
import { at, type Repository } from './repository.ts';
import type { Run } from './runs.ts';
import { unzip } from './zip.ts';

/** A year of windows of five minutes is below. */
const LIMITS = { entries: 10, bytes: 256 * 1024 * 1024 };
const MOST_PACKED_BYTES = 32 * 1024 * 1024;

export type FoundMeasurements =
  /** In the order of their windows. */
  | { readonly kind: 'measurements'; readonly measurements: readonly Measurement[] }
  /** One sentence: why nothing of the artifact can be believed. */
  | { readonly kind: 'problem'; readonly detail: string };

/** Reads the artifact of a run that is believed already. */
export async function readMeasurements(repository: Repository, run: Run): Promise<FoundMeasurements> {
  const { actions } = repository.octokit.rest;
  const { data } = await actions.listWorkflowRunArtifacts({
    ...at(repository),
    run_id: run.id,
    name: MEASUREMENT_ARTIFACT,
  });
  // An attempt of the same run leaves an artifact of its own.
  const [artifact] = data.artifacts.toSorted((a, b) => b.id - a.id);
  const place = `run ${run.id} of ${run.workflow}`;
  if (artifact === undefined || artifact.expired) {
    const what = artifact === undefined ? 'left no artifact' : 'left an artifact that has expired:';
    return problem(`${place} ${what} ${MEASUREMENT_ARTIFACT}; expected the one that observe uploads`);
  }
  if (artifact.size_in_bytes > MOST_PACKED_BYTES) {
    return problem(
      `the artifact of ${place} has ${artifact.size_in_bytes} bytes; expected at most ${MOST_PACKED_BYTES}. Begin a new file of measurements`,
    );
  }
  const archive = await download(repository, artifact.id);
  if (archive === null) return problem(`the artifact of ${place} is gone`);
  const unzipped = unzip(archive, LIMITS);
  if (!unzipped.ok) return problem(`the artifact of ${place} cannot be read: ${unzipped.problem}`);
  return readFiles(Object.values(unzipped.files), place);
}

async function download(repository: Repository, artifact: number): Promise<Uint8Array | null> {
  const { actions } = repository.octokit.rest;
  const asked = actions.downloadArtifact({
    ...at(repository),
    artifact_id: artifact,
    archive_format: 'zip',
  });
  const data = (await orNull(asked))?.data;
  return data instanceof ArrayBuffer ? new Uint8Array(data) : null;
}

function readFiles(files: readonly string[], place: string): FoundMeasurements {
  const measurements: Measurement[] = [];
  for (const [index, line] of files.flatMap((file) => file.split('\n')).entries()) {
    if (line.trim() === '') continue;
    const parsed = measurementSchema.safeParse(parseLine(line));
    if (!parsed.success) {
      return problem(
        `line ${index + 1} of the artifact of ${place} is no measurement; expected what observe of this version writes`,
      );
    }
    measurements.push(parsed.data);
  }
  return {
    kind: 'measurements',
    measurements: measurements.toSorted((a, b) => a.window.from - b.window.from || a.window.to - b.window.to),
  };
}

function parseLine(line: string): unknown {
  try {
    return JSON.parse(line);
  } catch {
    return undefined;
  }
}

function problem(detail: string): FoundMeasurements {
  return { kind: 'problem', detail };
}
