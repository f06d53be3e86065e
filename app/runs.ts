/** Runs of GitHub Actions, and which of them the App believes. */
import { BELIEVED_EVENTS } from '../src/measure/handover.ts';
import { ConditionalAnswers } from './conditional.ts';
import { isMissing, orNull } from './http-status.ts';
import { at, type Repository } from './repository.ts';

export interface Run {
  readonly id: number;
  readonly attempt: number;
  /** The file name of the workflow, such as `staging.yml`. */
  readonly workflow: string;
  readonly event: string;
  readonly headSha: string;
  readonly headBranch: string | null;
  /** Of the commit; a fork's runs are listed with the repository's own. */
  readonly headRepository: number | null;
  /** `success`, `failure`, …; null while it runs. */
  readonly conclusion: string | null;
  /** Milliseconds since 1970. */
  readonly updatedAt: number;
}

export interface NewestRuns {
  /** The newest first. */
  readonly runs: readonly Run[];
  /** The list is another than it was when it was asked for last. */
  readonly changed: boolean;
}

/** What webhooks and listings say of a run. */
export interface RunFacts {
  readonly id: number;
  readonly run_attempt?: number | undefined;
  readonly path: string;
  readonly event: string;
  readonly head_sha: string;
  readonly head_branch: string | null;
  readonly head_repository?: { readonly id: number } | null;
  readonly conclusion: string | null;
  readonly updated_at: string;
}

export function runFrom(facts: RunFacts): Run {
  return {
    id: facts.id,
    attempt: facts.run_attempt ?? 1,
    workflow: fileNameOf(facts.path),
    event: facts.event,
    headSha: facts.head_sha,
    headBranch: facts.head_branch,
    headRepository: facts.head_repository?.id ?? null,
    conclusion: facts.conclusion,
    updatedAt: Date.parse(facts.updated_at),
  };
}

/** `.github/workflows/staging.yml@main` → `staging.yml`; a path elsewhere is no workflow of this repository. */
function fileNameOf(path: string): string {
  return /^\.github\/workflows\/([^/@]+)(?:@.*)?$/.exec(path)?.[1] ?? '';
}

const MOST_COMMITS = 2_000;
const PAGE = 100;
const SMALL_PAGE = 20;

/** The runs of one repository; what was found out about a commit is remembered. */
export class Runs {
  readonly #listings = new ConditionalAnswers<readonly Run[]>(100);
  readonly #reachable = new Map<string, boolean>();
  readonly #configs = new Map<string, string | null>();

  /** The newest completed runs on the default branch. */
  async newest(repository: Repository): Promise<NewestRuns> {
    const { defaultBranch: branch } = repository;
    const { value, changed } = await this.#listings.ask(`* ${branch}`, async (headers) => {
      const answer = await repository.octokit.rest.actions.listWorkflowRunsForRepo({
        ...at(repository),
        branch,
        status: 'completed',
        per_page: PAGE,
        exclude_pull_requests: true,
        headers,
      });
      return { etag: answer.headers.etag, value: answer.data.workflow_runs.map(runFrom) };
    });
    return { runs: value, changed };
  }

  /** The next look at the newest runs finds them changed, whatever they are. */
  forget({ defaultBranch }: Repository): void {
    this.#listings.forget(`* ${defaultBranch}`);
  }

  /** Those of one workflow, the newest first. Only where others fill the list that is known, a request is made. */
  async newestOf(repository: Repository, workflow: string, known?: NewestRuns): Promise<readonly Run[]> {
    if (known === undefined) return this.#listOne(repository, workflow);
    const { runs } = known;
    const listed = runs.filter((run) => run.workflow === workflow);
    if (listed.length > 0 || runs.length < PAGE) return listed;
    return this.#listOne(repository, workflow);
  }

  /** None where there is no such workflow. */
  async #listOne(repository: Repository, workflow: string): Promise<readonly Run[]> {
    const { defaultBranch: branch } = repository;
    const asked = this.#listings.ask(`${workflow} ${branch}`, async (headers) => {
      const answer = await repository.octokit.rest.actions.listWorkflowRuns({
        ...at(repository),
        workflow_id: workflow,
        branch,
        status: 'completed',
        per_page: SMALL_PAGE,
        exclude_pull_requests: true,
        headers,
      });
      return { etag: answer.headers.etag, value: answer.data.workflow_runs.map(runFrom) };
    });
    return (await orNull(asked))?.value ?? [];
  }

  /**
   * Whether the run is of this repository's default branch: by its event, its repository, and its commit. A branch's
   * name proves nothing, since a tag may bear it too.
   */
  async isTrusted(repository: Repository, run: Run): Promise<boolean> {
    const looksRight =
      BELIEVED_EVENTS.includes(run.event) &&
      run.headBranch === repository.defaultBranch &&
      run.headRepository === repository.id &&
      run.workflow !== '';
    return looksRight && (await this.isReachable(repository, run.headSha));
  }

  /** Whether a commit is the default branch's newest or came before it. */
  async isReachable(repository: Repository, sha: string): Promise<boolean> {
    const known = this.#reachable.get(sha);
    if (known !== undefined) return known;
    const reachable = await compare(repository, sha);
    // What is not yet there may come: only a merged commit stays merged.
    if (reachable) remember(this.#reachable, sha, true);
    return reachable;
  }

  /** Of the config's blob at a commit; null where the commit has no such file. */
  async configSha(repository: Repository, commit: string, path: string): Promise<string | null> {
    const key = `${commit} ${path}`;
    const known = this.#configs.get(key);
    if (known !== undefined) return known;
    const sha = await blobSha(repository, commit, path);
    remember(this.#configs, key, sha);
    return sha;
  }
}

/** By the branch's newest commit: its name could mean a tag. */
async function compare(repository: Repository, sha: string): Promise<boolean> {
  const { git, repos } = repository.octokit.rest;
  try {
    const head = await git.getRef({ ...at(repository), ref: `heads/${repository.defaultBranch}` });
    if (head.data.object.sha === sha) return true;
    const { data } = await repos.compareCommitsWithBasehead({
      ...at(repository),
      basehead: `${head.data.object.sha}...${sha}`,
      per_page: 1,
    });
    return data.status === 'identical' || data.status === 'behind';
  } catch (error) {
    if (isMissing(error)) return false;
    throw error;
  }
}

async function blobSha(repository: Repository, ref: string, path: string): Promise<string | null> {
  const found = await orNull(repository.octokit.rest.repos.getContent({ ...at(repository), path, ref }));
  return found === null || Array.isArray(found.data) ? null : found.data.sha;
}

function remember<T>(known: Map<string, T>, key: string, value: T): void {
  known.set(key, value);
  const [oldest] = known.keys();
  if (known.size > MOST_COMMITS && oldest !== undefined) known.delete(oldest);
}
