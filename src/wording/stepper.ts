/** The stages in a line, with the current one marked. */
export const STEP_MARKS = { done: '✔', now: '●', next: '○' } as const;

/** @param index of the current stage */
export function stepAt(at: number, index: number): keyof typeof STEP_MARKS {
  return at < index ? 'done' : at === index ? 'now' : 'next';
}
