/** Begins rollouts, and follows their configs. */
import { fileProblem, formatProblem, type Problem } from '../src/config/problem.ts';
import { logMessage } from '../src/conversation/commit-message.ts';
import { startRollout } from '../src/rollout/decide.ts';
import type { StartEvent } from '../src/rollout/event.ts';
import { isOver, type RolloutState } from '../src/rollout/state.ts';
import { postCheckRun } from './check-run.ts';
import { type ConfigPlace, type ReadConfig, readConfig, rolloutName } from './config-in-repository.ts';
import { type Driver, driverOfNew } from './driver.ts';
import { learnChecks } from './ingest.ts';
import { policyRefusals } from './policy.ts';
import type { Repository } from './repository.ts';
import { withRollout } from './rollouts.ts';
import { rolloutId, type Services } from './services.ts';

export type StartRequest = Pick<StartEvent, 'key' | 'source' | 'config' | 'by' | 'asked'>;

export type Started =
  | { readonly kind: 'started' }
  /** Somebody began it already. */
  | { readonly kind: 'exists'; readonly issue: number | null }
  /** The state that is there is not believed, and was not touched. */
  | { readonly kind: 'not_believed' }
  /** GitHub lets the App write no branch for the state. `detail` says what was expected. */
  | { readonly kind: 'refused'; readonly detail: string };

/**
 * Begins a rollout: holds its policy against the default branch, claims the name, opens the issue.
 */
export function beginRollout(
  services: Services,
  repository: Repository,
  request: StartRequest,
): Promise<Started> {
  const name = rolloutName(request.config, repository);
  return services.turns.run(rolloutId(repository, name), async () => {
    const store = services.storeOf(repository);
    const read = await store.read(name);
    if (read.kind === 'invalid') return { kind: 'not_believed' };
    if (read.kind === 'state' && !isOver(read.state)) return { kind: 'exists', issue: read.state.issue };
    const refusals = await policyRefusals(repository, request.config);
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
    if (written.kind === 'exists' || written.kind === 'conflict') return { kind: 'exists', issue: null };
    services.memoryOf(repository).rollouts.add(name);
    const driver = driverOfNew(
      services,
      repository,
      { config: request.config, state },
      written.version,
      effects,
    );
    await driver.perform();
    await driver.showOnIssue({ always: false });
    return { kind: 'started' };
  });
}

/**
 * Configs that a push changed: begins their rollouts, or tells those that run.
 * @param paths null: nobody knows which
 * @param commit that brought them
 */
export async function followPush(
  services: Services,
  repository: Repository,
  paths: readonly string[] | null,
  commit: string,
): Promise<void> {
  const running = await runningRollouts(services, repository);
  const { configs } = services.memoryOf(repository);
  const changed = paths ?? (await configs.list(repository)).map(({ path }) => path);
  for (const path of changed) {
    const read = await readConfig(repository, path);
    const name = running.get(path);
    if (name !== undefined) {
      await withRollout(services, repository, name, {}, (driver) =>
        tellConfig(services, repository, driver, read),
      );
    } else if (read !== null) await considerStart(services, repository, read, commit);
  }
}

/**
 * Begins the rollouts of configs of which no webhook told; each is looked at once.
 * @param running paths of those that have a rollout
 */
export async function followMissed(
  services: Services,
  repository: Repository,
  configs: readonly ConfigPlace[],
  running: ReadonlySet<string>,
): Promise<void> {
  const { idleConfigs } = services.memoryOf(repository);
  for (const { path, sha } of configs) {
    if (running.has(path) || idleConfigs.get(path) === sha) continue;
    const read = await readConfig(repository, path);
    if (read !== null) await considerStart(services, repository, read, null);
    idleConfigs.set(path, sha);
  }
}

/** Rollouts that are not over, by the paths of their configs. */
async function runningRollouts(
  services: Services,
  repository: Repository,
): Promise<ReadonlyMap<string, string>> {
  const store = services.storeOf(repository);
  const running = new Map<string, string>();
  for (const { name, commit } of await store.list()) {
    const read = await store.read(name, { commit });
    if (read.kind === 'state' && !isOver(read.state)) running.set(read.state.config.path, name);
  }
  return running;
}

async function considerStart(
  services: Services,
  repository: Repository,
  { source, loaded }: ReadConfig,
  commit: string | null,
): Promise<void> {
  if (!loaded.ok) {
    if (commit !== null) await markBroken(repository, commit, loaded.problems);
    return;
  }
  const { config } = loaded;
  const store = services.storeOf(repository);
  const earlier = await store.read(rolloutName(config, repository));
  // One that is over begins anew when somebody says so; one that is not believed does not begin at all.
  if (earlier.kind === 'invalid' || (earlier.kind === 'state' && isOver(earlier.state))) return;
  if (earlier.kind === 'state') {
    const problem = nameTaken(source.path, earlier.state);
    if (commit !== null) await markBroken(repository, commit, [problem]);
    return;
  }
  const key = `config:${source.sha}`;
  const started = await beginRollout(services, repository, { key, source, config, by: null, asked: null });
  if (started.kind !== 'refused') return;
  services.log.error({ config: source.path, detail: started.detail }, 'a rollout could not be started');
  if (commit !== null) await markBroken(repository, commit, [fileProblem(source.path, started.detail)]);
}

/** Two configs cannot have one rollout. @param path of the config that comes second */
export function nameTaken(path: string, { name, config }: RolloutState): Problem {
  const message = `the name "${name}" is taken by the rollout of ${config.path}; expected a name of its own`;
  return { file: path, line: 1, column: 1, path: 'name', message, expected: null, suggestion: null };
}

/** Tells a running rollout what its config says now; null: the file is gone. */
export async function tellConfig(
  services: Services,
  repository: Repository,
  driver: Driver,
  read: ReadConfig | null,
): Promise<void> {
  const { state } = driver.rollout;
  if (isOver(state)) return;
  const sha = read?.source.sha ?? 'none';
  // The same file may come back after another one: only the present state says whether it is news.
  const key = `config:${driver.sequence}:${sha}`;
  const problems = problemsOf(read, state.name, repository);
  if (problems !== null) {
    if (state.brokenConfig !== sha) await driver.happen({ kind: 'config_broken', key, sha, problems });
    return;
  }
  if (read === null || !read.loaded.ok) return;
  if (state.config.sha === sha && state.brokenConfig === null) return;
  const { source, loaded } = read;
  await driver.happen({ kind: 'config_changed', key, source, config: loaded.config });
  // What was green under another config counts no more.
  await learnChecks(services, repository, driver);
}

/** Why the config cannot be used for the running rollout; null where it can. @param name of the rollout */
export function problemsOf(
  read: ReadConfig | null,
  name: string,
  repository: Repository,
): readonly string[] | null {
  if (read === null) return ['the file was deleted; expected it until the rollout is completed or aborted'];
  if (!read.loaded.ok) return read.loaded.problems.map(formatProblem);
  const named = rolloutName(read.loaded.config, repository);
  return named === name ? null : [renamed(name, named)];
}

function renamed(name: string, named: string): string {
  return `name: this rollout is "${name}", and the file names it "${named}"; expected the same name until the rollout is completed or aborted`;
}

/** No issue is open yet on which it could be said: a failed check on the commit that brought the config. */
async function markBroken(
  repository: Repository,
  commit: string,
  problems: readonly Problem[],
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
