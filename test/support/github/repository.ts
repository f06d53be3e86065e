/** Queries about a repository that several routes share. */
import type { Environment, Repository, Schema, World } from './world.ts';

/** The commit of a branch, a tag or a sha; null where there is none. */
export async function headOf(world: World, repository: Repository, ref: string): Promise<string | null> {
  const base = `/repos/${repository.fullName}`;
  if (/^[0-9a-f]{40}$/.test(ref)) {
    return (await world.upstream.read<Schema<'git-commit'>>(`${base}/git/commits/${ref}`))?.sha ?? null;
  }
  const name = ref.replace(/^(refs\/)?heads\//, '');
  const found = await world.upstream.read<Schema<'git-ref'>>(`${base}/git/ref/heads/${name}`);
  return found?.object.sha ?? null;
}

export async function defaultBranchOf(world: World, repository: Repository): Promise<string> {
  const shown = await world.upstream.read<Schema<'full-repository'>>(`/repos/${repository.fullName}`);
  return shown?.default_branch ?? 'main';
}

/** An environment is created when something first uses it. */
export function environmentOf(repository: Repository, name: string): Environment {
  const known = repository.environments.get(name);
  if (known !== undefined) return known;
  const made: Environment = {
    id: repository.environments.size * 2 + 1,
    name,
    reviewers: [],
    variables: new Map(),
    createdAt: '2026-01-01T00:00:00Z',
  };
  repository.environments.set(name, made);
  return made;
}
