/** A place to which the shares are written, as the App meets it. */
import type { Target } from '../../src/config/schema/traffic.ts';
import type { Effect, Shares } from '../../src/rollout/effect.ts';

type WriteTraffic = Extract<Effect, { kind: 'write_traffic' }>;

/** Which change of which rollout the shares belong to. */
export interface TrafficContext {
  readonly rollout: string;
  /** Its label. */
  readonly stage: string;
  /** Grows with every change of the shares. */
  readonly generation: number;
  /** `probe`: the present value is written again, or the shares where there is none, to see a refusal on day one. */
  readonly purpose: WriteTraffic['purpose'];
}

export type TrafficWrite =
  /** `verified`: the target is known to hold the shares. Else it reports later. */
  | { readonly kind: 'accepted'; readonly verified: boolean }
  /** `final`: no further try will help. `detail` is a sentence: what happened, what was expected, what to do. */
  | { readonly kind: 'failed'; readonly final: boolean; readonly detail: string };

export type TrafficReading =
  | { readonly kind: 'holds' }
  /** `found` says what is there instead, in few words. */
  | { readonly kind: 'drifted'; readonly found: string }
  | { readonly kind: 'pending' }
  | { readonly kind: 'failed' | 'timed_out'; readonly detail: string }
  /** The target cannot be asked. */
  | { readonly kind: 'unknown' };

/** What is asked of a target: `verified` is what the rollout believes of it already, which saves a request. */
export type ReadContext = TrafficContext & { readonly verified: boolean };

export interface TrafficTarget {
  readonly kind: Target['kind'];
  /** Names the target in sentences: "the file deploy/flags.json". */
  readonly label: string;
  /** Writes the shares. Doing it twice changes nothing more. Never throws. */
  write(shares: Shares, context: TrafficContext): Promise<TrafficWrite>;
  /** Whether the target holds the shares; at most one request where it did before. Throws GitHub's errors. */
  look(shares: Shares, context: ReadContext): Promise<TrafficReading>;
}

export function failed(detail: string, final = true): TrafficWrite {
  return { kind: 'failed', final, detail };
}

export const ACCEPTED: TrafficWrite = { kind: 'accepted', verified: true };
