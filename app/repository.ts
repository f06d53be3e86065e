/** One repository as the App meets it: the client that may speak for it, and what every request needs. */
import type { Context } from 'probot';

/** GitHub's client, authenticated as the installation. */
export type Octokit = Context['octokit'];

export interface Repository {
  readonly octokit: Octokit;
  readonly id: number;
  readonly owner: string;
  readonly name: string;
  readonly defaultBranch: string;
  readonly isPrivate: boolean;
  /** In the browser. */
  readonly url: string;
}

/** What webhooks and listings say of a repository. */
export interface RepositoryFacts {
  readonly id: number;
  readonly name: string;
  /** `owner/name`. */
  readonly full_name: string;
  readonly default_branch: string;
  readonly private: boolean;
  readonly html_url: string;
}

export function repositoryFrom(octokit: Octokit, facts: RepositoryFacts): Repository {
  return {
    octokit,
    id: facts.id,
    owner: facts.full_name.split('/')[0] ?? '',
    name: facts.name,
    defaultBranch: facts.default_branch,
    isPrivate: facts.private,
    url: facts.html_url,
  };
}

/** The two parameters of every request about a repository. */
export function at({ owner, name }: Repository): { readonly owner: string; readonly repo: string } {
  return { owner, repo: name };
}

/** As a ref, so that no tag of that name is meant. */
export function defaultRef({ defaultBranch }: Repository): string {
  return `refs/heads/${defaultBranch}`;
}

/** As GitHub shows those of an installation: `{ issues: 'write', … }`. */
export type Permissions = Readonly<Record<string, string | undefined>>;
