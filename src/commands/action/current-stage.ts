/** The current stage of the rollout, read from its state branch. */
import { branchOf, STATE_FILE } from '../../config/state-branch.ts';
import { parseJson } from '../../gateway/json.ts';
import { type CurrentStage, currentStageIn } from '../../measure/current-stage.ts';
import type { NotObserved } from '../observe/perform.ts';
import { statusOf } from '../refusal.ts';
import { githubFailed, type JobRepository } from './repository.ts';

export interface FoundStage {
  readonly kind: 'current';
  /** Null before the rollout starts. */
  readonly current: CurrentStage | null;
}

/** Asks GitHub once, twice for a state of more than 1 MB. @param name of the rollout; null: the repository's */
export async function readCurrentStage(
  repository: JobRepository,
  name: string | null,
): Promise<FoundStage | NotObserved> {
  const branch = branchOf(name ?? repository.repo);
  try {
    const current = currentStageIn(parseJson(await readState(repository, branch)));
    if (current !== null) return { kind: 'current', current };
    const message = `${STATE_FILE} on the branch ${branch} is not a valid rollout state. Expected the file that the App writes: the rollout's issue shows what to do. The next run will include this window.`;
    return { kind: 'failed', reasonCode: 'state_unreadable', messages: [message] };
  } catch (error) {
    if (statusOf(error) === 404) return { kind: 'current', current: null };
    return githubFailed(error, `Can't read the state of the rollout on the branch ${branch}`);
  }
}

/** Empty if the path is not a file. @throws GitHub's 404 where there is no such branch or file */
async function readState({ github, owner, repo }: JobRepository, branch: string): Promise<string> {
  // The branch's name alone could mean a tag.
  const location = { owner, repo, path: STATE_FILE, ref: `refs/heads/${branch}` };
  const { data } = await github.rest.repos.getContent(location);
  if (Array.isArray(data) || !('content' in data)) return '';
  const { encoding, sha, content } = data;
  const isLarge = encoding === 'none';
  const base64 = isLarge
    ? (await github.rest.git.getBlob({ owner, repo, file_sha: sha })).data.content
    : content;
  return Buffer.from(base64, 'base64').toString('utf8');
}
