/** How much more of the same evidence would prove a limit kept. */
import { type Level, type Method, type Sums, scaleSums } from './method.ts';

const PRECISION = 1.01;

/**
 * By how much the evidence must grow, its rates unchanged, until the limit is proven kept; to 1 %.
 * @param farthest what would need more than so many times the evidence is as good as never
 * @returns at least 1, or null
 */
export function factorToPass(method: Method, sums: Sums, level: Level, farthest: number): number | null {
  const passes = (factor: number) => method.isWithin(scaleSums(sums, factor), level);
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
