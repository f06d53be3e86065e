/** One simulated rollout: when does each metric fail or pass first, and when would a rival have rolled back? */
import type { MetricName } from '../../../src/config/metrics.ts';
import { EMPTY_BASELINE } from '../../../src/judge/baseline.ts';
import type { StageSetting } from '../../../src/judge/claims.ts';
import { addWindow, noEvidence, planStage } from '../../../src/judge/evidence.ts';
import { judge } from '../../../src/judge/judge.ts';
import { addMeasurements } from '../../../src/measure/add.ts';
import type { Measurement } from '../../../src/measure/measurement.ts';
import type { Rival } from './rivals.ts';
import { seeded } from './random.ts';
import { type Harm, type World, windowsOf } from './world.ts';

/** Gateway tasks at the first such look; null where there was none. */
export interface Trial {
  readonly failed: number | null;
  readonly passed: number | null;
  readonly rivals: readonly (number | null)[];
}

export interface TrialSetup {
  readonly metric: MetricName;
  readonly setting: StageSetting;
  readonly world: World;
  readonly harm: Harm;
  readonly looks: number;
  readonly rivals: readonly (() => Rival)[];
  /** What is asked: nothing more is looked at once it came. */
  readonly until: 'fail' | 'pass';
}

/** The same seed gives the same rollout. */
export function runTrial({ metric, setting, world, harm, looks, rivals, until }: TrialSetup, seed: number): Trial {
  const windows = windowsOf(world, harm, seeded(seed));
  let plan = planStage(setting, EMPTY_BASELINE);
  let evidence = noEvidence(plan);
  let sum: Measurement | null = null;
  let [failed, passed]: (number | null)[] = [null, null];
  const running = rivals.map((start) => start());
  const fired: (number | null)[] = rivals.map(() => null);
  const isOver = () =>
    (until === 'fail' ? failed !== null : passed !== null) && fired.every((tasks) => tasks !== null);
  for (let look = 0; look < looks && !isOver(); look += 1) {
    const { value: measurement } = windows.next();
    if (measurement === undefined) break;
    if (world.sticky) sum = sum === null ? measurement : addMeasurements(sum, measurement);
    ({ plan, evidence } = addWindow(evidence, plan, measurement));
    const units = { gateway: sum?.arms.gateway?.units ?? [], official: sum?.arms.official?.units ?? [] };
    const verdicts = judge(plan, { sinceWritten: evidence, sinceVerified: evidence }, { problems: [], units });
    const tasks = evidence.tasks.gateway;
    if (verdicts[metric]?.verdict === 'fail') failed ??= tasks;
    if (verdicts[metric]?.verdict === 'pass') passed ??= tasks;
    for (const [index, rival] of running.entries()) if (rival(measurement)) fired[index] ??= tasks;
  }
  return { failed: failed ?? null, passed: passed ?? null, rivals: fired };
}
