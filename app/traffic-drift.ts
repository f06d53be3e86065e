/** Whether the targets still hold what the stage says, and what became of those that take their time. */
import type { RolloutEvent } from '../src/rollout/event.ts';
import type { Driver } from './driver.ts';
import { targetAt } from './effects.ts';
import type { Repository } from './repository.ts';
import type { Services } from './services.ts';

/** One request for each target. */
export async function reconcileTraffic(
  services: Services,
  repository: Repository,
  driver: Driver,
): Promise<void> {
  for (const index of driver.rollout.config.traffic.keys()) {
    const event = await lookAtTarget(services, repository, driver, index);
    if (event !== null) await driver.happen(event);
  }
}

async function lookAtTarget(
  services: Services,
  repository: Repository,
  driver: Driver,
  index: number,
): Promise<RolloutEvent | null> {
  const { rollout, sequence } = driver;
  const { traffic, label } = rollout.state.stage;
  const standing = traffic.targets[index];
  const target = targetAt({ services, repository, rollout }, index);
  if (target === null || (standing !== 'written' && standing !== 'verified')) return null;
  const isPending = rollout.state.pending.some(
    ({ effect }) => effect.kind === 'write_traffic' && effect.target === index,
  );
  // At the start a target keeps what it held before, whatever that was.
  if (isPending || (traffic.purpose === 'probe' && standing === 'verified')) return null;
  const { generation, purpose } = traffic;
  const about = { rollout: rollout.state.name, stage: label, generation, purpose };
  const look = await target.look(traffic.shares, { ...about, verified: standing === 'verified' });
  const key = `look:${index}:${sequence}`;
  const reported = { kind: 'traffic_reported', key, target: index, generation } as const;
  switch (look.kind) {
    case 'holds':
      if (isDrifted(driver, index)) return { kind: 'traffic_restored', key, target: index };
      return standing === 'written' ? { ...reported, outcome: 'verified', detail: '' } : null;
    case 'drifted':
      return { kind: 'traffic_drifted', key, target: index, found: look.found };
    case 'failed':
    case 'timed_out':
      return { ...reported, outcome: look.kind, detail: look.detail };
    case 'pending':
    case 'unknown':
      return null;
  }
}

function isDrifted({ rollout }: Driver, index: number): boolean {
  return rollout.state.problems.some(({ code }) => code === `traffic_drifted:${index}`);
}
