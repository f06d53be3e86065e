/** One repository: the client with access to it, and what every request needs. */
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
  /** URL in the browser. */
  readonly url: string;
}

/** A repository, as in payloads and responses. */
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

/** The full name of the ref, so that it cannot mean a tag. */
export function defaultRef({ defaultBranch }: Repository): string {
  return `refs/heads/${defaultBranch}`;
}

/** An App's login. @param slug its name in URLs */
export function loginOf(slug: string | undefined): string {
  return `${slug}[bot]`;
}

/** Permissions of an installation: `{ issues: 'write', … }`. */
export type Permissions = Readonly<Record<string, string | undefined>>;
