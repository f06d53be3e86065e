/** What a run, a check or a look at production tells a rollout. */

import { findStage } from '../src/config/stages.ts';
import type { RolloutEvent } from '../src/rollout/event.ts';
import { stageOf } from '../src/rollout/road.ts';
import { lookAtChecks } from './checks.ts';
import type { Driver } from './driver.ts';
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
  const { config } = driver.rollout;
  const gate = stageOf(driver.rollout)?.gate;
  if (config.measure?.workflow === run.workflow) {
    // Those of which no webhook came belong to what is known as well.
    await learnMeasurements(services, repository, driver, { told: run });
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

/** Of the newest runs, those whose windows are not counted yet, and one that a webhook told of. */
export async function learnMeasurements(
  services: Services,
  repository: Repository,
  driver: Driver,
  { newest, told }: { readonly newest?: NewestRuns; readonly told?: Run },
): Promise<void> {
  const { config, state } = driver.rollout;
  const workflow = config.measure?.workflow ?? null;
  if (workflow === null) return;
  const { runs, readRuns } = services.memoryOf(repository);
  const since = state.stage.measuredTo ?? state.stage.enteredAt;
  const listed = await runs.newestOf(repository, workflow, newest);
  const idOf = ({ id, attempt }: Run) => `${state.name} ${id}.${attempt}`;
  const unread = new Map<string, Run>();
  for (const run of [...(told === undefined ? [] : [told]), ...listed]) {
    const isNew = run === told || run.updatedAt > since;
    if (isNew && !readRuns.has(idOf(run)) && (await runs.isTrusted(repository, run))) {
      unread.set(idOf(run), run);
    }
  }
  await tellMeasurements(repository, driver, [...unread.values()].toSorted(byTime));
  for (const id of unread.keys()) readRuns.add(id);
}

const byTime = (a: Run, b: Run): number => a.updatedAt - b.updatedAt || a.id - b.id;

/**
 * The oldest window first: one that is older than the newest counts no more. Only what is told last may lead forward,
 * when all that is known has been seen. Later artifacts hold the windows of earlier ones, too: each is told once.
 */
async function tellMeasurements(repository: Repository, driver: Driver, runs: readonly Run[]): Promise<void> {
  const events = new Map<string, RolloutEvent>();
  for (const run of runs) {
    for (const event of await eventsOf(repository, driver, run)) {
      if (!events.has(event.key)) events.set(event.key, event);
    }
  }
  const last = [...events.keys()].at(-1);
  for (const [key, event] of events) {
    await driver.happen(event.kind === 'measured' ? { ...event, isMore: key !== last } : event);
  }
}

/** What the artifact of a run says of the present stage, as far as that is not counted yet. */
async function eventsOf(
  repository: Repository,
  { rollout }: Driver,
  run: Run,
): Promise<readonly RolloutEvent[]> {
  const failed = (detail: string): readonly RolloutEvent[] => [
    { kind: 'measuring_failed', key: `run:${run.id}.${run.attempt}`, problem: 'source_error', detail },
  ];
  if (run.conclusion !== 'success') {
    return failed(
      `run ${run.id} of ${run.workflow} ended with "${run.conclusion}", so that nothing of its window is known`,
    );
  }
  const found = await readMeasurements(repository, run);
  if (found.kind === 'problem') return failed(found.detail);
  const { config, state } = rollout;
  const current = stageOf(rollout);
  return found.measurements
    .filter(({ window }) => window.from >= (state.stage.measuredTo ?? 0))
    .filter(({ stage }) => current !== null && findStage(config.rollout.stages, stage) === current)
    .map((each) => ({ ...each, stage: state.stage.label }))
    .map((measurement) => ({ kind: 'measured', key: measurementKey(measurement), measurement }));
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
