/** States on the branches of the emulated GitHub. */
import { onTestFinished } from 'vitest';
import type { Repository } from '../../../app/repository.ts';
import { StateMemory } from '../../../app/state/memory.ts';
import { type StateRead, StateStore, type StateVersion } from '../../../app/state/store.ts';
import type { RolloutState } from '../../../src/rollout/state.ts';
import { type Github, startGithub } from '../../support/github/github.ts';
import { openRepository } from '../open-repository.ts';
import { firstState } from './states.ts';

export const BRANCH = 'gateway-rollout/assistant';
const KEY = 'k'.repeat(32);

interface Started {
  readonly github: Github;
  readonly repository: Repository;
  /** A store of another replica, or of a restarted one. */
  open(keys?: readonly string[] | null): StateStore;
}

export async function start(): Promise<Started> {
  const github = await startGithub();
  onTestFinished(() => github.close());
  await github.pushes({ 'README.md': 'the team’s code' });
  const repository = await openRepository(github);
  github.forgetRequests();
  const now = () => Date.parse('2026-11-22T12:00:00Z');
  const open = (keys: readonly string[] | null = [KEY]) =>
    new StateStore({ repository, keys, memory: new StateMemory(), now, wait: async () => undefined });
  return { github, repository, open };
}

/** A state that can be recognized by its issue's number. */
export const at = (issue: number): RolloutState => ({ ...firstState(), issue });

export async function claimed(store: StateStore): Promise<StateVersion> {
  const claim = await store.claim('assistant', at(1), 'start');
  if (claim.kind !== 'written') throw new Error(claim.kind);
  return claim.version;
}

export async function written(
  store: StateStore,
  version: StateVersion,
  issue: number,
): Promise<StateVersion> {
  const write = await store.write(version, at(issue), `issue ${issue}`);
  if (write.kind !== 'written') throw new Error(write.kind);
  return write.version;
}

/** The issue's number of the state that was read; the whole answer where there is none. */
export const shown = (read: StateRead) => (read.kind === 'state' ? read.state.issue : read);
