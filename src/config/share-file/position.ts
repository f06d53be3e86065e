/** A place in a file that holds a number or a text, found by its pointer. */

/** Where the value stands in the text, so that nothing else of the file has to be written again. */
export interface ValuePosition {
  readonly start: number;
  readonly end: number;
  readonly value: number | string;
  /** Around a text: `"`, `'`, or nothing. */
  readonly quote: string;
  /** The format knows no fractions of a number here. */
  readonly wholeOnly: boolean;
}

export type Lookup =
  | { readonly kind: 'found'; readonly position: ValuePosition }
  /** What was found instead, as the end of a sentence that begins with the pointer. */
  | { readonly kind: 'problem'; readonly problem: string };

/** A file that was parsed. */
export type ShareFile =
  | { readonly kind: 'parsed'; readonly find: (steps: readonly string[]) => Lookup }
  /** As the end of a sentence that begins with the file's path. */
  | { readonly kind: 'problem'; readonly problem: string };

export const NOWHERE: Lookup = { kind: 'problem', problem: 'does not exist in the file' };

export function problem(text: string): { readonly kind: 'problem'; readonly problem: string } {
  return { kind: 'problem', problem: text };
}

/** The index that a step is in a list; null where it is none. */
export function indexOf(step: string): number | null {
  return /^(?:0|[1-9]\d*)$/.test(step) ? Number(step) : null;
}

/**
 * Whether numbers at this place have to be whole: the weights of flagd's `fractional`, and everything in a Kubernetes
 * manifest, whose API has no fractions.
 */
export function isWholeOnly(steps: readonly string[], rootKeys: readonly string[]): boolean {
  const isManifest = rootKeys.includes('apiVersion') && rootKeys.includes('kind');
  return isManifest || steps.includes('fractional');
}
