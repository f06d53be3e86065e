/** How soon any valid method can notice that a gateway fails more often, in expectation. */

interface Rates {
  readonly official: number;
  readonly gateway: number;
}

/** The ratio from which on a person is asked. */
const RATIO = 1.1;

/** In nats, of one task. */
function divergence(p: number, q: number): number {
  const part = (a: number, b: number) => (a === 0 ? 0 : a * Math.log(a / b));
  return part(p, q) + part(1 - p, 1 - q);
}

/** Of one gateway task with its official ones. */
function distance(truth: Rates, from: Rates, share: number): number {
  const official = (1 - share) / share;
  return divergence(truth.gateway, from.gateway) + official * divergence(truth.official, from.official);
}

/**
 * The pair of rates with a ratio of 1.1 that is hardest to tell from the truth.
 * @param share of the traffic that is on the gateway
 */
export function nearestNull(truth: Rates, share: number): Rates {
  const pair = (official: number) => ({ official, gateway: Math.min(1, RATIO * official) });
  // The divergence is convex in the logarithm between the two rates: by golden-section search.
  let [low, high] = [Math.log(truth.official), Math.log(Math.max(truth.official, truth.gateway / RATIO))];
  for (let round = 0; round < 60; round += 1) {
    const [left, right] = [low + 0.382 * (high - low), low + 0.618 * (high - low)];
    const isLeft =
      distance(truth, pair(Math.exp(left)), share) < distance(truth, pair(Math.exp(right)), share);
    if (isLeft) high = right;
    else low = left;
  }
  return pair(Math.exp((low + high) / 2));
}

/** Expected tasks on the gateway until evidence of ln(1/α) at best (A. Wald, 1945). */
export function leastTasksToNotice(truth: Rates, share: number, alpha: number): number {
  return Math.log(1 / alpha) / distance(truth, nearestNull(truth, share), share);
}
