/** What the process remembers of states: it sends fewer requests, and recognises an older state. */
import { BoundedMap } from '../bounded-map.ts';
import { ConditionalCache } from '../conditional.ts';
import type { Envelope, Invalid } from './envelope.ts';
import type { StateOrder } from './signature.ts';

/** A state with a valid signature, and its blob. */
export interface TrustedState {
  readonly kind: 'trusted';
  readonly envelope: Envelope;
  readonly blob: string;
}

export interface StatePosition extends StateOrder {
  readonly blob: string;
}

/** Whether the first one was written later than the second one. */
export function isNewer(a: StateOrder, b: StateOrder | null): boolean {
  return b === null || a.started > b.started || (a.started === b.started && a.sequence > b.sequence);
}

const MOST_STATES = 2_000;

/** One for the process, for all repositories. */
export class StateMemory {
  /** States by branch, and lists of branches. */
  readonly reads = new ConditionalCache<TrustedState | Invalid>(MOST_STATES);
  readonly lists = new ConditionalCache<readonly RolloutBranch[]>();
  /** When a state that was older than the newest one was read first. */
  readonly #doubtedAt = new Map<string, number>();
  readonly #newest = new Map<string, TrustedState>();
  readonly #commits = new BoundedMap<string, { readonly commit: string; readonly state: TrustedState }>(
    MOST_STATES,
  );

  /** The state of that commit, if it is the one that was read or written last. */
  at(rollout: string, commit: string): TrustedState | null {
    const known = this.#commits.get(rollout);
    return known?.commit === commit ? known.state : null;
  }

  /** Remembers a state that was read at, or written by, that commit. */
  keep(rollout: string, commit: string, state: TrustedState): void {
    this.#commits.set(rollout, { commit, state });
  }

  /** The newest state that was seen; null if the process has not seen the rollout yet. */
  newest(rollout: string): TrustedState | null {
    return this.#newest.get(rollout) ?? null;
  }

  /** An older state, or none, was read. @returns since when (milliseconds since 1970) */
  doubt(rollout: string, now: number): number {
    const at = this.#doubtedAt.get(rollout) ?? now;
    this.#doubtedAt.set(rollout, at);
    return at;
  }

  see(rollout: string, state: TrustedState): void {
    this.#doubtedAt.delete(rollout);
    this.#newest.set(rollout, state);
  }

  /** Whether the state is newer than all that were seen, and of the same history. */
  follows(rollout: string, { envelope, blob }: TrustedState): boolean {
    const known = this.#newest.get(rollout);
    if (known === undefined || envelope.started > known.envelope.started) return true;
    const ahead = envelope.sequence - known.envelope.sequence;
    if (envelope.started < known.envelope.started || ahead < 0) return false;
    if (ahead === 0) return blob === known.blob;
    return ahead > 1 || envelope.previous === known.blob;
  }
}

/** A branch that holds a rollout's state, and its newest commit. */
export interface RolloutBranch {
  readonly name: string;
  readonly commit: string;
}
