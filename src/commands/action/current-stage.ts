/** Where the rollout stands, as the branch of its state says. */
import { branchOf, STATE_FILE } from '../../config/state-branch.ts';
import { parseJson } from '../../gateway/json.ts';
import { type CurrentStage, currentStageIn } from '../../measure/current-stage.ts';
import type { NotObserved } from '../observe/perform.ts';
import { githubFailed, type Home } from './home.ts';

export interface FoundStage {
  readonly kind: 'current';
  /** Null before the rollout begins. */
  readonly current: CurrentStage | null;
}

/** Asks GitHub once, twice for a state of more than 1 MB. @param name of the rollout; null: the repository's */
export async function readCurrentStage(home: Home, name: string | null): Promise<FoundStage | NotObserved> {
  const branch = branchOf(name ?? home.repo);
  try {
    const current = currentStageIn(parseJson(await readState(home, branch)));
    if (current !== null) return { kind: 'current', current };
    const message = `${STATE_FILE} on the branch ${branch} is no state of a rollout; expected the one that the App writes. The issue of the rollout says what to do; the next run measures this window too.`;
    return { kind: 'failed', reasonCode: 'state_unreadable', messages: [message], retryAfterMs: null };
  } catch (error) {
    if (error instanceof Error && 'status' in error && error.status === 404) {
      return { kind: 'current', current: null };
    }
    return githubFailed(error, `The state of the rollout on the branch ${branch} cannot be read`);
  }
}

/** Empty where something else stands at its place. @throws GitHub's 404 where there is no such branch or file */
async function readState({ github, owner, repo }: Home, branch: string): Promise<string> {
  // The branch's name alone could mean a tag.
  const place = { owner, repo, path: STATE_FILE, ref: `refs/heads/${branch}` };
  const { data } = await github.rest.repos.getContent(place);
  if (Array.isArray(data) || !('content' in data)) return '';
  const { encoding, sha, content } = data;
  const isLarge = encoding === 'none';
  const base64 = isLarge
    ? (await github.rest.git.getBlob({ owner, repo, file_sha: sha })).data.content
    : content;
  return Buffer.from(base64, 'base64').toString('utf8');
}
