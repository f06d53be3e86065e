/** Checks whether the targets still hold the stage's shares, and whether pending targets are verified by now. */
import type { RolloutEvent } from '../src/rollout/event.ts';
import type { Driver } from './driver.ts';
import { targetAt } from './effects.ts';
import { reportProblem } from './prerequisites.ts';

/** Sends one request for each target. */
export async function reconcileTraffic(driver: Driver): Promise<void> {
  for (const index of driver.rollout.config.traffic.keys()) {
    const event = await checkTarget(driver, index);
    if (event !== null) await driver.apply(event);
  }
  await reportUnknownRuns(driver);
}

/** Reported once: without the run's ID, only the traffic itself shows whether the share was applied. */
async function reportUnknownRuns(driver: Driver): Promise<void> {
  const { config, state } = driver.rollout;
  const { verifiedAt, runs } = state.stage.traffic;
  if (verifiedAt === null) return;
  const files = config.traffic.flatMap((target, index) =>
    target.kind === 'workflow' && runs?.[index] === undefined ? [target.file] : [],
  );
  await reportProblem(driver, 'run_unknown', files.length === 0 ? '' : `Workflow: ${files.join(', ')}.`);
}

async function checkTarget(driver: Driver, index: number): Promise<RolloutEvent | null> {
  const { name, stage, pending, problems } = driver.rollout.state;
  const { targets, shares, generation, purpose, runs, writtenAt } = stage.traffic;
  const status = targets[index];
  const target = targetAt(driver, index);
  if (target === null || (status !== 'written' && status !== 'verified')) return null;
  const isPending = pending.some(({ effect }) => effect.kind === 'write_traffic' && effect.target === index);
  // At the start a target keeps its earlier value.
  if (isPending || (purpose === 'probe' && status === 'verified')) return null;
  const verified = status === 'verified';
  const drifted = problems.some(({ code }) => code === `traffic_drifted:${index}`);
  const reading = await target.read(shares, {
    rollout: name,
    generation,
    verified,
    drifted,
    run: runs?.[index] ?? null,
    writtenAt: writtenAt ?? driver.services.now(),
  });
  const key = `look:${index}:${driver.sequence}`;
  const reported = { kind: 'traffic_reported', key, target: index, generation } as const;
  switch (reading.kind) {
    case 'holds':
      if (drifted) return { kind: 'traffic_restored', key, target: index };
      return verified ? null : { ...reported, outcome: 'verified', detail: '' };
    case 'drifted':
      return { kind: 'traffic_drifted', key, target: index, found: reading.found };
    case 'failed':
    case 'timed_out':
      return { ...reported, outcome: reading.kind, detail: reading.detail };
    case 'pending':
    case 'unknown':
      return null;
  }
}
