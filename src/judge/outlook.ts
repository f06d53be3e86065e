/** How much more evidence of the same kind would prove a limit kept. */
import { type Level, type Method, type Sums, scaleSums } from './method.ts';

const PRECISION = 1.01;

/**
 * By what factor the evidence must grow, at the same rates, until the limit is proven kept; to 1 %.
 * @param farthest the largest factor that counts; beyond it, the limit will never be proven
 * @returns at least 1, or null for never
 */
export function factorToPass(
  method: Method,
  sums: Sums,
  level: Level,
  effect: number,
  farthest: number,
): number | null {
  const passes = (factor: number) => method.isWithin(scaleSums(sums, factor), level, effect);
  if (passes(1)) return 1;
  let [open, passed] = [1, 2];
  while (!passes(passed)) {
    if (passed >= farthest) return null;
    open = passed;
    passed *= 4;
  }
  while (passed / open > PRECISION) {
    const middle = Math.sqrt(passed * open);
    if (passes(middle)) passed = middle;
    else open = middle;
  }
  return passed;
}
