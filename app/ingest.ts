/** Reads workflow runs, checks and metric sources, and applies what they report to a rollout. */
import { findStage, sameStage } from '../src/config/stages.ts';
import { boundMeasurement } from '../src/measure/bounds.ts';
import { formatInstant } from '../src/measure/instant.ts';
import type { RolloutEvent } from '../src/rollout/event.ts';
import { stageOf } from '../src/rollout/road.ts';
import { readChecks } from './checks.ts';
import type { Driver } from './driver.ts';
import { readMeasurements } from './measurements.ts';
import { measurementKey } from './observation.ts';
import { reportProblem } from './prerequisites.ts';
import type { NewestRuns, Run } from './runs.ts';
import { outcomeOfRun } from './traffic/workflow-target.ts';

/** A workflow run has ended; whether it is trusted is checked here. */
export async function ingestRun(driver: Driver, run: Run): Promise<void> {
  const { config, state } = driver.rollout;
  const { runs = {}, generation } = state.stage.traffic;
  const target = Object.keys(runs).find((index) => runs[index] === run.id);
  if (target !== undefined) {
    const key = `traffic:${run.id}.${run.attempt}`;
    const reported = { ...outcomeOfRun(run), target: Number(target), generation };
    await driver.apply({ kind: 'traffic_reported', key, ...reported });
  }
  // The run may not be the only one that is unread: webhooks get lost.
  if (config.measure?.workflow === run.workflow) await ingestMeasurements(driver, { reported: run });
  if (stageOf(driver.rollout)?.gate.workflows.includes(run.workflow)) await ingestChecks(driver);
}

export async function ingestChecks(driver: Driver, newest?: NewestRuns): Promise<void> {
  const checks = await readChecks(driver, newest);
  if (checks !== null) await driver.apply(checks);
}

/** Applies the measurements of the newest runs that are not read yet, and of the run that a webhook reported. */
export async function ingestMeasurements(
  driver: Driver,
  { newest, reported }: { readonly newest?: NewestRuns; readonly reported?: Run },
): Promise<void> {
  const { config, state } = driver.rollout;
  const workflow = config.measure?.workflow ?? null;
  if (workflow === null) return;
  const { repository } = driver;
  const { runs, readRuns } = driver.memory;
  const since = state.stage.measuredTo ?? state.stage.enteredAt;
  const listed = await runs.newestOf(repository, workflow, newest);
  const idOf = ({ id, attempt }: Run) => `${state.name} ${id}.${attempt}`;
  const unread = new Map<string, Run>();
  for (const run of [...(reported === undefined ? [] : [reported]), ...listed]) {
    const isNew = run === reported || run.updatedAt > since;
    if (isNew && !readRuns.has(idOf(run)) && (await runs.isTrusted(repository, run))) {
      unread.set(idOf(run), run);
    }
  }
  await applyMeasurements(driver, [...unread.values()].toSorted(byTime));
  for (const id of unread.keys()) readRuns.set(id, true);
}

const byTime = (a: Run, b: Run): number => a.updatedAt - b.updatedAt || a.id - b.id;

/**
 * Applies each window once, the oldest first: a window older than the newest one no longer counts. Artifacts repeat the
 * windows of earlier ones. Only the last window may advance the rollout, when all of them have been seen.
 */
async function applyMeasurements(driver: Driver, runs: readonly Run[]): Promise<void> {
  const events = new Map<string, RolloutEvent>();
  for (const run of runs) {
    for (const event of await eventsOf(driver, run)) {
      if (!events.has(event.key)) events.set(event.key, event);
    }
  }
  const last = [...events.keys()].at(-1);
  for (const [key, event] of events) {
    await applyMeasured(driver, event.kind === 'measured' ? { ...event, isMore: key !== last } : event);
  }
}

/** The windows of a run's artifact that belong to the current stage and are not counted yet. */
async function eventsOf({ repository, rollout }: Driver, run: Run): Promise<readonly RolloutEvent[]> {
  const failed = (detail: string): readonly RolloutEvent[] => [
    { kind: 'measuring_failed', key: `run:${run.id}.${run.attempt}`, problem: 'source_error', detail },
  ];
  if (run.conclusion !== 'success') {
    return failed(
      `run ${run.id} of ${run.workflow} ended with "${run.conclusion}", so its window was not measured`,
    );
  }
  const found = await readMeasurements(repository, run);
  if (found.kind === 'problem') return failed(found.detail);
  const { config, state } = rollout;
  const current = stageOf(rollout);
  return found.measurements
    .filter(({ window }) => window.from >= (state.stage.measuredTo ?? 0))
    .filter(({ stage }) => {
      const named = findStage(config.rollout.stages, stage);
      return current !== null && named !== null && sameStage(named, current);
    })
    .map((each) => ({ ...each, stage: state.stage.label }))
    .map((measurement) => ({ kind: 'measured', key: measurementKey(measurement), measurement }));
}

const UNAVAILABLE = 'no_measurements';

/** Measures with the operator's own sources, if the config leaves that to the App. */
export async function observe(driver: Driver): Promise<void> {
  const { services, rollout } = driver;
  const id = driver.rolloutId(rollout.state.name);
  const observed = await services.observation.measure(id, rollout, services.now);
  if (observed.kind === 'nothing') return;
  if (observed.kind === 'unavailable') {
    const detail = `${observed.problems.join(' ')} Or set measure.workflow in the config.`;
    return reportProblem(driver, UNAVAILABLE, detail);
  }
  await reportProblem(driver, UNAVAILABLE, '');
  await applyMeasured(driver, observed.event);
}

const ABSURD = 'absurd_amounts';

/** Numbers from outside are bounded before they count; the issue says which ones were not used. */
async function applyMeasured(driver: Driver, event: RolloutEvent): Promise<void> {
  if (event.kind !== 'measured') return driver.apply(event);
  const { key, measurement } = event;
  const bounded = boundMeasurement(measurement);
  if (bounded.kind === 'refused') {
    const detail = `the window ending ${formatInstant(measurement.window.to)} contradicts itself: ${firstOf(bounded.problems)}`;
    return driver.apply({ kind: 'measuring_failed', key, problem: 'source_error', detail });
  }
  const { leftOut } = bounded;
  await reportProblem(driver, ABSURD, leftOut.length === 0 ? '' : `${firstOf(leftOut)}.`);
  await driver.apply({ ...event, measurement: bounded.measurement });
}

const SHOWN = 5;

function firstOf(found: readonly string[]): string {
  const more = found.length - SHOWN;
  return `${found.slice(0, SHOWN).join(', ')}${more > 0 ? ` and ${more} more` : ''}`;
}
