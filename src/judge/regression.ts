/**
 * Is the gateway worse at all? Limits such as "at most twice" let a doubling through by definition. Beside them runs one
 * conditional e-process for failures against a ratio of 1.1, over the whole road of a slice, at a level of its own. It
 * rolls nothing back; a person is asked before more traffic moves.
 *
 * Each alternative leaves out its largest single hour, so that an incident which both arms have at times is no
 * regression. The process only gets smaller by that, so it stays valid.
 */
import type { DesignEffect } from './design-effect.ts';
import { ratioEvidence } from './event-ratio.ts';
import type { Road } from './kept.ts';
import { addSums, type Sums, sumAt } from './method.ts';
import { definitionOf, FAILED } from './metrics.ts';
import { LN_FACTORS, lnMixture, OUTSIDE } from './mixture.ts';
import { countsOf, type Stratum } from './strata.ts';
import type { Notice } from './verdict.ts';

const METRIC = 'success_rate';
/** Smaller regressions are not worth a question. */
const LEAST_RATIO = 1.1;

type Regression = Road['regression'];

export const NO_REGRESSION: Regression = { whole: [], worst: [], hour: null, current: [], counts: [] };

/** @param hour of the window, in hours since 1970 */
export function addRegression(known: Regression, strata: readonly Stratum[], hour: number): Regression {
  const counts = strata
    .flatMap((stratum) => countsOf(stratum, FAILED) ?? [])
    .filter(({ gateway, official }) => gateway.tasks > 0 && official.tasks > 0);
  const added = counts.map((count) => ratioEvidence(count, LEAST_RATIO).outside).reduce<Sums>(addSums, []);
  if (added.length === 0) return known;
  const isSame = known.hour === hour;
  return {
    whole: addSums(known.whole, added),
    worst: isSame ? known.worst : larger(known.worst, known.current),
    hour,
    current: isSame ? addSums(known.current, added) : added,
    counts: counts
      .map(({ gateway, official }) => [gateway.events, gateway.tasks, official.events, official.tasks])
      .reduce<Sums>(addSums, known.counts),
  };
}

/**
 * What people should be asked about; null while it is not proven, or no longer.
 * @param alpha the level of the question
 */
export function noticeOf(
  { whole, worst, current, counts }: Regression,
  alpha: number,
  effectOn: DesignEffect,
): Notice | null {
  const excess = larger(worst, current);
  const effect = effectOn(definitionOf(METRIC));
  const logs = LN_FACTORS.map((_, j) => (sumAt(whole, j) - sumAt(excess, j)) / effect);
  const enough = -Math.log(alpha);
  if (lnMixture(logs, 0, OUTSIDE, 1) < enough) return null;
  const [failed, tasks, officialFailed, officialTasks] = [0, 1, 2, 3].map((index) => sumAt(counts, index));
  const [gateway, official] = [(failed ?? 0) / (tasks ?? 1), (officialFailed ?? 0) / (officialTasks ?? 1)];
  const { low, high } = interval(logs, enough);
  const ratio =
    official > 0 ? Math.min(Math.max(gateway / official, low), high ?? Number.POSITIVE_INFINITY) : null;
  return { metric: METRIC, ratio, low, high, gateway: 100 * gateway, official: 100 * official };
}

/**
 * The ratios that are left, from the same logarithms: the ratio of one alternative is ruled out by those beyond it, and
 * the likelihood ratio of two alternatives is the difference of their logarithms.
 */
function interval(
  logs: readonly number[],
  enough: number,
): { readonly low: number; readonly high: number | null } {
  const against = (at: number, some: (j: number) => boolean) => {
    const others = LN_FACTORS.flatMap((_, j) => (some(j) ? [j] : []));
    const weights = others.map((j) => OUTSIDE[j] ?? 0);
    const all = lnMixture([], 0, weights, 1);
    const relative = others.map((j) => (logs[j] ?? 0) - (logs[at] ?? 0));
    return lnMixture(relative, 0, weights, 1) - all;
  };
  const above = LN_FACTORS.findLastIndex((_, at) => against(at, (j) => j > at) >= enough);
  const below = LN_FACTORS.findIndex((_, at) => against(at, (j) => j < at) >= enough);
  const ratioAt = (j: number) => LEAST_RATIO * Math.exp(LN_FACTORS[j] ?? 0);
  return { low: above < 0 ? LEAST_RATIO : ratioAt(above), high: below < 0 ? null : ratioAt(below) };
}

/** Entry by entry, and at least 0. */
function larger(a: Sums, b: Sums): Sums {
  return LN_FACTORS.map((_, j) => Math.max(0, sumAt(a, j), sumAt(b, j)));
}
