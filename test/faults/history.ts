/** The rollout's branch, commit by commit, as anybody with access to the repository can read and verify it. */
import { createHash } from 'node:crypto';
import { z } from 'zod';
import { type Envelope, open } from '../../app/state/envelope.ts';
import { branchOf, STATE_FILE } from '../../src/config/state-branch.ts';
import type { RolloutState } from '../../src/rollout/state.ts';
import type { Github } from '../support/github/github.ts';
import { OWNER } from '../support/github/upstream.ts';
import { STATE_KEY } from '../support/start-app.ts';

export interface Recorded {
  readonly sha: string;
  readonly message: string;
  readonly state: RolloutState;
}

export interface History {
  /** The oldest first. */
  readonly commits: readonly Recorded[];
  /** What does not verify, in words. */
  readonly problems: readonly string[];
}

const commitsSchema = z.array(
  z.object({
    sha: z.string(),
    commit: z.object({ message: z.string() }),
    parents: z.array(z.object({ sha: z.string() })),
  }),
);
const PAGE = 100;

/** Reads every commit of the rollout's branch; empty where there is no branch. */
export async function readHistory(github: Github, rollout: string, repository: number): Promise<History> {
  const listed: z.output<typeof commitsSchema> = [];
  for (let page = 1; ; page += 1) {
    const commits = commitsSchema.parse(await listCommits(github, branchOf(rollout), page));
    listed.push(...commits);
    if (commits.length < PAGE) break;
  }
  listed.reverse();
  const commits: Recorded[] = [];
  const problems: string[] = [];
  let before: { readonly sha: string; readonly envelope: Envelope; readonly blob: string } | null = null;
  for (const { sha, commit, parents } of listed) {
    const text = (await github.file(STATE_FILE, sha)) ?? '';
    const opened = open(text, { repository, rollout, keys: [STATE_KEY] });
    const about = `commit ${commits.length + 1} (${commit.message.split('\n')[0]})`;
    if (opened.kind === 'invalid') {
      problems.push(`${about} does not verify: ${opened.detail}`);
      break;
    }
    const { envelope } = opened;
    const follows =
      envelope.sequence === (before?.envelope.sequence ?? 0) + 1 &&
      envelope.previous === (before?.blob ?? null) &&
      parents.map((parent) => parent.sha).join() === (before?.sha ?? '');
    if (!follows) problems.push(`${about} does not follow the one before it`);
    if (envelope.message !== commit.message)
      problems.push(`${about} has another message than it was signed with`);
    before = { sha, envelope, blob: blobId(text) };
    commits.push({ sha, message: commit.message, state: envelope.state });
  }
  return { commits, problems };
}

/** The state on the branch; null where there is none. */
export async function readState(
  github: Github,
  rollout: string,
  repository: number,
): Promise<RolloutState | null> {
  const text = await github.file(STATE_FILE, branchOf(rollout));
  if (text === null) return null;
  const opened = open(text, { repository, rollout, keys: [STATE_KEY] });
  if (opened.kind === 'invalid') throw new Error(opened.detail);
  return opened.envelope.state;
}

async function listCommits(github: Github, branch: string, page: number): Promise<unknown> {
  const query = `sha=${encodeURIComponent(branch)}&per_page=${PAGE}&page=${page}`;
  const headers = { authorization: `token ${github.personToken(OWNER)}` };
  const answer = await github.fetch(`${github.url}/repos/${github.name}/commits?${query}`, { headers });
  if (answer.status === 404) return [];
  if (!answer.ok) throw new Error(`The commits of ${branch}: ${answer.status} ${await answer.text()}`);
  return answer.json();
}

/** Git's name of a file's content. */
function blobId(text: string): string {
  const bytes = Buffer.from(text, 'utf8');
  return createHash('sha1').update(`blob ${bytes.length}\0`).update(bytes).digest('hex');
}
