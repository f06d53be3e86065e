/** What so many rollouts can show about a probability. */

/** So unlikely must a count be, were the probability just kept, before it counts as broken. */
const SURPRISE = 0.001;

/**
 * The largest count of `trials` that chance explains while each comes true with probability `p`: a larger one has a
 * lower Clopper-Pearson bound (one-sided, 99.9 %) above `p`.
 */
export function mostByChance(trials: number, p: number): number {
  let atMost = 0;
  for (let count = 0; count <= trials; count += 1) {
    atMost += binomialProbability(count, trials, p);
    if (1 - atMost < SURPRISE) return count;
  }
  return trials;
}

/** The two-sided 95 % Clopper-Pearson interval of a probability, by bisection. */
export function clopperPearson(
  count: number,
  trials: number,
): { readonly low: number; readonly high: number } {
  const atLeast = (p: number) => 1 - cumulative(count - 1, trials, p);
  const atMost = (p: number) => cumulative(count, trials, p);
  return {
    low: count === 0 ? 0 : bisect((p) => atLeast(p) > 0.025),
    high: count === trials ? 1 : bisect((p) => atMost(p) < 0.025),
  };
}

/** The least p in [0, 1] for which a condition holds that goes on holding. */
function bisect(holds: (p: number) => boolean): number {
  let [low, high] = [0, 1];
  for (let round = 0; round < 40; round += 1) {
    const middle = (low + high) / 2;
    if (holds(middle)) high = middle;
    else low = middle;
  }
  return high;
}

function cumulative(count: number, trials: number, p: number): number {
  let sum = 0;
  for (let each = 0; each <= count; each += 1) sum += binomialProbability(each, trials, p);
  return Math.min(1, sum);
}

function binomialProbability(count: number, trials: number, p: number): number {
  if (p <= 0 || p >= 1) return Number(count === (p <= 0 ? 0 : trials));
  let ln = count * Math.log(p) + (trials - count) * Math.log1p(-p);
  for (let each = 1; each <= count; each += 1) ln += Math.log((trials - each + 1) / each);
  return Math.exp(ln);
}
