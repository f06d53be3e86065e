/** States of a rollout, as the machine makes them. */
import { startRollout } from '../../../src/rollout/decide.ts';
import type { RolloutState } from '../../../src/rollout/state.ts';
import { valid } from '../../config/configs.ts';

const CONFIG = 'gateway: { base_url: https://gateway.example/v1 }\nmodels: [gpt-4o-mini]\n';

/** A rollout that has just begun. */
export function firstState(name = 'assistant', now = 1_795_000_000_000): RolloutState {
  const path = '.github/gateway-rollout.yml';
  const config = valid(CONFIG);
  const source = { path, sha: 'c0ffee', text: CONFIG };
  const event = { key: 'push:1', name, source, config, by: null, asked: null, refusals: [] };
  return startRollout(event, now).state;
}
