/**
 * The special functions of the judge, written so that large counts do not cancel: ln Γ(10^7) is near 1.5·10^8, of
 * which a double keeps eight decimals, while the logarithm of an e-process is needed to five. Stirling's error and the
 * deviance are as small as the result itself.
 */

const HALF_LN_TWO_PI = 0.9189385332046727;

/** From here on, the series is exact to the last digits of a double. */
const SERIES_FROM = 15;

/**
 * What Stirling's formula leaves out: `ln Γ(x) − [(x − ½) ln x − x + ½ ln 2π]`.
 * Asymptotic series of Abramowitz and Stegun 6.1.41; smaller arguments are raised by Γ(x + 1) = x Γ(x).
 * @param x above 0
 */
export function stirlingError(x: number): number {
  if (x >= SERIES_FROM) return stirlingSeries(x);
  let product = 1;
  let raised = x;
  while (raised < SERIES_FROM) {
    product *= raised;
    raised += 1;
  }
  const lnGamma = stirlingFormula(raised) + stirlingSeries(raised) - Math.log(product);
  return lnGamma - stirlingFormula(x);
}

function stirlingSeries(x: number): number {
  const y = 1 / (x * x);
  return (1 / 12 - y * (1 / 360 - y * (1 / 1260 - y * (1 / 1680 - y * (1 / 1188 - (y * 691) / 360360))))) / x;
}

function stirlingFormula(x: number): number {
  return (x - 0.5) * Math.log(x) - x + HALF_LN_TWO_PI;
}

/**
 * The deviance `x ln(x / m) + m − x`, exact where x is near m (C. Loader, Fast and accurate computation of
 * binomial probabilities, 2000).
 * @param x at least 0
 * @param m above 0
 */
export function deviance(x: number, m: number): number {
  if (x === 0) return m;
  const difference = x - m;
  if (Math.abs(difference) >= 0.1 * (x + m)) return x * Math.log(x / m) - difference;
  // x ln(x/m) by the series of artanh in v = (x − m)/(x + m).
  const v = difference / (x + m);
  let sum = difference * v;
  let term = 2 * x * v;
  for (let i = 3; i < 60; i += 2) {
    term *= v * v;
    const next = sum + term / i;
    if (next === sum) break;
    sum = next;
  }
  return sum;
}

/** `ln Σ exp(x_j)` without overflow; −∞ for an empty list. */
export function logSumExp(values: readonly number[]): number {
  let largest = Number.NEGATIVE_INFINITY;
  for (const value of values) if (value > largest) largest = value;
  if (!Number.isFinite(largest)) return largest;
  let sum = 0;
  for (const value of values) sum += Math.exp(value - largest);
  return largest + Math.log(sum);
}
