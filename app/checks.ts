/** Are the workflows and checks green that the present stage's gate names? */
import type { RolloutStage } from '../src/config/schema.ts';
import type { RolloutEvent } from '../src/rollout/event.ts';
import { type Rollout, stageOf } from '../src/rollout/road.ts';
import type { CheckState } from '../src/rollout/stage-state.ts';
import type { RolloutState } from '../src/rollout/state.ts';
import { orNull } from './http-status.ts';
import { at, type Repository } from './repository.ts';
import type { NewestRuns, Run, Runs } from './runs.ts';

type ChecksChanged = Extract<RolloutEvent, { kind: 'checks_changed' }>;

const NO_RUNS: NewestRuns = { runs: [], changed: false };
/** Runs that are looked at until one counts. */
const MOST_TRIES = 5;
const PAGE = 100;

/** The stage's gate asks for workflows or checks. */
export function asksForChecks({ gate }: RolloutStage): boolean {
  return gate.workflows.length > 0 || gate.checks.length > 0;
}

/**
 * Looks at the newest completed run of each named workflow, and at the named check runs of the default branch.
 * @param known the newest runs, where they were listed in this very moment
 * @returns null where the present stage asks for none
 */
export async function lookAtChecks(
  repository: Repository,
  runs: Runs,
  rollout: Rollout,
  known?: NewestRuns,
): Promise<ChecksChanged | null> {
  const { state } = rollout;
  const stage = stageOf(rollout);
  if (stage === null || !asksForChecks(stage)) return null;
  const workflows: Record<string, CheckState> = {};
  const seen: string[] = [];
  const asks = stage.gate.workflows.length > 0;
  const newest = known ?? (asks ? await runs.newest(repository) : NO_RUNS);
  for (const workflow of stage.gate.workflows) {
    const candidates = await runs.newestOf(repository, workflow, newest);
    const run = await newestThatCounts(repository, runs, candidates, state);
    workflows[workflow] = run === null ? 'missing' : run.conclusion === 'success' ? 'green' : 'red';
    seen.push(`${workflow}=${run === null ? 'none' : `${run.id}.${run.attempt}`}`);
  }
  const checks = stage.gate.checks.length > 0 ? await checkRuns(repository, stage.gate.checks) : {};
  for (const [name, check] of Object.entries(checks)) seen.push(`${name}=${check}`);
  const key = `checks:${state.stage.label}:${state.stage.enteredAt}:${seen.join(',')}`;
  return { kind: 'checks_changed', key, workflows, checks };
}

/** The newest believed run; it counts only where its commit holds the config that is in force. */
async function newestThatCounts(
  repository: Repository,
  runs: Runs,
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

/** Of the default branch's newest commit. Whoever can push can forge one, as the documentation says. */
async function checkRuns(
  repository: Repository,
  names: readonly string[],
): Promise<Record<string, CheckState>> {
  const listed = await listCheckRuns(repository);
  return Object.fromEntries(
    names.map((name): [string, CheckState] => {
      const found = listed.find((check) => check.name === name);
      if (found === undefined) return [name, 'missing'];
      if (found.conclusion === null) return [name, 'running'];
      return [name, found.conclusion === 'success' ? 'green' : 'red'];
    }),
  );
}

async function listCheckRuns(
  repository: Repository,
): Promise<readonly { readonly name: string; readonly conclusion: string | null }[]> {
  const asked = repository.octokit.rest.checks.listForRef({
    ...at(repository),
    ref: `heads/${repository.defaultBranch}`,
    filter: 'latest',
    per_page: PAGE,
  });
  return (await orNull(asked))?.data.check_runs ?? [];
}
