/** Are the workflows and checks green that the present stage's gate names? */
import type { Config, RolloutStage } from '../src/config/schema.ts';
import type { CheckState, RolloutEvent } from '../src/rollout/event.ts';
import type { RolloutState } from '../src/rollout/state.ts';
import { isMissing } from './http-status.ts';
import { at, type Repository } from './repository.ts';
import type { Run, Runs } from './runs.ts';

type ChecksChanged = Extract<RolloutEvent, { kind: 'checks_changed' }>;

/** Runs that are looked at until one counts. */
const MOST_TRIES = 5;
const PAGE = 100;

/** The stage's gate asks for workflows or checks. */
export function asksForChecks({ gate }: RolloutStage): boolean {
  return gate.workflows.length > 0 || gate.checks.length > 0;
}

/**
 * Looks at the newest completed run of each named workflow, and at the named check runs of the default branch.
 * @returns null where the present stage asks for none
 */
export async function lookAtChecks(
  repository: Repository,
  runs: Runs,
  { config, state }: { readonly config: Config; readonly state: RolloutState },
): Promise<ChecksChanged | null> {
  const stage = config.rollout.stages[state.stage.index];
  if (stage === undefined || !asksForChecks(stage)) return null;
  const workflows: Record<string, CheckState> = {};
  const seen: string[] = [];
  const listed = stage.gate.workflows.length > 0 ? (await runs.newest(repository)).runs : [];
  for (const workflow of stage.gate.workflows) {
    const some = listed.filter((run) => run.workflow === workflow);
    const candidates = some.length > 0 ? some : await runs.newestOf(repository, workflow);
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
  try {
    const { data } = await repository.octokit.rest.checks.listForRef({
      ...at(repository),
      ref: `heads/${repository.defaultBranch}`,
      filter: 'latest',
      per_page: PAGE,
    });
    return data.check_runs;
  } catch (error) {
    if (isMissing(error)) return [];
    throw error;
  }
}
