/** Runs of GitHub Actions: how one is started, and which of them the App trusts. */
import { z } from 'zod';
import { TRUSTED_EVENTS } from '../src/measure/handover.ts';
import { BoundedMap } from './bounded-map.ts';
import { type Answer, ConditionalCache, type ConditionalHeaders } from './conditional.ts';
import { nullIfMissing, wordsOf } from './http-status.ts';
import { ONCE } from './octokit.ts';
import { at, defaultRef, type Octokit, type Repository } from './repository.ts';

export interface Run {
  readonly id: number;
  readonly attempt: number;
  /** The file name of the workflow, such as `staging.yml`. */
  readonly workflow: string;
  readonly event: string;
  readonly headSha: string;
  readonly headBranch: string | null;
  /** ID of the commit's repository: runs of forks are listed too. */
  readonly headRepository: number | null;
  /** `success`, `failure`, …; null while it runs. */
  readonly conclusion: string | null;
  /** Milliseconds since 1970. */
  readonly createdAt: number;
  /** Milliseconds since 1970. */
  readonly updatedAt: number;
}

export interface NewestRuns {
  /** The newest first. */
  readonly runs: readonly Run[];
  /** The list has changed since the last request. */
  readonly changed: boolean;
}

/** A run, as in payloads and responses. */
type WorkflowRunFacts = Pick<
  Awaited<ReturnType<Octokit['rest']['actions']['getWorkflowRun']>>['data'],
  | 'id'
  | 'run_attempt'
  | 'path'
  | 'event'
  | 'head_sha'
  | 'head_branch'
  | 'conclusion'
  | 'created_at'
  | 'updated_at'
> & { readonly head_repository?: { readonly id: number } | null };

export function runFrom(facts: WorkflowRunFacts): Run {
  return {
    id: facts.id,
    attempt: facts.run_attempt ?? 1,
    workflow: fileNameOf(facts.path),
    event: facts.event,
    headSha: facts.head_sha,
    headBranch: facts.head_branch,
    headRepository: facts.head_repository?.id ?? null,
    conclusion: facts.conclusion,
    createdAt: Date.parse(facts.created_at),
    updatedAt: Date.parse(facts.updated_at),
  };
}

/** `.github/workflows/staging.yml@main` → `staging.yml`; empty for a path elsewhere, which is not a workflow of this repository. */
function fileNameOf(path: string): string {
  return /^\.github\/workflows\/([^/@]+)(?:@.*)?$/.exec(path)?.[1] ?? '';
}

const MOST_COMMITS = 2_000;
const PAGE = 100;
const SMALL_PAGE = 20;

/** The runs of one repository. What is known about a commit is remembered. */
export class Runs {
  readonly #listings = new ConditionalCache<readonly Run[]>(100);
  #newest: readonly Run[] = [];
  readonly #reachable = new BoundedMap<string, true>(MOST_COMMITS);
  readonly #configs = new BoundedMap<string, string | null>(MOST_COMMITS);

