/**
 * What happens when GitHub refuses the commit of a state: nothing advances, and the issue reports it. Traffic is still
 * taken back if it should be, since a branch rule must not delay a rollback.
 */
import { isRollbackWrite, type PendingEffect } from '../src/rollout/effect.ts';
import type { Driver } from './driver.ts';
import { performEffect } from './effects.ts';
import { announceOnce } from './notice.ts';
import type { StateRefused } from './stored-rollout.ts';

/** @param driver of the rollout, whose state is still the one from before the refused commit */
export async function handleRefusedWrite(driver: Driver, error: StateRefused): Promise<void> {
  const { name, issue } = driver.rollout.state;
  driver.services.log.error({ rollout: name, err: error }, 'the state could not be written');
  const back = error.effects.filter(({ effect }) => isRollbackWrite(effect));
  const outcome = back.length === 0 ? UNCHANGED : await takeBack(driver, back);
  // The App's own sentence comes first: GitHub's words may be long, and are cut.
  const detail = `${outcome} ${error.message}`;
  const message = { code: 'alert', data: { alert: 'state_refused', detail } } as const;
  const about = back.length === 0 ? 'state_refused' : 'taken_back_unwritten';
  await announceOnce(driver, { rollout: name, issue, about, message });
}

const UNCHANGED =
  'The rollout stays as it is until the App can write the branch; /rollback-rollout still takes the traffic back.';
const TAKEN_BACK =
  'The traffic was taken back anyway. The rollout records it once the App can write the branch again.';

/** @returns a sentence for the issue */
async function takeBack(driver: Driver, effects: readonly PendingEffect[]): Promise<string> {
  const refusals: string[] = [];
  for (const effect of effects) {
    const outcome = await performEffect(driver, effect, false);
    if (outcome.kind === 'failed') refusals.push(outcome.detail);
  }
  return refusals.length === 0
    ? TAKEN_BACK
    : `Not all traffic could be taken back. Take it back by hand now. ${refusals.join(' ')}`;
}
