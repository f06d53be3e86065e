/**
 * Finds by reading what webhooks should have reported: GitHub delivers them twice, late, or not at all. A repository
 * whose rollout has not changed costs three requests, one for its workflows' runs, and one for each target; the first
 * tick of a process costs two more, for the state and the log of its branch.
 */
import { stageOf } from '../src/rollout/road.ts';
import { isOver, type RolloutStatus } from '../src/rollout/state.ts';
import { checkPolicy, hasOpenChecks } from './commands.ts';
import { fetchConfig, type ListedConfig } from './config-in-repository.ts';
import type { Driver } from './driver.ts';
import { ingestChecks, ingestMeasurements, observe } from './ingest.ts';
import { type IssueReading, listOurs } from './issue.ts';
import { checkPrerequisites } from './prerequisites.ts';
import { reconcileIssue } from './reconcile-issue.ts';
import { at } from './repository.ts';
import type { RepositoryContext } from './repository-context.ts';
import { eachRollout, withRollout } from './rollouts.ts';
import type { NewestRuns } from './runs.ts';
import { applyConfig, startMissed } from './start.ts';
import { startMeasuring } from './start-measuring.ts';
import { StateLost, StateRefused, Unheard } from './stored-rollout.ts';
import { reconcileTraffic } from './traffic-drift.ts';

export type RolloutStatusKind = RolloutStatus['kind'];

/** @returns the status of each rollout afterwards */
export async function reconcileRepository(context: RepositoryContext): Promise<readonly RolloutStatusKind[]> {
  const { repository, memory, services } = context;
  const statuses: RolloutStatusKind[] = [];
  const before = new Set(memory.rollouts);
  const configs = await memory.configs.list(repository);
  const newestRuns = once(() => memory.runs.newest(repository));
  const ourIssues = once(async () => listOurs(repository, await services.identity(), memory.issueLists));
  const seen = new Set<string>();
  const running = new Set<string>();
  const work = async (driver: Driver) => {
    const { state } = driver.rollout;
    seen.add(state.name);
    if (!isOver(state)) running.add(state.config.path);
    // Only a command starts the same config again.
    else memory.idleConfigs.set(state.config.path, state.config.sha);
    await reconcileRollout(driver, { configs, newestRuns, ourIssues });
    statuses.push(driver.rollout.state.status.kind);
  };
  await eachRollout(context, work, { ourIssues });
  await reportDeleted(context, before, seen, await ourIssues());
  memory.hasTicked = true;
  await startMissed(context, configs, running);
  return statuses;
}

/** What all rollouts of a repository are compared with. */
interface RepositorySnapshot {
  readonly configs: readonly ListedConfig[];
  /** Listed once for all rollouts, and only when a rollout needs it. */
  readonly newestRuns: () => Promise<NewestRuns>;
  /** The App's newest issues. */
  readonly ourIssues: () => Promise<readonly IssueReading[]>;
}

/** Asks when the answer is needed first. */
function once<T>(ask: () => Promise<T>): () => Promise<T> {
  let answer: Promise<T> | null = null;
  return () => {
    answer ??= ask();
    return answer;
  };
}

/** Reports rollouts that were seen before, or that an issue shows, and whose branch is gone. */
async function reportDeleted(
  context: RepositoryContext,
  before: ReadonlySet<string>,
  seen: ReadonlySet<string>,
  ours: readonly IssueReading[],
): Promise<void> {
  const names = new Map<string, number | null>([...before].map((name) => [name, null]));
  for (const { rollout, number, isClosed } of ours) {
    if (rollout !== null && !isClosed) names.set(rollout, number);
  }
  for (const [name, issue] of names) {
    if (seen.has(name)) continue;
    // Reads the branch again, and reports on the issue if it is indeed missing.
    await withRollout(context, name, issue === null ? {} : { issue }, async () => undefined);
  }
}

