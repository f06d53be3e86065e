/**
 * What is done when the branch of a state takes no commit: nothing moves, and people are told. Traffic that was to go
 * back goes back all the same, since nobody should wait for a branch rule while the gateway fails.
 */
import { type PendingEffect, takesBack } from '../src/rollout/effect.ts';
import type { Rollout } from '../src/rollout/road.ts';
import { performEffect } from './effects.ts';
import { tellOnce } from './notice.ts';
import type { Repository } from './repository.ts';
import type { Services } from './services.ts';
import type { StateRefused } from './stored-rollout.ts';

/** @param rollout as it stood before, and still stands in its state */
export async function handleRefusedWrite(
  services: Services,
  repository: Repository,
  rollout: Rollout,
  error: StateRefused,
): Promise<void> {
  const { name, issue } = rollout.state;
  services.log.error({ rollout: name, err: error }, 'the state could not be written');
  const back = error.effects.filter(({ effect }) => takesBack(effect));
  const outcome = back.length === 0 ? HELD : await takeBack(services, repository, rollout, back);
  // The App's own words first: those of others may be long, and are cut.
  const detail = `${outcome} ${error.message}`;
  const message = { code: 'alert', data: { alert: 'state_refused', detail } } as const;
  const about = back.length === 0 ? 'state_refused' : 'taken_back_unwritten';
  await tellOnce(services, repository, { rollout: name, issue, about, message });
}

const HELD =
  'The rollout stays as it is until the App can write the branch; /rollback-rollout still takes the traffic back.';
const BACK =
  'The traffic was taken back all the same. The rollout takes note of it when the App can write the branch again.';

/** A sentence for people. */
async function takeBack(
  services: Services,
  repository: Repository,
  rollout: Rollout,
  effects: readonly PendingEffect[],
): Promise<string> {
  const context = { services, repository, rollout, issueBody: () => '', mayBeDone: false };
  const refusals: string[] = [];
  for (const effect of effects) {
    const outcome = await performEffect(effect, context);
    if (outcome.kind === 'failed') refusals.push(outcome.detail);
  }
  return refusals.length === 0
    ? BACK
    : `Not all of the traffic could be taken back: take it back by hand now. ${refusals.join(' ')}`;
}
