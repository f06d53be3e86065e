/** Starts rollouts, and applies changed configs to those that are running. */
import { type ConfigProblem, fileProblem, formatProblem } from '../src/config/problem.ts';
import { logMessage } from '../src/conversation/commit-message.ts';
import { startRollout } from '../src/rollout/decide.ts';
import type { StartEvent } from '../src/rollout/event.ts';
import { isOver, type RolloutState } from '../src/rollout/state.ts';
import { postCheckRun } from './check-run.ts';
import { type FetchedConfig, fetchConfig, type ListedConfig, rolloutName } from './config-in-repository.ts';
import { Driver } from './driver.ts';
import { ingestChecks } from './ingest.ts';
import { findPolicyRefusals } from './policy.ts';
import type { Repository } from './repository.ts';
import type { RepositoryContext } from './repository-context.ts';
import { withRollout } from './rollouts.ts';
import { knownRollouts } from './stored-rollout.ts';

export type StartInput = Pick<StartEvent, 'key' | 'source' | 'config' | 'by' | 'asked'>;

export type Started =
  | { readonly kind: 'started' }
  /** Somebody else started it already. */
  | { readonly kind: 'exists'; readonly issue: number | null }
  /** The branch holds a state that is not trusted; it was not touched. */
  | { readonly kind: 'not_trusted' }
  /** GitHub does not let the App write the branch of the state. `detail` says what was expected. */
  | { readonly kind: 'refused'; readonly detail: string };

/** Starts a rollout: checks its policy against the default branch, creates the state's branch, opens the issue. */
export function beginRollout(context: RepositoryContext, request: StartInput): Promise<Started> {
  const { services, repository, store, memory } = context;
  const name = rolloutName(request.config, repository);
  return services.turns.run(context.rolloutId(name), async () => {
    const read = await store.read(name);
    if (read.kind === 'invalid') return { kind: 'not_trusted' };
    if (read.kind === 'state' && !isOver(read.state)) return { kind: 'exists', issue: read.state.issue };
    const refusals = await findPolicyRefusals(repository, request.config);
    const event: StartEvent = { ...request, name, refusals };
    const transition = startRollout(event, services.now());
    const { state, effects } = transition;
    const before = read.kind === 'state' ? read.state : null;
    const message = logMessage({ before, after: state, event, transition });
    const written =
      read.kind === 'state'
        ? await store.write(read.version, state, message)
        : await store.claim(name, state, message);
    if (written.kind === 'refused') return written;
    if (written.kind === 'conflict') return { kind: 'exists', issue: null };
    memory.rollouts.add(name);
    memory.newConfigs.add(name);
    const driver = new Driver(context, { config: request.config, state }, written.version, true);
    for (const effect of effects) driver.ownEffects.add(effect);
    await driver.perform();
    await driver.showOnIssue({ always: false });
    return { kind: 'started' };
  });
}

/**
 * Handles the configs that a push changed: starts their rollouts, or applies them to those that are running.
 * @param paths null where the push does not say which files it changed
 * @param commit the newest one of the push
 */
export async function followPush(
  context: RepositoryContext,
  paths: readonly string[] | null,
  commit: string,
): Promise<void> {
  const { repository, memory, store } = context;
  const running = (await knownRollouts(store)).filter(({ rollout }) => rollout && !isOver(rollout.state));
  const changed = paths ?? (await memory.configs.list(repository)).map(({ path }) => path);
  for (const path of changed) {
    const read = await fetchConfig(repository, path);
    const name = running.find(({ rollout }) => rollout?.state.config.path === path)?.name;
    if (name !== undefined) await withRollout(context, name, {}, (driver) => applyConfig(driver, read));
    else if (read !== null) await considerStart(context, read, commit);
  }
}

/**
 * Starts the rollouts of configs whose webhook was lost; each version of a config is tried once.
 * @param running paths of configs that have a rollout
 */
