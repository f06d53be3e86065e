/** The position of a number or a text in a file, found by its pointer. */

/** The steps of a JSON pointer (`/a~1b/0`) or a YAML path (`a.b[0]`), from the root. */
export function stepsOf(pointer: string): readonly string[] {
  if (pointer.startsWith('/')) {
    const steps = pointer.slice(1).split('/');
    return steps.map((step) => step.replaceAll('~1', '/').replaceAll('~0', '~'));
  }
  return pointer.split(/[.[\]]+/).filter((step) => step !== '');
}

/** Where a value is in the text, so that nothing else in the file has to be rewritten. */
export interface ValuePosition {
  readonly start: number;
  readonly end: number;
  readonly value: number | string;
  /** Around a text: `"`, `'`, or nothing. */
  readonly quote: string;
  readonly wholeOnly: boolean;
}

export type Lookup =
  | { readonly kind: 'found'; readonly position: ValuePosition }
  /** What was found instead, as the end of a sentence that starts with the pointer. */
  | { readonly kind: 'problem'; readonly problem: string };

export type ShareFile =
  | { readonly kind: 'parsed'; readonly find: (steps: readonly string[]) => Lookup }
  /** As the end of a sentence that starts with the file's path. */
  | { readonly kind: 'problem'; readonly problem: string };

export const NOWHERE: Lookup = { kind: 'problem', problem: 'does not exist' };

export function lookupProblem(text: string): { readonly kind: 'problem'; readonly problem: string } {
  return { kind: 'problem', problem: text };
}

/** A step as an index of a list; null where it is not one. */
export function indexOf(step: string): number | null {
  return /^(?:0|[1-9]\d*)$/.test(step) ? Number(step) : null;
}

/**
 * Whether numbers here have to be whole: the weights of flagd's `fractional`, and everything in a Kubernetes
 * manifest, whose API has no fractions.
 */
export function isWholeOnly(steps: readonly string[], rootKeys: readonly string[]): boolean {
  const isManifest = rootKeys.includes('apiVersion') && rootKeys.includes('kind');
  return isManifest || steps.includes('fractional');
}
