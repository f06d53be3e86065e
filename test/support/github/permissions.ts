/** Which permission of an App a route asks for, by GitHub's list of permissions required for GitHub Apps. */

export type Level = 'read' | 'write';
/** As in an App's manifest: `{ issues: 'write', contents: 'read' }`. */
export type Permissions = Readonly<Record<string, Level>>;

/** The first that matches wins; paths begin behind `/repos/{owner}/{repo}`. */
const BY_PATH: readonly (readonly [RegExp, string])[] = [
  [/^\/issues(\/|$)/, 'issues'],
  [/^\/labels(\/|$)/, 'issues'],
  [/^\/actions\/variables/, 'actions_variables'],
  [/^\/environments\/[^/]+\/variables/, 'environments'],
  [/^\/environments(\/|$)/, 'actions'],
  [/^\/actions\//, 'actions'],
  [/^\/deployments(\/|$)/, 'deployments'],
  [/^\/statuses\//, 'statuses'],
  [/^\/commits\/.+\/(status|statuses)$/, 'statuses'],
  [/^\/check-(runs|suites)/, 'checks'],
  [/^\/commits\/.+\/check-(runs|suites)$/, 'checks'],
  [/^\/pulls(\/|$)/, 'pull_requests'],
  [/^\/contents\/\.github\/workflows\//, 'workflows'],
  [/^\/(contents|git|branches|commits|compare|tarball|zipball|dispatches|readme|activity)(\/|$)/, 'contents'],
];

/** Public repositories show these to everybody. */
const PUBLIC = new Set([
  'issues',
  'contents',
  'workflows',
  'pull_requests',
  'checks',
  'statuses',
  'actions',
  'deployments',
]);

/**
 * The permission that a request to a repository lacks, as `issues: write`; null where it may pass.
 * @param path behind `/repos/{owner}/{repo}`
 */
export function missingPermission(
  granted: Permissions,
  request: { readonly method: string; readonly path: string; readonly isPrivate: boolean },
): string | null {
  const found = BY_PATH.find(([pattern]) => pattern.test(request.path))?.[1];
  const writes = request.method !== 'GET' && request.method !== 'HEAD';
  if (found === undefined) return writes ? 'administration: write' : null;
  // Reading a workflow's file is reading contents; reactions and labels of pull requests pass by their permission.
  const name = found === 'workflows' && !writes ? 'contents' : found;
  if (!writes && !request.isPrivate && PUBLIC.has(name)) return null;
  const names =
    name === 'issues' ? ['issues', 'pull_requests'] : name === 'workflows' ? ['workflows'] : [name];
  const level: Level = writes ? 'write' : 'read';
  const enough = names.some((each) => granted[each] === 'write' || granted[each] === level);
  return enough ? null : `${name}: ${level}`;
}
