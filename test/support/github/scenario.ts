/** What people do in a repository, and what it then holds: the language of scenarios. */
import type { Issue, IssueComment } from '@octokit/webhooks-types';
import { reactionsOn } from './reactions.ts';
import { defaultBranchOf, environmentOf } from './repository.ts';
import type { GithubResponse } from './response.ts';
import { read } from './router.ts';
import { OWNER } from './upstream.ts';
import type { Caller, Common, Repository, Rule, Schema, World } from './world.ts';

export interface ShownComment {
  readonly id: number;
  readonly author: string;
  readonly body: string;
  /** Such as `eyes`, in the order in which they were given. */
  readonly reactions: readonly string[];
}

export interface ShownIssue {
  readonly number: number;
  readonly title: string;
  readonly author: string;
  readonly state: 'open' | 'closed';
  readonly stateReason: string | null;
  readonly locked: boolean;
  readonly labels: readonly string[];
  readonly body: string;
  readonly comments: readonly ShownComment[];
}

export interface Person {
  readonly login: string;
  /** @returns the comment's id */
  comments(issue: number, body: string): Promise<number>;
  editsComment(comment: number, body: string): Promise<void>;
  deletesComment(comment: number): Promise<void>;
  /** @returns the issue's number */
  opens(title: string, body?: string): Promise<number>;
  /** Ticks the box whose line holds the text. */
  ticks(issue: number, label: string): Promise<void>;
  unticks(issue: number, label: string): Promise<void>;
  edits(issue: number, body: string | ((body: string) => string)): Promise<void>;
  closes(issue: number): Promise<void>;
  reopens(issue: number): Promise<void>;
  removesLabel(issue: number, label: string): Promise<void>;
  locks(issue: number): Promise<void>;
  unlocks(issue: number): Promise<void>;
  deletes(issue: number): Promise<void>;
  transfers(issue: number): Promise<void>;
  /** Moves the branch to a commit, wherever it was. */
  forces(branch: string, sha: string): Promise<void>;
  deletesBranch(branch: string): Promise<void>;
  createsBranch(branch: string, sha: string): Promise<void>;
  /** @returns the sha of the commit */
  pushes(files: Files, options?: { readonly branch?: string; readonly message?: string }): Promise<string>;
}

/** Contents by path; null deletes. */
export type Files = Readonly<Record<string, string | null>>;

export interface RepositoryScenario {
  readonly name: string;
  person(login: string): Person;
  /** As the owner, on the default branch. @returns the sha of the commit */
  pushes(
    files: Files,
    options?: { readonly by?: string; readonly branch?: string; readonly message?: string },
  ): Promise<string>;
  /** Null where no such issue is (any more). */
  issue(number: number): Promise<ShownIssue | null>;
  issues(): Promise<readonly ShownIssue[]>;
  /** The text of a file; null where there is none. */
  file(path: string, branch?: string): Promise<string | null>;
  /** Messages of a branch's commits, the newest first. */
  commits(branch: string): Promise<readonly string[]>;
  /** Their ids. */
  commitIds(branch: string): Promise<readonly string[]>;
  branches(): Promise<readonly string[]>;
  variable(name: string, environment?: string): string | null;
  setVariable(name: string, value: string, environment?: string): void;
  environment(name: string, options?: { readonly reviewers?: readonly string[] }): void;
  /** The default branch gets another name; the old one is gone. */
  renamesDefaultBranch(name: string): Promise<void>;
  protect(rule: Rule): void;
  unprotect(branches: string): void;
  /** Lists of issues and comments (or all lists) leave out for so long what is created from now on. */
  listsLag(milliseconds: number, which?: 'threads' | 'all'): void;
}

