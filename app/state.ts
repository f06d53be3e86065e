/**
 * The state of a rollout, kept in a file on a branch of its own, `gateway-rollout/<name>`: no database, an audit log
 * that lives with the repository, and any number of replicas, because every write is a compare-and-swap.
 */
export { branchOf } from '../src/config/state-branch.ts';
export type { InvalidReason } from './state/envelope.ts';
export { StateMemory } from './state/memory.ts';
export { rulesetFor, rulesOf } from './state/ruleset.ts';
export { type ReadOptions, type StateRead, StateStore, type StateVersion } from './state/store.ts';
