/** How much more evidence of the same kind would prove a limit kept, and what a whole gate still needs. */
import { type Level, type Method, type Sums, scaleSums } from './method.ts';
import type { Verdicts } from './verdict.ts';

/** Tasks on the gateway and milliseconds, at the current rates and traffic. */
export interface Outlook {
  readonly tasks: number;
  readonly time: number;
}

/** What the passes that a stage needs still take; null where one would never come. */
export function outlookOf(verdicts: Verdicts): Outlook | null {
  const open = Object.values(verdicts).filter(({ needed, verdict }) => needed && verdict !== 'pass');
  const known = open.flatMap(({ stillNeeded }) => stillNeeded ?? []);
  if (known.length < open.length) return null;
  return {
    tasks: Math.max(0, ...known.map(({ tasks }) => tasks)),
    time: Math.max(0, ...known.map(({ time }) => time)),
  };
}

const PRECISION = 1.01;

/**
 * By what factor the evidence must grow, at the same rates, until the limit is proven kept; to 1 %.
 * @param farthest the largest factor that counts; beyond it, the limit will never be proven
 * @returns at least 1, or null for never
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
