/**
 * Method 4: a ratio of two sums over windows, `Σx/Σy`, such as cost per task, with an asymptotic confidence
 * sequence (Waudby-Smith, Arbour, Sinha, Kennedy, Ramdas, arXiv:2103.06476). Each window is one sample; the variance
 * comes from linearisation. To compare arms, y is what the gateway's tasks of the same stratum would have cost at the
 * official arm's averages: with pooled averages, a drifting share would look like a difference.
 */
import type { Interval } from './rate.ts';

/** Sums over windows of x, y and their products. */
export interface RatioSums {
  readonly windows: number;
  readonly x: number;
  readonly y: number;
  readonly xx: number;
  readonly xy: number;
  readonly yy: number;
}

/** The number of windows at which the sequence is sharpest: a day of quarter hours. */
const SHARPEST_AT = 96;
/** Below these, an asymptotic statement is not reliable. */
export const LEAST_WINDOWS = 12;
export const LEAST_TASKS = 2_000;

/** `Σx/Σy`, or null where there is nothing to divide by. */
export function ratioOfSums({ x, y }: RatioSums): number | null {
  return y > 0 ? x / y : null;
}

/**
 * The confidence interval of `Σx/Σy`.
 * @param scale `log` for ratios above 0, `linear` for shares that may be 0
 * @param designEffect by how much clustered tasks count less than independent ones
 * @returns null where there are too few windows for any statement
 */
export function ratioInterval(
  sums: RatioSums,
  scale: 'log' | 'linear',
  alpha: number,
  designEffect: number,
): Interval | null {
  const { windows, x, y, xx, xy, yy } = sums;
  const ratio = ratioOfSums(sums);
  if (ratio === null || windows < LEAST_WINDOWS) return null;
  // Rounding may make a variance of 0 negative.
  const squares = Math.max(0, xx - 2 * ratio * xy + ratio * ratio * yy);
  const standardError = Math.sqrt((squares * designEffect * windows) / (windows - 1)) / y;
  const width = standardError * boundaryFactor(windows, alpha);
  if (scale === 'linear') return { low: ratio - width, high: ratio + width };
  if (!(x > 0)) return null;
  return { low: ratio * Math.exp(-width / ratio), high: ratio * Math.exp(width / ratio) };
}

/** The half-width of the interval in standard errors: `√(N · 2(Nρ²+1)/(Nρ)² · ln(√(Nρ²+1)/α))`. */
export function boundaryFactor(windows: number, alpha: number): number {
  const log = -2 * Math.log(alpha);
  const rho2 = (log + Math.log1p(log)) / SHARPEST_AT;
  const grown = windows * rho2 + 1;
  return Math.sqrt(((2 * grown) / (windows * rho2)) * Math.log(Math.sqrt(grown) / alpha));
}
