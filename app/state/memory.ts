/** What the process remembers of states, so that it reads less and is not shown an older one as the newest. */
import { ConditionalAnswers } from '../conditional.ts';
import type { Envelope, Invalid } from './envelope.ts';

/** A state that was believed, and its blob. */
export interface Believed {
  readonly kind: 'believed';
  readonly envelope: Envelope;
  readonly blob: string;
}

/** The newest place in the sequence that was ever seen. */
interface Place {
  readonly started: number;
  readonly sequence: number;
  readonly blob: string;
}

const MOST_STATES = 2_000;

/** One for the whole process, for all repositories. */
export class StateMemory {
  /** Answers of the branches themselves, and of the lists of branches. */
  readonly reads = new ConditionalAnswers<Believed | Invalid>(MOST_STATES);
  readonly lists = new ConditionalAnswers<readonly RolloutBranch[]>();
  readonly #places = new Map<string, Place>();
  readonly #commits = new Map<string, { readonly commit: string; readonly believed: Believed }>();

  /** The state of that commit, where it is the one that was read or written last. */
  at(rollout: string, commit: string): Believed | null {
    const known = this.#commits.get(rollout);
    return known?.commit === commit ? known.believed : null;
  }

  /** Takes note of a state that was read at, or written by, that commit. */
  keep(rollout: string, commit: string, believed: Believed): void {
    this.#commits.delete(rollout);
    this.#commits.set(rollout, { commit, believed });
    const [oldest] = this.#commits.keys();
    if (this.#commits.size > MOST_STATES && oldest !== undefined) this.#commits.delete(oldest);
  }

  /** The newest place that was seen; null when the process sees the rollout for the first time. */
  newest(rollout: string): Place | null {
    return this.#places.get(rollout) ?? null;
  }

  see(rollout: string, { envelope, blob }: Believed): void {
    const { started, sequence } = envelope;
    this.#places.set(rollout, { started, sequence, blob });
  }

  /** Whether the state comes after all that was seen: not an older one, nor one of another history. */
  follows(rollout: string, { envelope, blob }: Believed): boolean {
    const known = this.#places.get(rollout);
    if (known === undefined || envelope.started > known.started) return true;
    if (envelope.started < known.started || envelope.sequence < known.sequence) return false;
    if (envelope.sequence === known.sequence) return blob === known.blob;
    return envelope.sequence > known.sequence + 1 || envelope.previous === known.blob;
  }
}

/** A branch that holds a rollout's state, and its newest commit. */
export interface RolloutBranch {
  readonly name: string;
  readonly commit: string;
}
