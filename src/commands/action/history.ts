/**
 * The measurements of earlier runs. A job starts with an empty disk, so it continues from the artifact of the newest run
 * of the same workflow. Anyone who can push a branch can upload an artifact of that name. So only those runs count that
 * the App trusts too: of this repository and this workflow, on a commit of the default branch, and not for a pull
 * request.
 */
import { existsSync } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import { parseJson } from '../../gateway/json.ts';
import {
  ARTIFACT_LIMITS,
  besideMeasurements,
  MEASUREMENT_ARTIFACT,
  TRUSTED_EVENTS,
} from '../../measure/handover.ts';
import { formatMeasurement, measurementSchema } from '../../measure/measurement.ts';
import { unzip } from '../../measure/zip.ts';
import { withoutNames } from '../observe/names.ts';
import type { NotObserved } from '../observe/perform.ts';
import { githubFailed, type JobRepository } from './repository.ts';

/** How many artifacts to look through: untrusted runs may lie between the trusted ones. */
const MOST_ARTIFACTS = 30;

/**
 * Each run uploads all of them again, and artifact storage costs money. This holds some days of 15-minute windows, half
 * a megabyte as a zip.
 */
const MOST_BYTES = 8 * 1024 * 1024;

export interface Restored {
  readonly kind: 'restored';
  readonly notes: readonly string[];
}

/**
 * Writes the measurements of the newest trusted run to a file, unless the file exists already.
 * @param isPrivate false: the names of keys and members are removed, even from measurements that were stored with them
 */
export async function restoreMeasurements(
  repository: JobRepository,
  file: string,
  isPrivate: boolean,
): Promise<Restored | NotObserved> {
  if (existsSync(file)) return { kind: 'restored', notes: [] };
  try {
    const artifact = await newestArtifact(repository);
    if (artifact === null) return { kind: 'restored', notes: [FIRST_RUN] };
    const { text, learnt } = await download(artifact, repository);
    await writeFile(file, recentLines(text, isPrivate));
    if (learnt !== undefined) await writeFile(besideMeasurements(file), learnt);
    return { kind: 'restored', notes: [`Continuing from the measurements of run ${artifact.run}.`] };
  } catch (error) {
    return githubFailed(error, "Can't read the measurements of earlier runs");
  }
}

const FIRST_RUN = `No earlier run of this workflow uploaded the artifact ${MEASUREMENT_ARTIFACT}, so this is the first window.`;

interface Artifact {
  readonly id: number;
  /** Id of the run that uploaded it. */
  readonly run: number;
}

/** The artifact of the newest trusted run; null where there is none. */
export async function newestArtifact(repository: JobRepository): Promise<Artifact | null> {
  const { github, owner, repo, defaultBranch } = repository;
  const query = { owner, repo, name: MEASUREMENT_ARTIFACT, per_page: MOST_ARTIFACTS };
  const { data } = await github.rest.actions.listArtifactsForRepo(query);
  const newestFirst = data.artifacts.toSorted((a, b) => b.id - a.id);
  for (const { id, expired, workflow_run: run } of newestFirst) {
    const isOurs = run?.head_branch === defaultBranch && run.head_repository_id === run.repository_id;
    if (expired || !isOurs || run.id === undefined || run.head_sha === undefined) continue;
    if (await isTrusted(repository, run.id, run.head_sha)) return { id, run: run.id };
  }
  return null;
}

async function isTrusted(repository: JobRepository, runId: number, commit: string): Promise<boolean> {
  const { github, owner, repo, defaultBranch, workflow } = repository;
  const { data: run } = await github.rest.actions.getWorkflowRun({ owner, repo, run_id: runId });
  // The path may be followed by @ and a ref.
  if (run.path.split('@')[0] !== workflow || !TRUSTED_EVENTS.includes(run.event)) return false;
  // A tag may have the branch's name and point to a commit that nobody reviewed, so the branch is asked for as heads/…
  const head = await github.rest.git.getRef({ owner, repo, ref: `heads/${defaultBranch}` });
  const basehead = `${head.data.object.sha}...${commit}`;
  const { data } = await github.rest.repos.compareCommitsWithBasehead({ owner, repo, basehead, per_page: 1 });
  return data.status === 'identical' || data.status === 'behind';
}

async function download(
  { id, run }: Artifact,
  { github, owner, repo }: JobRepository,
): Promise<{ readonly text: string; readonly learnt: string | undefined }> {
  const query = { owner, repo, artifact_id: id, archive_format: 'zip' };
  const { data } = await github.rest.actions.downloadArtifact(query);
  const archive = data instanceof ArrayBuffer ? new Uint8Array(data) : new Uint8Array();
  const unzipped = await unzip(archive, ARTIFACT_LIMITS);
  if (!unzipped.ok) throw new Error(`the artifact of run ${run} cannot be read: ${unzipped.problem}`);
  const named = (end: string) => Object.entries(unzipped.files).find(([name]) => name.endsWith(end))?.[1];
  const [text, learnt] = [named('.jsonl'), named(besideMeasurements(''))];
  if (text === undefined) throw new Error(`the artifact of run ${run} contains no file of measurements`);
  return { text, learnt };
}

/**
 * The newest lines, with names only where they may be published. Lines that are not measurements stay, so that they are
 * reported later.
 * @param mostBytes of all lines together
 */
export function recentLines(text: string, isPrivate: boolean, mostBytes = MOST_BYTES): string {
  const lines = text.split('\n').filter((line) => line !== '');
  let left = mostBytes;
  const tooMuch = lines.findLastIndex((line) => {
    left -= Buffer.byteLength(line) + 1;
    return left < 0;
  });
  const recent = lines.slice(tooMuch + 1);
  const shown = isPrivate ? recent : recent.map(unnamedLine);
  return shown.map((line) => `${line}\n`).join('');
}

function unnamedLine(line: string): string {
  const parsed = measurementSchema.safeParse(parseJson(line));
  return parsed.success ? formatMeasurement(withoutNames(parsed.data)) : line;
}
