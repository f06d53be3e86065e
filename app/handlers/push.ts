/** Configs that land on the default branch. */
import type { Context } from 'probot';
import { isConfigPath } from '../config-in-repository.ts';
import { followPush } from '../start.ts';
import { type Event, type Handled, repositoryOf } from './handler.ts';

/** A push lists at most so many commits; of a larger one nobody knows what it changed. */
const MOST_LISTED = 2_048;

export async function onPush(event: Event<Context<'push'>['payload']>): Promise<Handled> {
  const { services, payload } = event;
  const { ref, deleted, commits, forced, after } = payload;
  if (ref !== `refs/heads/${payload.repository.default_branch}` || deleted) return 'ignored';
  const touched = commits.flatMap(({ added, modified, removed }) => [
    ...(added ?? []),
    ...(modified ?? []),
    ...(removed ?? []),
  ]);
  const paths = [...new Set(touched.filter(isConfigPath))];
  // A job of GitHub Actions is told of commits without their files.
  const isTold = commits.every(({ added }) => Array.isArray(added));
  const isUnknown = forced || !isTold || commits.length >= MOST_LISTED;
  if (paths.length === 0 && !isUnknown) return 'ignored';
  await followPush(services, repositoryOf(event), isUnknown ? null : paths, after);
  return 'handled';
}