  /** Lists the newest completed runs on the default branch. */
  async newest(repository: Repository): Promise<NewestRuns> {
    const { actions } = repository.octokit.rest;
    const query = { status: 'completed', per_page: PAGE } as const;
    const runs = await this.#list(repository, '*', (about) =>
      actions.listWorkflowRunsForRepo({ ...about, ...query }),
    );
    const changed = runs !== this.#newest;
    this.#newest = runs;
    return { runs, changed };
  }

  /** The next list of the newest runs counts as changed. */
  forget(): void {
    this.#newest = [];
  }

  /** Completed runs of one workflow, the newest first. Sends a request only if other runs may fill the known list. */
  async newestOf(repository: Repository, workflow: string, known?: NewestRuns): Promise<readonly Run[]> {
    const listed = known?.runs.filter((run) => run.workflow === workflow) ?? [];
    if (listed.length > 0 || (known?.runs.length ?? PAGE) < PAGE) return listed;
    return this.#listOne(repository, workflow, { status: 'completed' });
  }

  /** Also those that are queued or in progress. Sends a request. */
  newestOfAny(repository: Repository, workflow: string): Promise<readonly Run[]> {
    return this.#listOne(repository, workflow);
  }

  /** Empty without such a workflow. */
  async #listOne(repository: Repository, workflow: string, only: { status?: 'completed' } = {}) {
    const { actions } = repository.octokit.rest;
    const query = { ...only, workflow_id: workflow, per_page: SMALL_PAGE };
    const runs = this.#list(repository, `${workflow} ${only.status}`, (about) =>
      actions.listWorkflowRuns({ ...about, ...query }),
    );
    return (await nullIfMissing(runs)) ?? [];
  }

  #list(repository: Repository, which: string, ask: RunsRequest): Promise<readonly Run[]> {
    const about = { ...at(repository), exclude_pull_requests: true, branch: repository.defaultBranch };
    return this.#listings.get(
      `${which} ${about.branch}`,
      (headers) => ask({ ...about, headers }),
      (data) => data.workflow_runs.map(runFrom),
    );
  }

  /**
   * Whether the run belongs to this repository's default branch, by its event, repository and commit. The branch's name
   * is not enough, since a tag may have the same one.
   */
  async isTrusted(repository: Repository, run: Run): Promise<boolean> {
    const looksRight =
      TRUSTED_EVENTS.includes(run.event) &&
      run.headBranch === repository.defaultBranch &&
      run.headRepository === repository.id &&
      run.workflow !== '';
    return looksRight && (await this.#isReachable(repository, run.headSha));
  }

  async #isReachable(repository: Repository, sha: string): Promise<boolean> {
    if (this.#reachable.has(sha)) return true;
    const reachable = await compare(repository, sha);
    // A commit that is not merged yet may be merged later.
    if (reachable) this.#reachable.set(sha, true);
    return reachable;
  }

  /** The config's blob at a commit; null where the commit has no such file. */
  async configSha(repository: Repository, commit: string, path: string): Promise<string | null> {
    const key = `${commit} ${path}`;
    const known = this.#configs.get(key);
    if (known !== undefined) return known;
    const sha = await blobSha(repository, commit, path);
    this.#configs.set(key, sha);
    return sha;
  }
}

type RunsRequest = (
  about: ReturnType<typeof at> & {
    branch: string;
    exclude_pull_requests: boolean;
    headers: ConditionalHeaders;
  },
) => Promise<Answer<{ readonly workflow_runs: readonly WorkflowRunFacts[] }>>;

/** Compares with the branch's newest commit, because a tag could have the branch's name. */
async function compare(repository: Repository, sha: string): Promise<boolean> {
  const { git, repos } = repository.octokit.rest;
  const ref = `heads/${repository.defaultBranch}`;
  const head = (await nullIfMissing(git.getRef({ ...at(repository), ref })))?.data.object.sha;
  if (head === undefined || head === sha) return head === sha;
  const query = { ...at(repository), basehead: `${head}...${sha}`, per_page: 1 };
  const status = (await nullIfMissing(repos.compareCommitsWithBasehead(query)))?.data.status;
  return status === 'identical' || status === 'behind';
}

async function blobSha(repository: Repository, ref: string, path: string): Promise<string | null> {
  const { repos } = repository.octokit.rest;
  const found = await nullIfMissing(repos.getContent({ ...at(repository), path, ref }));
  return found === null || Array.isArray(found.data) ? null : found.data.sha;
}

const runDetailsSchema = z.object({ workflow_run_id: z.int() });

export interface WorkflowStart {
  /** Such as `traffic.yml`. */
  readonly file: string;
  readonly inputs: Readonly<Record<string, string>>;
  /** A second run does no harm: a request whose response is lost is sent again. */
  readonly mayRepeat: boolean;
}

/**
 * Starts a workflow on the default branch.
 * @returns the run's ID; null where the server does not name it
 * @throws GitHub's error
 */
export async function startWorkflow(
  repository: Repository,
  { file, inputs, mayRepeat }: WorkflowStart,
): Promise<number | null> {
  const { createWorkflowDispatch } = repository.octokit.rest.actions;
  const retries = mayRepeat ? {} : ONCE;
  const request = { ...at(repository), workflow_id: file, ref: defaultRef(repository), inputs, ...retries };
  try {
    const { data } = await createWorkflowDispatch({ ...request, return_run_details: true });
    return runDetailsSchema.safeParse(data).data?.workflow_run_id ?? null;
  } catch (error) {
    // GitHub Enterprise Server up to 3.20 refuses the unknown parameter before it starts anything.
    if (!wordsOf(error).includes('return_run_details')) throw error;
    await createWorkflowDispatch(request);
    return null;
  }
}
