/** How limits on means are judged, which are ratios of sums over windows: costs, tokens, cached input. */
import { isIncomplete, RATIO_AT, type RatioParts, type RatioPartsOf, ratioProducts } from './gauges.ts';
import { isHeavyTailed, type Least, ratioInterval, ratioOfSums, residualOf } from './mean-ratio.ts';
import { addSums, type Gauge, type Level, type Method, type Sums, sumAt, totalOf } from './method.ts';
import { armOf, type Stratum } from './strata.ts';

/**
 * A mean of at most `limit` compared with the official one: `log` gateway ÷ official, `linear` gateway − official.
 * For each stratum, y is what the gateway's tasks would have cost at the official average; so one ratio `Σx/Σy`
 * has both arms' noise. Sums: known of the gateway, known and unknown of both arms, then those of mean-ratio.ts.
 */
export function meanComparison(
  partsOf: RatioPartsOf,
  scale: 'log' | 'linear',
  limit: number,
  least: Least,
): Method {
  const interval = (sums: Sums, { alpha }: Level, effect: number) => {
    if (sumAt(sums, 0) < least.tasks || isIncomplete(sumAt(sums, 1), sumAt(sums, 2))) return null;
    return ratioInterval(sums.slice(RATIO_AT), scale, alpha, effect, least.windows);
  };
  return withoutHeavyWindow({
    contribution: (strata) => {
      const both = strata.flatMap(({ gateway, official }) => {
        const [ours, theirs] = [gateway && partsOf(gateway), official && partsOf(official)];
        if (ours === null || theirs === null || !(ours.y > 0 && theirs.y > 0)) return [];
        return [{ ours, theirs }];
      });
      const ofBoth = (key: 'known' | 'unknown') =>
        totalOf(both, ({ ours, theirs }) => ours[key] + theirs[key]);
      const asOfficial = ({ ours, theirs }: (typeof both)[number]) => (ours.y * theirs.x) / theirs.y;
      const x = totalOf(both, (each) => each.ours.x - (scale === 'log' ? 0 : asOfficial(each)));
      const y = totalOf(both, (each) => (scale === 'log' ? asOfficial(each) : each.ours.y));
      const known = totalOf(both, ({ ours }) => ours.known);
      return [known, ofBoth('known'), ofBoth('unknown'), ...ratioProducts(x, y)];
    },
    isViolated: (...about) => (interval(...about)?.low ?? Number.NEGATIVE_INFINITY) > limit,
    isWithin: (...about) => (interval(...about)?.high ?? Number.POSITIVE_INFINITY) <= limit,
  });
}

/**
 * A limit on the gateway's own mean, whose restarts see each window at the usual mix of models. Sums: those of the
 * gauge for restarts, then for the whole stage.
 * @param restated a window at the usual mix
 */
export function meanAtUsualMix(
  gauge: Gauge,
  limit: number,
  restated: (strata: readonly Stratum[]) => RatioParts | null,
): Method {
  const { length } = gauge.contribution([]);
  return withoutHeavyWindow(
    {
      contribution: (strata) => {
        const parts = restated(strata);
        const restart =
          parts === null
            ? new Array<number>(length).fill(0)
            : [1, parts.known, parts.unknown, ...ratioProducts(parts.x, parts.y)];
        return [...restart, ...gauge.contribution(armOf(strata, 'gateway'))];
      },
      violationLength: length,
      isViolated: (sums, ...how) =>
        gauge.isAbove(sums.length > length ? sums.slice(length) : sums, limit, ...how),
      isWithin: (sums, ...how) => gauge.isAtMost(sums.slice(length), limit, ...how),
    },
    length + RATIO_AT,
  );
}

/**
 * No pass while one window has more than a tenth of the squared residuals. The sums end with the windows that have the
 * largest and the smallest residual so far, each as a count, x and y.
 * @param first where the sums of mean-ratio.ts begin
 */
export function withoutHeavyWindow(method: Method, first = RATIO_AT): Method {
  const { length } = method.contribution([]);
  const outermost = (sums: Sums) => [sums.slice(length, length + 3), sums.slice(length + 3)];
  return {
    ...method,
    contribution: (strata) => {
      const sums = method.contribution(strata);
      const window = sums.slice(first, first + 3);
      return [...sums, ...window, ...window];
    },
    violationLength: method.violationLength ?? length,
    add: (a, b) => {
      if (a.length === 0) return b;
      const sums = addSums(a, b).slice(0, length);
      const ratio = ratioOfSums(sums.slice(first)) ?? 0;
      const windows = [...outermost(a), ...outermost(b)]
        .filter(([count = 0]) => count > 0)
        .sort((one, other) => residualOf(one, ratio) - residualOf(other, ratio));
      return [...sums, ...(windows.at(-1) ?? NO_WINDOW), ...(windows[0] ?? NO_WINDOW)];
    },
    isWithin: (sums, ...how) =>
      method.isWithin(sums, ...how) && !isHeavyTailed(sums.slice(first), outermost(sums)),
  };
}

const NO_WINDOW: Sums = [0, 0, 0];
