/** Counts of reactions, which every issue and comment includes. */
import type { GithubResponse } from './response.ts';
import type { Reaction, Repository, World } from './world.ts';

/** `issues/7` or `issues/comments/7` of an address that ends so. */
const SUBJECT = /\/repos\/([^/]+\/[^/]+)\/(issues\/(?:comments\/)?\d+)\/reactions$/;

/** The response with the counts filled in that the emulator does not know. */
export function withReactions(world: World, pathname: string, response: GithubResponse): GithubResponse {
  if (response.status >= 300 || typeof response.body !== 'string' || !pathname.includes('/issues'))
    return response;
  if ([...world.repositories.values()].every(({ reactions }) => reactions.size === 0)) return response;
  const body = JSON.stringify(JSON.parse(response.body), (key, value) =>
    key === 'reactions' && isRollup(value) ? (rollup(world, value.url) ?? value) : value,
  );
  return { ...response, body };
}

const isRollup = (value: unknown): value is { url: string } =>
  typeof value === 'object' && value !== null && 'url' in value && typeof value.url === 'string';

function rollup(world: World, url: string): Record<string, unknown> | null {
  const match = SUBJECT.exec(url);
  const repository = world.repositories.get((match?.[1] ?? '').toLowerCase());
  const given = repository?.reactions.get(match?.[2] ?? '');
  if (given === undefined) return null;
  const counts = Object.fromEntries(
    CONTENTS.map((content) => [content, given.filter((each) => each.content === content).length]),
  );
  return { url, total_count: given.length, ...counts };
}

export const CONTENTS = ['+1', '-1', 'laugh', 'hooray', 'confused', 'heart', 'rocket', 'eyes'] as const;

export function reactionsOn(repository: Repository, subject: string): Reaction[] {
  const known = repository.reactions.get(subject);
  if (known !== undefined) return known;
  const made: Reaction[] = [];
  repository.reactions.set(subject, made);
  return made;
}
