/**
 * Finds by reading what webhooks should have reported: GitHub delivers them twice, late, or not at all. A repository
 * whose rollout has not changed costs four requests, and one for each target.
 */
import { isOver, type RolloutStatus } from '../src/rollout/state.ts';
import { applyMissedCommands, checkPolicy, hasOpenChecks } from './commands.ts';
import { fetchConfig, type ListedConfig } from './config-in-repository.ts';
import { decorate } from './decoration.ts';
import type { Driver } from './driver.ts';
import { closeDuplicate, duplicatesOf } from './duplicate-issue.ts';
import { ingestChecks, ingestMeasurements, observe } from './ingest.ts';
import { addLabel, type IssueReading, type OpenIssue, ourOpenIssues, readIssue } from './issue.ts';
import { checkPrerequisites } from './prerequisites.ts';
import { at } from './repository.ts';
import type { RepositoryContext } from './repository-context.ts';
import { eachRollout, withRollout } from './rollouts.ts';
import type { NewestRuns } from './runs.ts';
import { applyConfig, startMissed } from './start.ts';
import { StateLost, StateRefused, Unheard } from './stored-rollout.ts';
import { reconcileTraffic } from './traffic-drift.ts';

export type RolloutStatusKind = RolloutStatus['kind'];

/** @returns the status of each rollout afterwards */
export async function reconcileRepository(context: RepositoryContext): Promise<readonly RolloutStatusKind[]> {
  const { repository, memory, services } = context;
  const statuses: RolloutStatusKind[] = [];
  const before = new Set(memory.rollouts);
  const configs = await memory.configs.list(repository);
  let runs: Promise<NewestRuns> | null = null;
  const newestRuns = () => {
    runs ??= memory.runs.newest(repository);
    return runs;
  };
  let issues: Promise<readonly OpenIssue[]> | null = null;
  const openIssues = async () => {
    const isNeeded = !memory.issuesListed || services.now() < memory.listIssuesUntil;
    issues ??= isNeeded ? ourOpenIssues(repository, await services.identity()) : Promise.resolve([]);
    return issues;
  };
  const seen = new Set<string>();
  const running = new Set<string>();
  await eachRollout(context, async (driver) => {
    const { state } = driver.rollout;
    seen.add(state.name);
    if (!isOver(state)) running.add(state.config.path);
    await reconcileRollout(driver, { configs, newestRuns, openIssues });
    statuses.push(driver.rollout.state.status.kind);
  });
  await reportDeleted(context, before, seen, await openIssues());
  memory.issuesListed = true;
  await startMissed(context, configs, running);
  return statuses;
}

/** What all rollouts of a repository are compared with. */
interface RepositorySnapshot {
  readonly configs: readonly ListedConfig[];
  /** Listed once for all rollouts, and only when a rollout needs it. */
  readonly newestRuns: () => Promise<NewestRuns>;
  /** The App's own; empty when they were compared before and none may be new. */
  readonly openIssues: () => Promise<readonly OpenIssue[]>;
}

/** Reports rollouts that were seen before, or that an issue shows, and whose branch is gone. */
async function reportDeleted(
  context: RepositoryContext,
  before: ReadonlySet<string>,
  seen: ReadonlySet<string>,
  open: readonly OpenIssue[],
): Promise<void> {
  const names = new Map<string, number | null>([...before].map((name) => [name, null]));
  for (const { rollout, issue } of open) names.set(rollout, issue);
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
  const reading = await runStep(driver, 'issue', () => reconcileIssue(driver));
  await runStep(driver, 'duplicates', () => reconcileDuplicates(driver, snapshot));
  if (isRunning) {
    await runStep(driver, 'measurements', () => reconcileMeasurements(driver, snapshot));
    await runStep(driver, 'config', () => reconcileConfig(driver, snapshot));
    await runStep(driver, 'traffic', () => reconcileTraffic(driver));
    await runStep(driver, 'policy', () => reconcilePolicy(driver));
    await runStep(driver, 'checks', () => reconcileChecks(driver, snapshot));
    await runStep(driver, 'prerequisites', () => checkPrerequisites(driver));
  }
  await runStep(driver, 'tick', () => driver.apply(tick));
  if (reading) await runStep(driver, 'body', () => driver.showOnIssue({ always: true, reading }));
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
  await ingestMeasurements(driver, { newest: await newestRuns() });
  await observe(driver);
}

async function reconcileChecks(driver: Driver, { newestRuns }: RepositorySnapshot): Promise<void> {
  const newest = await newestRuns();
  if (!newest.changed && !hasOpenChecks(driver)) return;
  try {
    await ingestChecks(driver, newest);
  } catch (error) {
    driver.memory.runs.forget(driver.repository);
    throw error;
  }
}

/**
 * Finds missed commands, and an issue that was closed or removed.
 * @returns the issue, if it has changed since the last tick
 */
async function reconcileIssue(driver: Driver): Promise<IssueReading | null> {
  const { repository, rollout } = driver;
  const { issue } = rollout.state;
  if (issue === null) return null;
  const { issues } = driver.memory;
  const { value, changed } = await issues.get(`${issue}`, async (headers) => {
    const found = await readIssue(repository, issue, { ...headers });
    return { etag: found?.etag, value: found?.value ?? null };
  });
  if (value === null) {
    await driver.apply({ kind: 'issue_gone', key: `gone:${issue}`, by: null });
    return null;
  }
  if (!changed) return null;
  try {
    await ingestIssue(driver, issue, value);
  } catch (error) {
    // The next tick has to find the issue changed again; else what was missed stays missed.
    issues.forget(`${issue}`);
    throw error;
  }
  return value;
}

async function ingestIssue(
  driver: Driver,
  issue: number,
  { isClosed, closedBy, closedAt, body, isLabelled }: IssueReading,
): Promise<void> {
  const { rollout } = driver;
  await driver.catchUp(body);
  if (!isLabelled) await decorate(driver, 'label', addLabel(driver.repository, issue));
  if (isClosed && closedBy !== null && closedBy.login !== (await driver.services.identity())) {
    const key = `closed:${issue}:${Date.parse(closedAt ?? '') || 0}`;
    await driver.apply({ kind: 'issue_closed', key, by: closedBy });
  }
  await applyMissedCommands(driver, issue, rollout.state.name);
}

/** A second issue passes its commands on, says which one counts, and is closed. */
async function reconcileDuplicates(driver: Driver, { openIssues }: RepositorySnapshot): Promise<void> {
  for (const duplicate of duplicatesOf(driver, await openIssues())) {
    await applyMissedCommands(driver, duplicate, `${driver.rollout.state.name}#${duplicate}`);
    await closeDuplicate(driver, duplicate);
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
  const { data } = await repository.octokit.rest.git.getRef({
    ...at(repository),
    ref: `heads/${repository.defaultBranch}`,
  });
  const { policyCheckedAt } = driver.memory;
  if (policyCheckedAt.get(name) === data.object.sha) return;
  await checkPolicy(driver);
  policyCheckedAt.set(name, data.object.sha);
}
