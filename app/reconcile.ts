/**
 * What webhooks should have told, found by looking: GitHub delivers twice, late, or not at all. A repository whose
 * rollout stands as it did costs four requests and one for each target.
 */
import { parseCommand, takesBack } from '../src/conversation/parse-command.ts';
import { isOver, type RolloutStatus } from '../src/rollout/state.ts';
import { checkPolicy, considerCommand, hasOpenChecks, isAnswered } from './commands.ts';
import { type ConfigPlace, readConfig } from './config-in-repository.ts';
import type { Driver } from './driver.ts';
import { orNull } from './http-status.ts';
import { learnChecks, learnMeasurements, observe } from './ingest.ts';
import { commentsSince, type IssueReading, lookAtIssue, ourOpenIssues, react } from './issue.ts';
import { checkPrerequisites } from './prerequisites.ts';
import { at, type Repository } from './repository.ts';
import { eachRollout, withRollout } from './rollouts.ts';
import type { NewestRuns } from './runs.ts';
import type { Services } from './services.ts';
import { followMissed, tellConfig } from './start.ts';
import { StateLost, StateRefused } from './stored-rollout.ts';
import { reconcileTraffic } from './traffic-drift.ts';

/** How each rollout of the repository stands after it. */
export type RolloutStatusKind = RolloutStatus['kind'];

/** Comments from before are answered by nobody (milliseconds): whoever wrote them has asked again by now. */
const OLDEST_COMMENT = 7 * 86_400_000;

export async function reconcileRepository(
  services: Services,
  repository: Repository,
): Promise<readonly RolloutStatusKind[]> {
  const statuses: RolloutStatusKind[] = [];
  const memory = services.memoryOf(repository);
  const before = new Set(memory.rollouts);
  const configs = await memory.configs.list(repository);
  let runs: Promise<NewestRuns> | null = null;
  // Asked for once for all rollouts, and not at all where there is none.
  const newestRuns = () => {
    runs ??= memory.runs.newest(repository);
    return runs;
  };
  const seen = new Set<string>();
  const running = new Set<string>();
  await eachRollout(services, repository, async (driver) => {
    const { state } = driver.rollout;
    seen.add(state.name);
    if (!isOver(state)) running.add(state.config.path);
    await reconcileRollout(services, repository, driver, { configs, newestRuns });
    statuses.push(driver.rollout.state.status.kind);
  });
  await tellDeleted(services, repository, before, seen);
  await followMissed(services, repository, configs, running);
  return statuses;
}

/** What all rollouts of a repository are compared with. */
interface Surroundings {
  readonly configs: readonly ConfigPlace[];
  readonly newestRuns: () => Promise<NewestRuns>;
}

/** Rollouts that were here, or that an issue shows, and whose branch is gone. */
async function tellDeleted(
  services: Services,
  repository: Repository,
  before: ReadonlySet<string>,
  seen: ReadonlySet<string>,
): Promise<void> {
  const memory = services.memoryOf(repository);
  const names = new Map<string, number | null>([...before].map((name) => [name, null]));
  if (!memory.issuesListed) {
    for (const { rollout, issue } of await ourOpenIssues(repository, await services.identity())) {
      names.set(rollout, issue);
    }
    memory.issuesListed = true;
  }
  for (const [name, issue] of names) {
    if (seen.has(name)) continue;
    // Reads once more, and tells people on the issue when it is missing indeed.
    const known = issue === null ? {} : { issue };
    await withRollout(services, repository, name, known, async () => undefined);
  }
}

/** First people, then the numbers: what can take traffic back does not wait for the rest. */
async function reconcileRollout(
  services: Services,
  repository: Repository,
  driver: Driver,
  { configs, newestRuns }: Surroundings,
): Promise<void> {
  const tick = { kind: 'tick', key: `tick:${services.now()}` } as const;
  await driver.perform();
  let look: IssueReading | null = null;
  const steps: Readonly<Record<string, () => Promise<void>>> = {
    issue: async () => {
      look = await reconcileIssue(services, repository, driver);
    },
    measurements: async () => {
      await learnMeasurements(services, repository, driver, { newest: await newestRuns() });
      await observe(services, repository, driver);
    },
    config: () => reconcileConfig(services, repository, driver, configs),
    traffic: () => reconcileTraffic(services, repository, driver),
    policy: () => reconcilePolicy(services, repository, driver),
    checks: async () => {
      const newest = await newestRuns();
      if (!newest.changed && !hasOpenChecks(driver)) return;
      try {
        await learnChecks(services, repository, driver, newest);
      } catch (error) {
        services.memoryOf(repository).runs.forget(repository);
        throw error;
      }
    },
    prerequisites: () => checkPrerequisites(services, repository, driver),
    tick: () => driver.happen(tick),
    body: async () => {
      if (look !== null) await driver.showOnIssue({ always: true, look });
    },
  };
  // A completed rollout can still be taken back, so that its commands count.
  const due = isOver(driver.rollout.state) ? ['issue', 'tick', 'body'] : Object.keys(steps);
  for (const [step, take] of Object.entries(steps)) {
    if (!due.includes(step)) continue;
    await take().catch((error: unknown) => {
      if (error instanceof StateLost || error instanceof StateRefused) throw error;
      // One question that GitHub does not answer keeps none of the others.
      const { name } = driver.rollout.state;
      services.log.warn({ rollout: name, step, err: error }, 'a step of the tick failed');
    });
  }
}

