/**
 * Method 4: a ratio of two sums over windows, `Σx/Σy`, such as cost per task, with an asymptotic confidence
 * sequence (Waudby-Smith, Arbour, Sinha, Kennedy, Ramdas, arXiv:2103.06476). Each window is one sample; the variance
 * comes from linearisation. To compare arms, y is what the gateway's tasks of the same stratum would have cost at the
 * official arm's averages: with pooled averages, a drifting share would look like a difference.
 */
import type { Sums } from './method.ts';
import type { Interval } from './rate.ts';

/** Over windows: their number, then the sums of x, y, x², xy and y². */
export type RatioSums = Sums;

/** The number of windows at which the sequence is sharpest: a day of quarter hours. */
const SHARPEST_AT = 96;
/** Below these, an asymptotic statement is not reliable. */
export const LEAST_WINDOWS = 12;
/** From how many tasks (or requests) and windows on a ratio is judged. */
export interface Least {
  readonly tasks: number;
  readonly windows: number;
}
/** For ratios of which single tasks differ a lot. */
export const MANY: Least = { tasks: 2_000, windows: LEAST_WINDOWS };
/** For ratios that hardly differ from task to task, such as that of two prices. */
export const FEW: Least = { tasks: 200, windows: 4 };

/** Residuals below a hundred-thousandth are rounded prices. */
const ROUNDING = 1e-10;
/** Heavy tails: with more of the squares in one window, the others say little about the next one. */
const LARGEST_SHARE = 0.1;

/** `Σx/Σy`, or null where there is nothing to divide by. */
export function ratioOfSums([, x = 0, y = 0]: RatioSums): number | null {
  return y > 0 ? x / y : null;
}

/**
 * The confidence interval of `Σx/Σy`.
 * @param scale `log` for ratios above 0, `linear` for shares that may be 0
 * @param effect by how much clustered tasks count less than independent ones
 * @param leastWindows below {@link LEAST_WINDOWS}, the variance itself is uncertain, and the interval is wider
 * @returns null where there are too few windows for any statement
 */
export function ratioInterval(
  sums: RatioSums,
  scale: 'log' | 'linear',
  alpha: number,
  effect: number,
  leastWindows = LEAST_WINDOWS,
): Interval | null {
  const [windows = 0, x = 0, y = 0] = sums;
  const ratio = ratioOfSums(sums);
  if (ratio === null || windows < leastWindows) return null;
  const standardError = Math.sqrt((squaresOf(sums, ratio) * effect * windows) / (windows - 1)) / y;
  const factor = boundaryFactor(windows, alpha);
  const width = standardError * (leastWindows < LEAST_WINDOWS ? studentised(factor, windows) : factor);
  if (scale === 'linear') return { low: ratio - width, high: ratio + width };
  if (!(x > 0)) return null;
  return { low: ratio * Math.exp(-width / ratio), high: ratio * Math.exp(width / ratio) };
}

/** The sum of squared residuals `Σ(x − ratio · y)²`. */
function squaresOf([, , , xx = 0, xy = 0, yy = 0]: RatioSums, ratio: number): number {
  const squares = xx - 2 * ratio * xy + ratio * ratio * yy;
  return squares > ROUNDING * xx ? squares : 0;
}

/**
 * The factor that is as unlikely by Student's likelihood ratio, where the variance is estimated from the same windows,
 * as `factor` is by the normal one: `√((N − 1)(e^(factor²/N) − 1))`. Without it, evidence that restarts at each hour
 * fails equal arms in a quarter of rollouts.
 */
function studentised(factor: number, windows: number): number {
  return Math.sqrt((windows - 1) * Math.expm1(factor ** 2 / windows));
}

/**
 * Whether one window has more than a tenth of the squared residuals.
 * @param outermost the windows with the largest and the smallest residual, each as a count, Σx, Σy
 */
export function isHeavyTailed(sums: RatioSums, outermost: readonly Sums[]): boolean {
  const ratio = ratioOfSums(sums);
  if (ratio === null) return false;
  const largest = Math.max(...outermost.map((window) => residualOf(window, ratio) ** 2));
  return largest > LARGEST_SHARE * squaresOf(sums, ratio) && squaresOf(sums, ratio) > 0;
}

/** `x − ratio · y`; a scaled window is as large as before. */
export function residualOf([count = 0, x = 0, y = 0]: Sums, ratio: number): number {
  return count > 0 ? (x - ratio * y) / count : 0;
}

/** The half-width of the interval in standard errors: `√(N · 2(Nρ²+1)/(Nρ)² · ln(√(Nρ²+1)/α))`. */
export function boundaryFactor(windows: number, alpha: number): number {
  const log = -2 * Math.log(alpha);
  const rho2 = (log + Math.log1p(log)) / SHARPEST_AT;
  const grown = windows * rho2 + 1;
  return Math.sqrt(((2 * grown) / (windows * rho2)) * Math.log(Math.sqrt(grown) / alpha));
}
