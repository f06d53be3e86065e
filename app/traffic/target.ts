/** The interface of a traffic target: a place to which the shares are written. */
import type { Target } from '../../src/config/schema/traffic.ts';
import type { Effect, Shares } from '../../src/rollout/effect.ts';

export type TargetOf<Kind extends Target['kind']> = Extract<Target, { kind: Kind }>;

type WriteTraffic = Extract<Effect, { kind: 'write_traffic' }>;

/** The change that the shares belong to. */
export interface TrafficContext {
  readonly rollout: string;
  /** Label of the stage. */
  readonly stage: string;
  /** Grows with every change of the shares. */
  readonly generation: number;
  /** `probe`: writes the current value again, or the shares where there is none, to find a refusal on the first day. */
  readonly purpose: WriteTraffic['purpose'];
}

export type TrafficWrite =
  /** `verified`: the target is known to hold the shares. Otherwise it reports later; `run` is the workflow run that does. */
  | { readonly kind: 'done'; readonly verified: boolean; readonly run?: number }
  /** `final`: retrying does not help. `detail` says what happened, what was expected, and what to do. */
  | { readonly kind: 'failed'; readonly final: boolean; readonly detail: string };

export type TrafficReading =
  | { readonly kind: 'holds' }
  /** `found` says in a few words what the target holds instead. */
  | { readonly kind: 'drifted'; readonly found: string }
  | { readonly kind: 'pending' }
  | { readonly kind: 'failed' | 'timed_out'; readonly detail: string }
  /** The target cannot be read. */
  | { readonly kind: 'unknown' };

export type ReadContext = Pick<TrafficContext, 'rollout' | 'generation'> & {
  /** The rollout knows that the target took these shares, which saves a request. */
  readonly verified: boolean;
  /** The rollout knows that the target holds something else. */
  readonly drifted: boolean;
  /** The workflow run that applies the shares; null where there is none. */
  readonly run: number | null;
  /** Milliseconds since 1970. */
  readonly writtenAt: number;
};

export interface TrafficTarget {
  /** Names the target in sentences: "the file deploy/flags.json". */
  readonly label: string;
  /** Writes the shares. Writing them twice changes nothing more. Never throws. */
  write(shares: Shares, context: TrafficContext): Promise<TrafficWrite>;
  /** Whether the target holds the shares; at most one request if it still does. Throws GitHub's errors. */
  read(shares: Shares, context: ReadContext): Promise<TrafficReading>;
}

export function failed(detail: string, final = true): TrafficWrite {
  return { kind: 'failed', final, detail };
}

/** No report yet: after the timeout, `describe` says what is missing and what to check. */
export function notReported(
  { waited, timeout }: { readonly waited: number; readonly timeout: number },
  describe: (limit: string) => string,
): TrafficReading {
  if (waited <= timeout) return { kind: 'pending' };
  return { kind: 'timed_out', detail: describe(`${Math.round(timeout / 60_000)} minutes`) };
}

export const DONE: TrafficWrite = { kind: 'done', verified: true };
