/** Configs that a push to the default branch changed. */
import { isConfigPath } from '../config-in-repository.ts';
import { followPush } from '../start.ts';
import { contextOf, type Handled, type Webhook } from './handler.ts';

/** A push lists at most this many commits; what a larger one changed is unknown. */
const MOST_LISTED = 2_048;

export async function onPush(event: Webhook<'push'>): Promise<Handled> {
  const { payload } = event;
  const { ref, deleted, commits, forced, after } = payload;
  if (ref !== `refs/heads/${payload.repository.default_branch}` || deleted) return 'ignored';
  const touched = commits.flatMap(({ added, modified, removed }) => [
    ...(added ?? []),
    ...(modified ?? []),
    ...(removed ?? []),
  ]);
  const paths = [...new Set(touched.filter(isConfigPath))];
  // In a job of GitHub Actions, the payload lists commits without their files.
  const hasFiles = commits.every(({ added }) => Array.isArray(added));
  const isUnknown = forced || !hasFiles || commits.length >= MOST_LISTED;
  if (paths.length === 0 && !isUnknown) return 'ignored';
  await followPush(contextOf(event), isUnknown ? null : paths, after);
  return 'handled';
}
