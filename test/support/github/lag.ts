/** Reads that lag behind writes: GitHub answers from copies, and some are seconds old. */
import type { GithubResponse } from './response.ts';
import type { Caller } from './world.ts';

/** A read of the App. */
export interface Read {
  /** With its query. */
  readonly path: string;
  readonly caller: Caller;
  /** The client knows an earlier response of this address. */
  readonly isConditional: boolean;
}

/** Which copy answers a read. */
export type Lagging =
  | 'newest'
  /** One that was current at most ten seconds ago. */
  | 'older'
  /** The one that was current when `step` was called last, if that was at most ten seconds ago. */
  | 'before the step';

export interface Lag {
  /** Decides on each read of the App; by default, the newest copy answers. */
  which: (read: Read) => Lagging;
  /** Something is about to change. */
  changes(): void;
  /** A person is about to do something: notes what the App would read now. */
  step(): Promise<void>;
  /** Notes the newest response, and returns the one that is sent. */
  answer(read: Read, newest: GithubResponse): GithubResponse;
}

/** Milliseconds. */
const LONGEST = 10_000;
const COPIES = 5;
/** Addresses that are remembered. */
const ADDRESSES = 40;

interface Copy {
  /** How many changes there had been. */
  readonly after: number;
  readonly response: GithubResponse;
}

/** @param ask reads an address anew */
export function createLag(
  now: () => number,
  ask: (read: Pick<Read, 'path' | 'caller'>) => Promise<GithubResponse>,
): Lag {
  /** The moments of all changes. */
  const changes: number[] = [];
  const copies = new Map<string, Copy[]>();
  const readers = new Map<string, Caller>();
  let step = { at: Number.NEGATIVE_INFINITY, after: 0 };

  /** Until when the copy was current, as far as anybody knows. */
  const currentTo = ({ after }: Copy): number => changes[after] ?? Number.POSITIVE_INFINITY;

  function fits(copy: Copy, lagging: Lagging): boolean {
    if (lagging === 'older') return currentTo(copy) >= now() - LONGEST;
    return (
      lagging === 'before the step' &&
      now() - step.at <= LONGEST &&
      copy.after <= step.after &&
      currentTo(copy) >= step.at
    );
  }

  function note(path: string, response: GithubResponse): void {
    const known = copies.get(path) ?? [];
    copies.set(path, [...known, { after: changes.length, response }].slice(-COPIES));
  }

  const lag: Lag = {
    which: () => 'newest',
    changes() {
      changes.push(now());
    },
    async step() {
      for (const [path, caller] of [...readers].slice(-ADDRESSES)) note(path, await ask({ path, caller }));
      step = { at: now(), after: changes.length };
    },
    answer(read, newest) {
      if (typeof newest.body !== 'string' || (newest.status !== 200 && newest.status !== 404)) return newest;
      const lagging = lag.which(read);
      const answered = copies.get(read.path)?.find((copy) => fits(copy, lagging))?.response ?? newest;
      note(read.path, newest);
      // The moment that a list begins at is another one each time.
      if (!read.path.includes('since=')) {
        readers.delete(read.path);
        readers.set(read.path, read.caller);
      }
      return answered;
    },
  };
  return lag;
}