/**
 * Missed commands, and an issue that was closed or taken away.
 * @returns the issue, where it is another than before
 */
async function reconcileIssue(
  services: Services,
  repository: Repository,
  driver: Driver,
): Promise<IssueReading | null> {
  const { issue } = driver.rollout.state;
  if (issue === null) return null;
  const { issues } = services.memoryOf(repository);
  const look = await issues.ask(`${issue}`, async (headers) => {
    const found = await lookAtIssue(repository, issue, { ...headers });
    return { etag: found?.etag, value: found?.value ?? null };
  });
  if (look.value === null) {
    await driver.happen({ kind: 'issue_gone', key: `gone:${issue}`, by: null });
    return null;
  }
  if (!look.changed) return null;
  try {
    await learnFromIssue(services, repository, driver, issue, look.value);
  } catch (error) {
    // The next tick has to see it as new once more, or what was missed stays missed.
    issues.forget(`${issue}`);
    throw error;
  }
  return look.value;
}

async function learnFromIssue(
  services: Services,
  repository: Repository,
  driver: Driver,
  issue: number,
  { isClosed, closedBy, closedAt, body }: IssueReading,
): Promise<void> {
  await driver.catchUp(body);
  if (isClosed && closedBy !== null && closedBy.login !== (await services.identity())) {
    const key = `closed:${issue}:${Date.parse(closedAt ?? '') || 0}`;
    await driver.happen({ kind: 'issue_closed', key, by: closedBy });
  }
  await reconcileComments(services, repository, driver, issue);
}

/** Commands of which no webhook came. An edited comment is never one: nobody knows what it said before. */
async function reconcileComments(
  services: Services,
  repository: Repository,
  driver: Driver,
  issue: number,
): Promise<void> {
  const { commentsSeenTo } = services.memoryOf(repository);
  const { name } = driver.rollout.state;
  const now = services.now();
  const comments = await commentsSince(repository, issue, commentsSeenTo.get(name) ?? now - OLDEST_COMMENT);
  const missed = comments.flatMap(
    ({ id, body, user, created_at, updated_at, author_association: association }) => {
      const command = parseCommand(body ?? '');
      if (command === null || user?.type !== 'User' || created_at !== updated_at) return [];
      if (command.kind === 'start') return [];
      const by = { login: user.login, id: user.id };
      return [{ command, written: { id, issue, by, at: Date.parse(created_at), association } }];
    },
  );
  // Whoever takes traffic back means it, whatever was asked for before: no share is raised on the way there.
  const isFirst = ({ command }: (typeof missed)[number]) => takesBack(command);
  for (const { command, written } of [
    ...missed.filter(isFirst),
    ...missed.filter((each) => !isFirst(each)),
  ]) {
    if (isAnswered(repository, driver, command, written)) continue;
    // The comment may have been deleted in between.
    await orNull(react(repository, written.id, 'eyes'));
    await considerCommand(services, repository, driver, command, written);
  }
  commentsSeenTo.set(name, now);
}

async function reconcileConfig(
  services: Services,
  repository: Repository,
  driver: Driver,
  configs: readonly ConfigPlace[],
): Promise<void> {
  const { config, brokenConfig } = driver.rollout.state;
  const place = configs.find(({ path }) => path === config.path);
  const sha = place?.sha ?? 'none';
  if (sha === (brokenConfig ?? config.sha)) return;
  await tellConfig(
    services,
    repository,
    driver,
    place === undefined ? null : await readConfig(repository, config.path),
  );
}

/** While the policy forbids the rollout: whether the default branch has moved out of its way. */
async function reconcilePolicy(services: Services, repository: Repository, driver: Driver): Promise<void> {
  const { status, name } = driver.rollout.state;
  if (status.kind !== 'paused' || status.reason !== 'policy') return;
  const { data } = await repository.octokit.rest.git.getRef({
    ...at(repository),
    ref: `heads/${repository.defaultBranch}`,
  });
  const { policyCheckedAt } = services.memoryOf(repository);
  if (policyCheckedAt.get(name) === data.object.sha) return;
  await checkPolicy(repository, driver, services.now());
  policyCheckedAt.set(name, data.object.sha);
}
