/** One simulated rollout: when does it fail or pass first, and when would a rival have rolled back? */
import { EMPTY_BASELINE } from '../../../src/judge/baseline.ts';
import type { StageSetting } from '../../../src/judge/claims.ts';
import { addWindow, noEvidence, planStage } from '../../../src/judge/evidence.ts';
import { judge } from '../../../src/judge/judge.ts';
import type { Measurement, UnitCounts } from '../../../src/measure/measurement.ts';
import { seeded } from './random.ts';
import type { Rival } from './rivals.ts';
import { type Harm, type World, windowsOf } from './world.ts';

/** Gateway tasks at the first look at which any metric fails, all of them pass, or a rival rolls back; null: never. */
export interface Trial {
  readonly failed: number | null;
  readonly passed: number | null;
  readonly rivals: readonly (number | null)[];
}

export interface TrialSetup {
  readonly setting: StageSetting;
  readonly world: World;
  readonly harm: Harm;
  readonly looks: number;
  readonly rivals: readonly (() => Rival)[];
  /** What is asked: nothing more is looked at once it came. */
  readonly until: 'fail' | 'pass';
}

/** The same seed gives the same rollout. */
export function runTrial(setup: TrialSetup, seed: number): Trial {
  const { setting, world, harm, rivals, until } = setup;
  let { looks } = setup;
  const windows = windowsOf(world, harm, seeded(seed));
  const look = looker(setting, world.sticky);
  const running = rivals.map((start) => start());
  let trial: Trial = { failed: null, passed: null, rivals: rivals.map(() => null) };
  for (const measurement of windows) {
    const { kinds, tasks } = look(measurement);
    const first = (before: number | null, came: boolean) => before ?? (came ? tasks : null);
    trial = {
      failed: first(trial.failed, kinds.includes('fail')),
      passed: first(
        trial.passed,
        kinds.every((kind) => kind === 'pass'),
      ),
      rivals: running.map((rival, index) => first(trial.rivals[index] ?? null, rival(measurement))),
    };
    looks -= 1;
    const answer = until === 'fail' ? trial.failed : trial.passed;
    if (looks === 0 || (answer !== null && trial.rivals.every((fired) => fired !== null))) break;
  }
  return trial;
}

/** Adds window after window and says what the judge makes of all so far. */
function looker(setting: StageSetting, sticky: boolean) {
  let plan = planStage(setting, EMPTY_BASELINE);
  let evidence = noEvidence(plan);
  const units = { gateway: new Map<string, UnitCounts>(), official: new Map<string, UnitCounts>() };
  const known = (arm: 'gateway' | 'official') => [...units[arm].values()];
  return (measurement: Measurement) => {
    for (const arm of sticky ? (['gateway', 'official'] as const) : []) {
      for (const each of measurement.arms[arm]?.units ?? []) addUnit(units[arm], each);
    }
    ({ plan, evidence } = addWindow(evidence, plan, measurement));
    const verdicts = judge(
      plan,
      { sinceWritten: evidence, sinceVerified: evidence },
      { problems: [], units: { gateway: known('gateway'), official: known('official') } },
    );
    return { kinds: Object.values(verdicts).map(({ verdict }) => verdict), tasks: evidence.tasks.gateway };
  };
}

function addUnit(sums: Map<string, UnitCounts>, { unit, tasks, failedTasks }: UnitCounts): void {
  const before = sums.get(unit);
  sums.set(unit, {
    unit,
    tasks: tasks + (before?.tasks ?? 0),
    failedTasks: failedTasks + (before?.failedTasks ?? 0),
  });
}
