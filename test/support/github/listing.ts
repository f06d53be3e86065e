/** GitHub's lists are copies, which may leave out for a while what was just created. */
import type { Call } from './router.ts';

/** @param key the id, or a ref's name */
export function leaveOut({ repository, world }: Call, key: number | string): void {
  if (repository.listLag > 0) repository.unlisted.set(key, world.clock.now() + repository.listLag);
}

export function isListed({ repository, world }: Call, key: number | string): boolean {
  return (repository.unlisted.get(key) ?? 0) <= world.clock.now();
}
