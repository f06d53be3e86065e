/** Bad weather, the same for the same seed: requests that fail and webhooks that get lost. */
import { seeded } from '../random.ts';
import type { Delivery, Fate } from './deliveries.ts';
import type { Fault, FaultKind } from './faults.ts';

export interface Weather {
  /** Of all requests, how many fail. */
  readonly requests: number;
  /** Of all webhooks, how many are lost, doubled or late: each of the three. */
  readonly deliveries: number;
  /** Seconds that a rate limit asks to wait. */
  readonly retryAfter?: number;
  /** Default all. Clients wait a second or more for `expired_token` and the limits, so that many runs take long. */
  readonly kinds?: readonly [FaultKind, ...FaultKind[]];
}

export interface Chance {
  failing(request: { readonly method: string; readonly path: string }): Fault | null;
  fateOf(delivery: Delivery): Fate;
}

const KINDS = ['bad_gateway', 'reset', 'hang', 'secondary_rate_limit', 'expired_token'] as const;
const FATES = ['lost', 'doubled', 'late'] as const;

export function createChance(
  seed: number,
  { requests, deliveries, retryAfter = 1, kinds = KINDS }: Weather,
): Chance {
  const random = seeded(seed);
  const oneOf = <T>(items: readonly [T, ...T[]]): T => items[Math.floor(random() * items.length)] ?? items[0];
  return {
    failing() {
      if (random() >= requests) return null;
      const kind = oneOf(kinds);
      // A limit or a refused token is said before anything is done.
      const canFollow = kind === 'bad_gateway' || kind === 'reset' || kind === 'hang';
      return { kind, when: canFollow && random() < 0.5 ? 'after' : 'before', retryAfter };
    },
    fateOf: () => (random() < deliveries * FATES.length ? oneOf(FATES) : 'delivered'),
  };
}
