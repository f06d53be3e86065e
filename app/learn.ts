/** What a run, a check or a look at production tells a rollout. */
import type { RolloutEvent } from '../src/rollout/event.ts';
import { lookAtChecks } from './checks.ts';
import type { Driver } from './engine.ts';
import { readMeasurements } from './measurements.ts';
import { measurementKey } from './observation.ts';
import type { Repository } from './repository.ts';
import type { NewestRuns, Run } from './runs.ts';
import { rolloutId, type Services } from './services.ts';

/** A run of the default branch has ended; whether it is believed is found out here. */
export async function learnFromRun(
  services: Services,
  repository: Repository,
  driver: Driver,
  run: Run,
): Promise<void> {
  const { config, state } = driver.rollout;
  const gate = config.rollout.stages[state.stage.index]?.gate;
  if (config.measure?.workflow === run.workflow) {
    // A window that is older than the newest one counts no more: those of which no webhook came go first.
    await learnMissedMeasurements(services, repository, driver);
    await learnMeasurements(services, repository, driver, run);
  }
  if (gate?.workflows.includes(run.workflow)) await learnChecks(services, repository, driver);
}

export async function learnChecks(
  services: Services,
  repository: Repository,
  driver: Driver,
  known?: NewestRuns,
): Promise<void> {
  const { runs } = services.memoryOf(repository);
  const checks = await lookAtChecks(repository, runs, driver.rollout, known);
  if (checks !== null) await driver.happen(checks);
}

/** Every window of the artifact is told; the rollout knows which it counted already. */
export async function learnMeasurements(
  services: Services,
  repository: Repository,
  driver: Driver,
  run: Run,
): Promise<void> {
  const { runs, readRuns } = services.memoryOf(repository);
  const id = `${driver.rollout.state.name} ${run.id}.${run.attempt}`;
  if (readRuns.has(id) || !(await runs.isTrusted(repository, run))) return;
  const failed = (detail: string): RolloutEvent => ({
    kind: 'measuring_failed',
    key: `run:${run.id}.${run.attempt}`,
    problem: 'source_error',
    detail,
  });
  if (run.conclusion !== 'success') {
    const detail = `run ${run.id} of ${run.workflow} ended with "${run.conclusion}", so that nothing of its window is known`;
    await driver.happen(failed(detail));
  } else {
    const found = await readMeasurements(repository, run);
    if (found.kind === 'problem') await driver.happen(failed(found.detail));
    else {
      for (const measurement of found.measurements) {
        await driver.happen({ kind: 'measured', key: measurementKey(measurement), measurement });
      }
    }
  }
  readRuns.add(id);
}

/** Of the newest runs, those whose windows are not counted yet, the oldest first. */
export async function learnMissedMeasurements(
  services: Services,
  repository: Repository,
  driver: Driver,
  newest?: NewestRuns,
): Promise<void> {
  const { config, state } = driver.rollout;
  const workflow = config.measure?.workflow ?? null;
  if (workflow === null) return;
  const { runs } = services.memoryOf(repository);
  const since = state.stage.measuredTo ?? state.stage.enteredAt;
  const found = await runs.newestOf(repository, workflow, newest);
  for (const run of found.toReversed()) {
    if (run.updatedAt > since) await learnMeasurements(services, repository, driver, run);
  }
}

const UNAVAILABLE = 'no_measurements';

/** The operator's own sources, where the config leaves measuring to the App. */
export async function observe(services: Services, repository: Repository, driver: Driver): Promise<void> {
  const id = rolloutId(repository, driver.rollout.state.name);
  const observed = await services.observation.look(id, driver.rollout, services.now);
  const known = driver.rollout.state.problems.find(({ code }) => code === UNAVAILABLE);
  if (observed.kind === 'unavailable') {
    const detail = `${observed.problems.join(' ')} Or name measure.workflow in the config.`;
    if (known?.detail === detail) return;
    await driver.happen({ kind: 'alert', key: `alert:${driver.sequence}`, code: UNAVAILABLE, detail });
    return;
  }
  if (observed.kind === 'nothing') return;
  if (known !== undefined) {
    await driver.happen({ kind: 'alert_gone', key: `gone:${driver.sequence}`, code: UNAVAILABLE });
  }
  await driver.happen(observed.event);
}
