/** Reads whether the workflows and checks of the current stage's gate are green. */
import type { RolloutStage } from '../src/config/schema.ts';
import type { RolloutEvent } from '../src/rollout/event.ts';
import { stageOf } from '../src/rollout/road.ts';
import type { CheckState } from '../src/rollout/stage-state.ts';
import type { RolloutState } from '../src/rollout/state.ts';
import type { Driver } from './driver.ts';
import { nullIfMissing } from './http-status.ts';
import { at, type Repository } from './repository.ts';
import type { NewestRuns, Run } from './runs.ts';

type ChecksChanged = Extract<RolloutEvent, { kind: 'checks_changed' }>;

/** Runs of a workflow that are tried to find a trusted one. */
const MOST_TRIES = 5;
const PAGE = 100;

export function asksForChecks({ gate }: RolloutStage): boolean {
  return gate.workflows.length > 0 || gate.checks.length > 0;
}

/**
 * Reads the newest completed run of each workflow that the gate names, and its check runs on the default branch.
 * @param known the newest runs, if they were listed just now
 * @returns null where the current gate names none
 */
export async function readChecks(driver: Driver, known?: NewestRuns): Promise<ChecksChanged | null> {
  const { repository } = driver;
  const { runs } = driver.memory;
  const { state } = driver.rollout;
  const stage = stageOf(driver.rollout);
  if (stage === null || !asksForChecks(stage)) return null;
  const workflows: Record<string, CheckState> = {};
  const seen: string[] = [];
  const asks = stage.gate.workflows.length > 0;
  const newest = known ?? (asks ? await runs.newest(repository) : undefined);
  for (const workflow of stage.gate.workflows) {
    const candidates = await runs.newestOf(repository, workflow, newest);
    const run = await newestTrusted(driver, candidates, state);
    workflows[workflow] = run === null ? 'missing' : run.conclusion === 'success' ? 'green' : 'red';
    seen.push(`${workflow}=${run === null ? 'none' : `${run.id}.${run.attempt}`}`);
  }
  const checks = stage.gate.checks.length > 0 ? await checkStates(repository, stage.gate.checks) : {};
  for (const [name, check] of Object.entries(checks)) seen.push(`${name}=${check}`);
  // A check may be green again after it was red: then it is another event.
  const key = `checks:${driver.sequence}:${seen.join(',')}`;
  return { kind: 'checks_changed', key, workflows, checks };
}

/** The newest trusted run, if its commit holds the config that is in force. */
async function newestTrusted(
  { repository, memory: { runs } }: Driver,
  candidates: readonly Run[],
  { config }: RolloutState,
): Promise<Run | null> {
  for (const run of candidates.slice(0, MOST_TRIES)) {
    if (!(await runs.isTrusted(repository, run))) continue;
    const sha = await runs.configSha(repository, run.headSha, config.path);
    return sha === config.sha ? run : null;
  }
  return null;
}

/** Check runs of the default branch's newest commit. Anyone who can push can forge one, as the documentation says. */
async function checkStates(
  repository: Repository,
  names: readonly string[],
): Promise<Record<string, CheckState>> {
  const request = repository.octokit.rest.checks.listForRef({
    ...at(repository),
    ref: `heads/${repository.defaultBranch}`,
    filter: 'latest',
    per_page: PAGE,
  });
  const listed = (await nullIfMissing(request))?.data.check_runs ?? [];
  return Object.fromEntries(
    names.map((name): [string, CheckState] => {
      const found = listed.find((check) => check.name === name);
      if (found === undefined) return [name, 'missing'];
      if (found.conclusion === null) return [name, 'running'];
      return [name, found.conclusion === 'success' ? 'green' : 'red'];
    }),
  );
}