export function createScenario(world: World, repository: Repository): RepositoryScenario {
  const base = `/repos/${repository.fullName}`;

  async function done(caller: Caller, method: string, path: string, body?: unknown): Promise<GithubResponse> {
    const response = await world.act(caller, method, `${base}${path}`, body);
    if (response.status >= 300) throw new Error(`${method} ${path}: ${response.status} ${response.body}`);
    return response;
  }

  async function issue(number: number): Promise<ShownIssue | null> {
    if (repository.gone.has(number)) return null;
    const found = await world.upstream.read<Issue>(`${base}/issues/${number}`);
    return found === null ? null : shown(found);
  }

  async function shown(found: Issue): Promise<ShownIssue> {
    const comments: ShownComment[] = [];
    for (let page = 1; ; page += 1) {
      const path = `${base}/issues/${found.number}/comments?per_page=100&page=${page}`;
      const items = (await world.upstream.read<IssueComment[]>(path)) ?? [];
      comments.push(...items.map((each) => shownComment(repository, each)));
      if (items.length < 100) break;
    }
    return {
      number: found.number,
      title: found.title,
      author: found.user.login,
      state: found.state ?? 'open',
      stateReason: found.state_reason ?? null,
      locked: found.locked ?? false,
      labels: (found.labels ?? []).map(({ name }) => name),
      body: found.body ?? '',
      comments,
    };
  }

  async function push(
    files: Files,
    by: string,
    branch: string | undefined,
    message: string,
  ): Promise<string> {
    const owner: Caller = { kind: 'person', login: OWNER };
    const to = branch ?? (await defaultBranchOf(world, repository));
    const head = await world.upstream.read<Schema<'git-ref'>>(`${base}/git/ref/heads/${to}`);
    const parent =
      head === null
        ? null
        : await world.upstream.read<Schema<'git-commit'>>(`${base}/git/commits/${head.object.sha}`);
    const tree = Object.entries(files).map(([path, content]) => ({
      path,
      mode: '100644',
      type: 'blob',
      ...(content === null ? { sha: null } : { content }),
    }));
    const made = await done(owner, 'POST', '/git/trees', {
      tree,
      ...(parent === null ? {} : { base_tree: parent.tree.sha }),
    });
    const author = { name: by, email: `${by}@example.com`, date: world.clock.stamp() };
    const commit = await done(owner, 'POST', '/git/commits', {
      message,
      tree: read<{ sha: string }>(made).sha,
      parents: head === null ? [] : [head.object.sha],
      author,
      committer: author,
    });
    const { sha } = read<{ sha: string }>(commit);
    const caller: Caller = { kind: 'person', login: by };
    if (head === null) await done(caller, 'POST', '/git/refs', { ref: `refs/heads/${to}`, sha });
    else await done(caller, 'PATCH', `/git/refs/heads/${to}`, { sha });
    return sha;
  }

  function person(login: string): Person {
    const caller: Caller = { kind: 'person', login };
    const patch = (number: number, body: object) => done(caller, 'PATCH', `/issues/${number}`, body);
    const bodyOf = async (number: number): Promise<string> => (await issue(number))?.body ?? '';

    async function leaves(number: number, action: 'deleted' | 'transferred'): Promise<void> {
      const found = await world.upstream.read<Issue>(`${base}/issues/${number}`);
      if (found === null) throw new Error(`no issue #${number} in ${repository.fullName}`);
      const elsewhere = await world.upstream.read<Common['repository']>(base);
      repository.gone.set(number, action);
      const changes = { new_issue: { ...found, id: world.nextId(), number: 1 }, new_repository: elsewhere };
      const payload = { action, issue: found, ...(action === 'transferred' ? { changes } : {}) };
      await world.announce(repository, 'issues', payload, await world.user(login));
    }

    return {
      login,
      async comments(number, body) {
        const response = await done(caller, 'POST', `/issues/${number}/comments`, { body });
        return read<IssueComment>(response).id;
      },
      async editsComment(id, body) {
        await done(caller, 'PATCH', `/issues/comments/${id}`, { body });
      },
      async deletesComment(id) {
        await done(caller, 'DELETE', `/issues/comments/${id}`);
      },
      async opens(title, body = '') {
        return read<Issue>(await done(caller, 'POST', '/issues', { title, body })).number;
      },
      async ticks(number, label) {
        await patch(number, { body: withBox(await bodyOf(number), label, 'x') });
      },
      async unticks(number, label) {
        await patch(number, { body: withBox(await bodyOf(number), label, ' ') });
      },
      async edits(number, body) {
        await patch(number, { body: typeof body === 'string' ? body : body(await bodyOf(number)) });
      },
      async closes(number) {
        await patch(number, { state: 'closed' });
      },
      async reopens(number) {
        await patch(number, { state: 'open' });
      },
      async removesLabel(number, label) {
        await done(caller, 'DELETE', `/issues/${number}/labels/${label}`);
      },
      async locks(number) {
        await done(caller, 'PUT', `/issues/${number}/lock`, {});
      },
      async unlocks(number) {
        await done(caller, 'DELETE', `/issues/${number}/lock`);
      },
      deletes: (number) => leaves(number, 'deleted'),
      transfers: (number) => leaves(number, 'transferred'),
      async forces(branch, sha) {
        await done(caller, 'PATCH', `/git/refs/heads/${branch}`, { sha, force: true });
      },
      async deletesBranch(branch) {
        await done(caller, 'DELETE', `/git/refs/heads/${branch}`);
      },
      async createsBranch(branch, sha) {
        await done(caller, 'POST', '/git/refs', { ref: `refs/heads/${branch}`, sha });
      },
      pushes: (files, { branch, message = 'Change files' } = {}) => push(files, login, branch, message),
    };
  }

  const commitsOf = async (branch: string): Promise<readonly Schema<'commit'>[]> => {
    const path = `${base}/commits?sha=${encodeURIComponent(branch)}&per_page=100`;
    return (await world.upstream.read<Schema<'commit'>[]>(path)) ?? [];
  };
  const variablesOf = (environment: string | undefined) =>
    environment === undefined ? repository.variables : repository.environments.get(environment)?.variables;

  return {
    name: repository.fullName,
    person,
    pushes: (files, { by = OWNER, branch, message = 'Change files' } = {}) =>
      push(files, by, branch, message),
    issue,
    async issues() {
      const all = await world.upstream.read<Issue[]>(`${base}/issues?state=all&per_page=100&direction=asc`);
      return Promise.all((all ?? []).filter(({ number }) => !repository.gone.has(number)).map(shown));
    },
    async file(path, branch) {
      const query = branch === undefined ? '' : `?ref=${encodeURIComponent(branch)}`;
      const found = await world.upstream.read<Schema<'content-file'>>(`${base}/contents/${path}${query}`);
      return found === null ? null : Buffer.from(found.content, 'base64').toString('utf8');
    },
    commits: async (branch) => (await commitsOf(branch)).map(({ commit }) => commit.message),
    commitIds: async (branch) => (await commitsOf(branch)).map(({ sha }) => sha),
    async branches() {
      const found = await world.upstream.read<{ name: string }[]>(`${base}/branches?per_page=100`);
      return (found ?? []).map(({ name }) => name);
    },
    variable: (name, environment) => variablesOf(environment)?.get(name.toUpperCase())?.value ?? null,
    setVariable(name, value, environment) {
      const at = world.clock.stamp();
      const variable = { name: name.toUpperCase(), value, createdAt: at, updatedAt: at };
      variablesOf(environment)?.set(variable.name, variable);
    },
    environment(name, { reviewers = [] } = {}) {
      environmentOf(repository, name).reviewers = reviewers;
    },
    async renamesDefaultBranch(name) {
      const from = await defaultBranchOf(world, repository);
      const owner: Caller = { kind: 'person', login: OWNER };
      const head = await world.upstream.read<Schema<'git-ref'>>(`${base}/git/ref/heads/${from}`);
      await done(owner, 'POST', '/git/refs', { ref: `refs/heads/${name}`, sha: head?.object.sha });
      await done(owner, 'PATCH', '', { default_branch: name });
      await done(owner, 'DELETE', `/git/refs/heads/${from}`);
      repository.shown = null;
      const changes = { default_branch: { from } };
      await world.announce(repository, 'repository', { action: 'edited', changes }, await world.user(OWNER));
    },
    protect(rule) {
      repository.rules.push(rule);
    },
    listsLag(milliseconds, which = 'threads') {
      repository.listLag = milliseconds;
      repository.allListsLag = which === 'all';
    },
    unprotect(branches) {
      const index = repository.rules.findIndex((rule) => rule.branches === branches);
      if (index >= 0) repository.rules.splice(index, 1);
    },
  };
}

function shownComment(repository: Repository, { id, user, body }: IssueComment): ShownComment {
  const reactions = reactionsOn(repository, `issues/comments/${id}`).map(({ content }) => content);
  return { id, author: user.login, body, reactions };
}

/** The body with the one box whose line holds `label` set to `mark`. */
function withBox(body: string, label: string, mark: 'x' | ' '): string {
  const lines = body.split('\n');
  const index = lines.findIndex((line) => /^\s*[-*] \[[ x]\]/i.test(line) && line.includes(label));
  if (index < 0) throw new Error(`no box of the issue says ${label}:\n${body}`);
  lines[index] = (lines[index] ?? '').replace(/\[[ x]\]/i, `[${mark}]`);
  return lines.join('\n');
}
