/** Where the rollout stands, as the branch of its state says. */
import { branchOf, STATE_FILE } from '../../config/state-branch.ts';
import { parseJson } from '../../gateway/json.ts';
import { type Standing, standingOf } from '../../measure/standing.ts';
import type { NotObserved } from '../observe.ts';
import { githubFailed, type Home } from './home.ts';

export interface ReadStanding {
  readonly kind: 'standing';
  /** Null before the rollout begins. */
  readonly standing: Standing | null;
}

/** Asks GitHub once. @param name of the rollout; null: the repository's */
export async function readStanding(home: Home, name: string | null): Promise<ReadStanding | NotObserved> {
  const { github, owner, repo } = home;
  const branch = branchOf(name ?? repo);
  try {
    const { data } = await github.rest.repos.getContent({ owner, repo, path: STATE_FILE, ref: branch });
    const content = 'content' in data ? Buffer.from(data.content, 'base64').toString('utf8') : '';
    const standing = standingOf(parseJson(content));
    if (standing !== null) return { kind: 'standing', standing };
    const message = `${STATE_FILE} on the branch ${branch} is no state of a rollout; expected the one that the App writes. The issue of the rollout says what to do; the next run measures this window too.`;
    return { kind: 'failed', reasonCode: 'state_unreadable', messages: [message], retryAfterMs: null };
  } catch (error) {
    if (error instanceof Error && 'status' in error && error.status === 404) {
      return { kind: 'standing', standing: null };
    }
    return githubFailed(error, `The state of the rollout on the branch ${branch} cannot be read`);
  }
}
