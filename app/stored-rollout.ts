/** A rollout as it comes from its state: with the config that the state holds, or not to be used at all. */
import { loadConfig } from '../src/config/load.ts';
import type { PendingEffect } from '../src/rollout/effect.ts';
import type { Rollout } from '../src/rollout/road.ts';
import type { RolloutState } from '../src/rollout/state.ts';
import type { InvalidReason } from './state/envelope.ts';

/** The branch took no commit of the App, so that nothing was decided; the message is for the log and for people. */
export class StateRefused extends Error {
  override readonly name = 'StateRefused';
  /** What would have followed. */
  readonly effects: readonly PendingEffect[];

  constructor(message: string, effects: readonly PendingEffect[]) {
    super(message);
    this.effects = effects;
  }
}

/** The state became unreadable, or is not believed any more. */
export class StateLost extends Error {
  override readonly name = 'StateLost';
  readonly reason: InvalidReason | 'missing';

  constructor(reason: InvalidReason | 'missing', detail: string) {
    super(detail);
    this.reason = reason;
  }
}

export const CONFIG_UNREADABLE =
  'The config in the state cannot be read by this version of the App. Expected one that an earlier version accepted: run that version, or mend the config on the default branch and start the rollout anew.';

/**
 * @param known a rollout whose config need not be read again where it is the same
 * @returns null where the config cannot be read any more
 */
export function rolloutOf(state: RolloutState, known?: Rollout): Rollout | null {
  const { sha, path, text } = state.config;
  const before = known?.state.config;
  if (known !== undefined && before?.sha === sha && before.path === path) {
    return { config: known.config, state };
  }
  const loaded = loadConfig(text, path);
  return loaded.ok ? { config: loaded.config, state } : null;
}