export async function startMissed(
  context: RepositoryContext,
  configs: readonly ListedConfig[],
  running: ReadonlySet<string>,
): Promise<void> {
  const { idleConfigs } = context.memory;
  for (const { path, sha } of configs) {
    if (running.has(path) || idleConfigs.get(path) === sha) continue;
    const read = await fetchConfig(context.repository, path);
    if (read !== null) await considerStart(context, read, null);
    idleConfigs.set(path, sha);
  }
}

/** @param commit gets a check run if the rollout cannot start; null where there is none */
async function considerStart(
  context: RepositoryContext,
  { source, loaded }: FetchedConfig,
  commit: string | null,
): Promise<void> {
  const { repository, services, store } = context;
  const report = async (problems: readonly ConfigProblem[]): Promise<void> => {
    if (commit !== null) await postNotStarted(repository, commit, problems);
  };
  if (!loaded.ok) return report(loaded.problems);
  const { config } = loaded;
  const name = rolloutName(config, repository);
  const earlier = await store.read(name);
  // What is over, or whose branch was deleted, starts again only by a command; what is not trusted does not start.
  if (earlier.kind === 'missing' && (await store.hasExisted(name, await services.identity()))) return;
  if (earlier.kind === 'invalid' || (earlier.kind === 'state' && isOver(earlier.state))) return;
  if (earlier.kind === 'state') return report([nameTaken(source.path, earlier.state)]);
  const key = `config:${source.sha}`;
  const started = await beginRollout(context, { key, source, config, by: null, asked: null });
  if (started.kind !== 'refused') return;
  services.log.error({ config: source.path, detail: started.detail }, 'a rollout could not be started');
  await report([fileProblem(source.path, started.detail)]);
}

/** Two configs cannot share a rollout. @param path of the second config */
export function nameTaken(path: string, { name, config }: RolloutState): ConfigProblem {
  const message = `the name "${name}" is taken by the rollout of ${config.path}; expected a unique name`;
  return { file: path, line: 1, column: 1, path: 'name', message, expected: null, suggestion: null };
}

/** Applies the current config to a running rollout. @param read null where the file is gone */
export async function applyConfig(driver: Driver, read: FetchedConfig | null): Promise<void> {
  const { state } = driver.rollout;
  if (isOver(state)) return;
  const sha = read?.source.sha ?? 'none';
  // The same file may come back after another one, so the sequence is a part of the key.
  const key = `config:${driver.sequence}:${sha}`;
  const problems = problemsOf(read, state.name, driver.repository);
  if (problems !== null) {
    if (state.brokenConfig !== sha) await driver.apply({ kind: 'config_broken', key, sha, problems });
    return;
  }
  if (read === null || !read.loaded.ok) return;
  if (state.config.sha === sha && state.brokenConfig === null) return;
  const { source, loaded } = read;
  await driver.apply({ kind: 'config_changed', key, source, config: loaded.config });
  driver.memory.newConfigs.add(state.name);
  // A check that was green with the earlier config no longer counts.
  await ingestChecks(driver);
}

/** Why the running rollout cannot use the config; null where it can. @param name of the rollout */
export function problemsOf(
  read: FetchedConfig | null,
  name: string,
  repository: Repository,
): readonly string[] | null {
  if (read === null)
    return ['the file was deleted; it has to stay until the rollout is completed or aborted'];
  if (!read.loaded.ok) return read.loaded.problems.map(formatProblem);
  const named = rolloutName(read.loaded.config, repository);
  if (named === name) return null;
  return [
    `name: this rollout is "${name}", but the file says "${named}"; keep the name until the rollout is completed or aborted`,
  ];
}

/** There is no issue yet to report on, so the commit that brought the config gets a failed check run. */
async function postNotStarted(
  repository: Repository,
  commit: string,
  problems: readonly ConfigProblem[],
): Promise<void> {
  const count = problems.length === 1 ? 'one problem' : `${problems.length} problems`;
  await postCheckRun(repository, {
    sha: commit,
    conclusion: 'failure',
    title: `No rollout was started: ${count}`,
    summary: problems.map((problem) => `- \`${formatProblem(problem).replaceAll('`', "'")}\``).join('\n'),
    problems,
  });
}
