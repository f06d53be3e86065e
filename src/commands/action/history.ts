/**
 * The measurements of earlier runs. A job begins on an empty disk; what it goes on from is the artifact of the newest
 * run of the same workflow. Anybody who can push a branch can upload an artifact of that name, so only runs count that
 * the App would believe as well: of this repository and this workflow, on a commit of the default branch, and not for
 * a pull request.
 */
import { mkdtemp, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { parseJson } from '../../gateway/json.ts';
import { BELIEVED_EVENTS, MEASUREMENT_ARTIFACT } from '../../measure/handover.ts';
import { formatMeasurement, measurementSchema } from '../../measure/measurement.ts';
import { withoutNames } from '../observe/names.ts';
import type { NotObserved } from '../observe/perform.ts';
import { githubFailed, type Home } from './home.ts';

/** So many artifacts back; runs that are not believed stand between those that are. */
const MOST_ARTIFACTS = 30;

/**
 * Each run uploads them anew, and the storage of artifacts is paid for: some days of windows of 15 minutes, half a
 * megabyte as a zip.
 */
const MOST_BYTES = 8 * 1024 * 1024;

export interface Restored {
  readonly kind: 'restored';
  readonly notes: readonly string[];
}

/**
 * Puts the measurements of the newest believed run into a file, unless the file is there already.
 * @param isPrivate false: names of keys and members are taken out, also of what was stored when they were not
 */
export async function restoreMeasurements(
  home: Home,
  file: string,
  isPrivate: boolean,
): Promise<Restored | NotObserved> {
  if (await exists(file)) return { kind: 'restored', notes: [] };
  try {
    const artifact = await newestArtifact(home);
    if (artifact === null) return { kind: 'restored', notes: [FIRST_RUN] };
    await writeFile(file, recentLines(await download(artifact, home), isPrivate));
    return { kind: 'restored', notes: [`Going on from the measurements of run ${artifact.run}.`] };
  } catch (error) {
    return githubFailed(error, 'The measurements of earlier runs cannot be read');
  }
}

const FIRST_RUN = `No earlier run of this workflow left the artifact ${MEASUREMENT_ARTIFACT}: this is the first window.`;

interface Artifact {
  readonly id: number;
  /** Id of the run that uploaded it. */
  readonly run: number;
}

/** Of the newest run that is believed; null where there is none. */
export async function newestArtifact(home: Home): Promise<Artifact | null> {
  const { github, owner, repo, defaultBranch } = home;
  const { data } = await github.rest.actions.listArtifactsForRepo({
    owner,
    repo,
    name: MEASUREMENT_ARTIFACT,
    per_page: MOST_ARTIFACTS,
  });
  const newestFirst = data.artifacts.toSorted((a, b) => b.id - a.id);
  for (const { id, expired, workflow_run: run } of newestFirst) {
    const isOurs = run?.head_branch === defaultBranch && run.head_repository_id === run.repository_id;
    if (expired || !isOurs || run.id === undefined || run.head_sha === undefined) continue;
    if (await isBelieved(home, run.id, run.head_sha)) return { id, run: run.id };
  }
  return null;
}

async function isBelieved(home: Home, runId: number, commit: string): Promise<boolean> {
  const { github, owner, repo, defaultBranch, workflow } = home;
  const { data: run } = await github.rest.actions.getWorkflowRun({ owner, repo, run_id: runId });
  // The path may be followed by @ and a ref.
  if (run.path.split('@')[0] !== workflow || !BELIEVED_EVENTS.includes(run.event)) return false;
  // A tag may bear the branch's name, and stand on a commit that nobody reviewed; it could stand for the branch, too.
  const head = await github.rest.git.getRef({ owner, repo, ref: `heads/${defaultBranch}` });
  const basehead = `${head.data.object.sha}...${commit}`;
  const { data } = await github.rest.repos.compareCommitsWithBasehead({ owner, repo, basehead, per_page: 1 });
  return data.status === 'identical' || data.status === 'behind';
}

async function download({ id, run }: Artifact, { token, owner, repo }: Home): Promise<string> {
  // Loaded here alone: the library is large.
  const { default: artifacts } = await import('@actions/artifact');
  const directory = await mkdtemp(path.join(tmpdir(), 'gateway-rollout-artifact-'));
  try {
    const from = { token, workflowRunId: run, repositoryOwner: owner, repositoryName: repo };
    await artifacts.downloadArtifact(id, { path: directory, findBy: from });
    const [name] = (await readdir(directory)).filter((each) => each.endsWith('.jsonl'));
    if (name === undefined) throw new Error(`the artifact of run ${run} holds no file of measurements`);
    return await readFile(path.join(directory, name), 'utf8');
  } finally {
    await rm(directory, { recursive: true, force: true });
  }
}

/**
 * The newest lines, and names only where they may be read. What is no measurement stays, to be told of.
 * @param mostBytes of all lines together
 */
export function recentLines(text: string, isPrivate: boolean, mostBytes = MOST_BYTES): string {
  let bytes = 0;
  const recent = text
    .split('\n')
    .filter((line) => line !== '')
    .toReversed()
    .filter((line) => {
      bytes += Buffer.byteLength(line) + 1;
      return bytes <= mostBytes;
    })
    .toReversed();
  const shown = isPrivate ? recent : recent.map(unnamedLine);
  return shown.map((line) => `${line}\n`).join('');
}

function unnamedLine(line: string): string {
  const parsed = measurementSchema.safeParse(parseJson(line));
  return parsed.success ? formatMeasurement(withoutNames(parsed.data)) : line;
}

async function exists(file: string): Promise<boolean> {
  return stat(file).then(
    () => true,
    () => false,
  );
}
