/** A rollout as read from its state, with the config that the state holds; and why it may not be usable. */
import { loadConfig } from '../src/config/load.ts';
import type { Rollout } from '../src/rollout/road.ts';
import type { RolloutState } from '../src/rollout/state.ts';
import type { InvalidReason } from './state/envelope.ts';
import type { StateReadOptions, StateStore, StateVersion } from './state/store.ts';

/** GitHub refused the commit, so nothing was decided. The message is for the log and for the issue. */
export class StateRefused extends Error {
  override readonly name = 'StateRefused';
}

/** People said something on the issue that the state does not know, and the share would go up: they are heard first. */
export class Unheard extends Error {
  override readonly name = 'Unheard';
}

/** The state became unreadable, or is no longer trusted. */
export class StateLost extends Error {
  override readonly name = 'StateLost';
  readonly reason: InvalidReason | 'missing';

  constructor(reason: InvalidReason | 'missing', detail: string) {
    super(detail);
    this.reason = reason;
  }
}

const CONFIG_UNREADABLE =
  'This version of the App cannot read the config in the state. Run the version that accepted it, or fix the config on the default branch and start the rollout again.';
const MISSING =
  "The branch with this rollout's state is gone. The traffic stays where it is. Restore the branch, or comment /start-rollout to start over.";

/**
 * Reads a rollout from its branch.
 * @param known a rollout whose config is reused if it is the same
 * @throws {StateLost} where the state is missing or not usable
 */
export async function readRollout(
  store: StateStore,
  name: string,
  options: StateReadOptions,
  known?: Rollout,
): Promise<{ readonly rollout: Rollout; readonly version: StateVersion }> {
  const read = await store.read(name, options);
  if (read.kind === 'missing') throw new StateLost('missing', MISSING);
  if (read.kind === 'invalid') throw new StateLost(read.reason, read.detail);
  return { rollout: usableRollout(read.state, known), version: read.version };
}

/** A rollout of the repository; without `rollout` where its state or config is not usable. */
export interface KnownRollout {
  readonly name: string;
  readonly rollout: Rollout | null;
}

/** Sends one conditional request, and one for each state that this process has not read yet. */
export async function knownRollouts(store: StateStore): Promise<readonly KnownRollout[]> {
  const known: KnownRollout[] = [];
  for (const { name, commit } of await store.list()) {
    const read = await store.read(name, { commit });
    if (read.kind === 'missing') continue;
    known.push({ name, rollout: read.kind === 'state' ? rolloutOf(read.state) : null });
  }
  return known;
}

/** @throws {StateLost} where this version cannot read the config */
export function usableRollout(state: RolloutState, known?: Rollout): Rollout {
  const rollout = rolloutOf(state, known);
  if (rollout === null) throw new StateLost('broken', CONFIG_UNREADABLE);
  return rollout;
}

/**
 * @param known a rollout whose config is reused if it is the same
 * @returns null where this version cannot read the config
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