/** Commands come first, then measurements: what can take traffic back does not wait for the rest. */
async function reconcileRollout(driver: Driver, snapshot: RepositorySnapshot): Promise<void> {
  const tick = { kind: 'tick', key: `tick:${driver.services.now()}` } as const;
  await runStep(driver, 'effects', () => driver.perform());
  // A completed rollout can still be taken back, so it still gets commands.
  const isRunning = !isOver(driver.rollout.state);
  const { ourIssues } = snapshot;
  const reading = await runStep(driver, 'issue', async () => reconcileIssue(driver, await ourIssues()));
  if (isRunning) {
    await runStep(driver, 'measurements', () => reconcileMeasurements(driver, snapshot));
    await runStep(driver, 'measuring', () => startMeasuring(driver));
    await runStep(driver, 'config', () => reconcileConfig(driver, snapshot));
    await runStep(driver, 'traffic', () => reconcileTraffic(driver));
    await runStep(driver, 'policy', () => reconcilePolicy(driver));
    await runStep(driver, 'checks', () => reconcileChecks(driver, snapshot));
    await runStep(driver, 'prerequisites', () => checkPrerequisites(driver));
  }
  await runStep(driver, 'tick', () => driver.apply(tick));
  if (reading !== null && driver.issueBody(reading.body) !== reading.body) {
    await runStep(driver, 'body', () => driver.showOnIssue({ always: true }));
  }
}

/**
 * One failed request does not keep the other steps from running.
 * @returns null where the step failed
 */
async function runStep<T>(driver: Driver, step: string, work: () => Promise<T>): Promise<T | null> {
  try {
    return await work();
  } catch (error) {
    if (error instanceof StateLost || error instanceof StateRefused || error instanceof Unheard) throw error;
    const { name } = driver.rollout.state;
    driver.services.log.warn({ rollout: name, step, err: error }, 'a step of the tick failed');
    return null;
  }
}

async function reconcileMeasurements(driver: Driver, { newestRuns }: RepositorySnapshot): Promise<void> {
  if (isWindowDue(driver)) await ingestMeasurements(driver, { newest: await newestRuns() });
  await observe(driver);
}

/** Later ticks of a process ask in any case: a list that has not changed doesn't count against GitHub's limit. */
function isWindowDue({ rollout, memory, services }: Driver): boolean {
  const { measure } = rollout.config;
  const { measuredTo, enteredAt, traffic } = rollout.state.stage;
  if ((measure?.workflow ?? null) === null) return false;
  const since = Math.max(measuredTo ?? 0, traffic.writtenAt ?? enteredAt);
  return memory.hasTicked || services.now() - since >= (measure?.interval ?? 0);
}

async function reconcileChecks(driver: Driver, { newestRuns }: RepositorySnapshot): Promise<void> {
  const gate = stageOf(driver.rollout)?.gate;
  if (gate === undefined) return;
  const newest = gate.workflows.length > 0 ? await newestRuns() : undefined;
  if (newest?.changed === false && !hasOpenChecks(driver)) return;
  try {
    await ingestChecks(driver, newest);
  } catch (error) {
    driver.memory.runs.forget();
    throw error;
  }
}

async function reconcileConfig(driver: Driver, { configs }: RepositorySnapshot): Promise<void> {
  const { config, brokenConfig } = driver.rollout.state;
  const file = configs.find(({ path }) => path === config.path);
  const sha = file?.sha ?? 'none';
  if (sha === (brokenConfig ?? config.sha)) return;
  await applyConfig(driver, file === undefined ? null : await fetchConfig(driver.repository, config.path));
}

/** If the policy paused the rollout: checks it again when the default branch has a new commit. */
async function reconcilePolicy(driver: Driver): Promise<void> {
  const { repository, rollout } = driver;
  const { status, name } = rollout.state;
  if (status.kind !== 'paused' || status.reason !== 'policy') return;
  const { git } = repository.octokit.rest;
  const { data } = await git.getRef({ ...at(repository), ref: `heads/${repository.defaultBranch}` });
  const { policyCheckedAt } = driver.memory;
  if (policyCheckedAt.get(name) === data.object.sha) return;
  await checkPolicy(driver);
  policyCheckedAt.set(name, data.object.sha);
}
