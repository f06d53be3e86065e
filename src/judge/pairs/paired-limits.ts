/**
 * Limits that compare the arms, in a stage that copies requests: pair by pair, so that what the requests and the hours
 * have in common cancels. All sums add up over windows, and what they prove may be looked at after each.
 */
import type { MetricName } from '../../config/metrics.ts';
import { type Compared, STEPS, type Steps } from '../../measure/differences.ts';
import type { PairSlice } from '../../measure/measurement.ts';
import type { LimitKind } from '../limit-units.ts';
import { addSums, floorToStep, type Method, type Sums, sumAt } from '../method.ts';
import { FAILED, type MetricDefinition } from '../metrics.ts';
import { logSumExp } from '../special.ts';
import type { Stratum } from '../strata.ts';

/** How much more often a task is slow if all take `1 + δ` times as long: about `(1 + δ)³` times, at 8 % of slow tasks. */
const SLOW_POWER = 3;
const COMPARED_MEANS: { readonly [Name in MetricName]?: Compared } = {
  cost_per_task: 'cost',
  cost_per_request: 'cost',
  tokens_per_task: 'tokens',
  cache_ratio: 'cache',
};

/**
 * @param limit as the methods take it (limit-units.ts)
 * @returns null for metrics that are not compared pair by pair
 */
export function pairedMethod(
  metric: MetricName,
  definition: MetricDefinition,
  kind: LimitKind,
  limit: number,
): Method | null {
  switch (definition.kind) {
    // It compares pairs by itself.
    case 'preference':
      return null;
    case 'rate':
      return definition.eventsOf === FAILED
        ? pairedFailures(kind === 'max' ? 'ratio' : 'points', limit)
        : null;
    case 'slow':
      return pairedDifferences('latency', Math.log(limit) / SLOW_POWER);
    case 'quantile':
      return pairedDifferences(definition.which, Math.log(limit));
    case 'mean': {
      const compared = COMPARED_MEANS[metric];
      return compared === undefined
        ? null
        : pairedDifferences(compared, definition.scale === 'log' ? Math.log(limit) : limit);
    }
  }
}

/** A method from two e-processes whose sums stand side by side. */
function eProcesses(
  length: number,
  sumsOf: (pairs: PairSlice) => Sums,
  lnOutside: (sums: Sums) => number,
  lnWithin: (sums: Sums) => number,
): Method {
  const nothing: Sums = new Array<number>(length).fill(0);
  return {
    contribution: (strata: readonly Stratum[]) =>
      strata.reduce(
        (sums, { pairs }) => (pairs === undefined ? sums : addSums(sums, sumsOf(pairs))),
        nothing,
      ),
    lnViolation: (sums) => lnOutside(sums),
    isViolated: (sums, { alpha }) => lnOutside(sums) >= -Math.log(alpha),
    isWithin: (sums, { alpha }) => lnWithin(sums) >= -Math.log(alpha),
  };
}

/** The stakes of the bettors on failures, as parts of what can be lost. */
const STAKES = [0.1, 0.3, 0.5, 0.7, 0.9] as const;

/**
 * Failures, in points (`max_drop`) or as a ratio (`max`). What a pair gains depends on which of its two failed, and has a
 * mean of at most 0 while the limit holds: of `p_gateway − p_official ≤ d` it is the difference less d, of `p_gateway ≤
 * r p_official` it is 1, −r and 1 − r. So `1 + λ · gain` is a bet that cannot win (Waudby-Smith, Ramdas, "Estimating
 * means of bounded random variables by betting", arXiv:2010.09686). Sums: pairs of which only the gateway's failed, only
 * the official one, both, and none.
 */
function pairedFailures(kind: 'points' | 'ratio', limit: number): Method {
  const gains = kind === 'points' ? [1 - limit, -1 - limit, -limit, -limit] : [1, -limit, 1 - limit, 0];
  const betOn = (side: 1 | -1) => {
    const won = gains.map((gain) => side * gain);
    const most = -Math.min(...won);
    const bets = STAKES.map((stake) => won.map((gain) => Math.log1p((stake * gain) / most)));
    return (sums: Sums) =>
      lnMean(bets.map((bet) => bet.reduce((sum, ln, at) => sum + ln * sumAt(sums, at), 0)));
  };
  return eProcesses(gains.length, failuresIn, betOn(1), betOn(-1));
}

function failuresIn({ official, gateway, bothFailed: both }: PairSlice): Sums {
  const [onlyGateway, onlyOfficial] = [gateway, official].map(({ failedTasks }) => (failedTasks ?? 0) - both);
  const none = (gateway.tasks ?? 0) - (onlyGateway ?? 0) - (onlyOfficial ?? 0) - both;
  return [onlyGateway ?? 0, onlyOfficial ?? 0, both, none];
}

/**
 * Each bettor stakes nearly all of its money by the size of a difference, as those of lean-evidence.ts do, but by a scale
 * s that is fixed, so that windows add up in any order: `1 + 0.95 tanh(D / s)`. For normal differences of mean μ and
 * deviation σ, `s = σ²/μ` is nearly the likelihood ratio; the mean over the scales is never much worse than the best.
 */
const SCALES = [1 / 16, 1 / 4, 1, 2, 4] as const;
const STAKE = 0.95;

/** What one difference adds to the logarithm of the money of each bettor that it is above 0. */
const lnBets = (difference: number): Sums =>
  SCALES.map((scale) => Math.log1p(STAKE * Math.tanh(difference / scale)));

const lnMean = (logs: Sums): number => logSumExp(logs) - Math.log(logs.length);

/**
 * Differences of pairs of which both were served: is the middle one above the edge? While it is not, each is symmetric
 * about a point that is at most the edge, so no bet wins on average. A step stands for all differences that it is nearest
 * to, and counts as the least telling of them. Sums: of the bets that they lie above the edge, then below.
 * @param edge the largest difference that is accepted
 */
function pairedDifferences(compared: Compared, edge: number): Method {
  const half = SCALES.length;
  const betsOn = (side: 1 | -1, steps: Steps) =>
    steps.reduce<Sums>((sums, [step, pairs]) => {
      const bets = lnBets(side * (step / STEPS - edge) - 0.5 / STEPS);
      return addSums(
        sums,
        bets.map((ln) => floorToStep(ln * pairs)),
      );
    }, []);
  const sumsOf = ({ differences }: PairSlice) =>
    ([1, -1] as const).flatMap((side) => betsOn(side, differences[compared]));
  const method = eProcesses(
    2 * half,
    sumsOf,
    (sums) => lnMean(sums.slice(0, half)),
    (sums) => lnMean(sums.slice(half)),
  );
  return { ...method, violationLength: half, failureLength: half };
}
