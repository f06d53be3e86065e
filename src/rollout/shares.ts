/** The share of the traffic that is on the gateway at each stage. */
import type { RolloutStage } from '../config/schema.ts';
import { isShadow, SHADOW } from '../config/stages.ts';
import type { Shares } from './effect.ts';

export const NO_SHARES: Shares = { everything: 0, slices: {} };

/**
 * The shares at a stage, including those of the stages before it. A slice has the larger of its own share and the
 * share of everything; only slices above everything are listed.
 * @param index of the stage
 * @param holdback percent that stays official; 0 at completion
 */
export function sharesAt(stages: readonly RolloutStage[], index: number, holdback: number): Shares {
  const most = 100 - holdback;
  const current = stages[index];
  // Copies end with their stage.
  const moved = stages
    .slice(0, index + 1)
    .flatMap((each) =>
      each.kind === 'share' && (!isShadow(each) || (current && isShadow(current))) ? [each] : [],
    );
  const shareOf = (slice: string | null) =>
    moved.reduce((largest, stage) => (stage.slice === slice ? Math.max(largest, stage.share) : largest), 0);
  const everything = Math.min(most, shareOf(null));
  const names = [...new Set(moved.flatMap(({ slice }) => slice ?? []))];
  const own = names.map((name) => [name, Math.min(name === SHADOW ? 100 : most, shareOf(name))] as const);
  return { everything, slices: Object.fromEntries(own.filter(([, share]) => share > everything)) };
}

/** Whether a part of the stage's share stays official until completion. @param holdback percent */
export function isHeldBack({ share }: { readonly share: number }, holdback: number): boolean {
  return share > 100 - holdback;
}

/** Whether a slice is on the gateway as a whole, but for the holdback. @param holdback percent */
export function isWholeOnGateway({ everything, slices }: Shares, holdback: number): boolean {
  const { [SHADOW]: _, ...moved } = slices;
  return [everything, ...Object.values(moved)].some((share) => share >= 100 - holdback);
}

/** Percent of one slice, or of everything. */
export function shareOfSlice({ everything, slices }: Shares, slice: string | null): number {
  const own = slice !== null && Object.hasOwn(slices, slice) ? (slices[slice] ?? 0) : 0;
  // What users have on the gateway is not copied.
  return slice === SHADOW ? own : Math.max(everything, own);
}

export function wouldRaise(from: Shares, to: Shares): boolean {
  return slicesOf(from, to).some((slice) => shareOfSlice(to, slice) > shareOfSlice(from, slice));
}

export function areSameShares(a: Shares, b: Shares): boolean {
  return slicesOf(a, b).every((slice) => shareOfSlice(a, slice) === shareOfSlice(b, slice));
}

export function isNothingOnGateway(shares: Shares): boolean {
  return areSameShares(shares, NO_SHARES);
}

function slicesOf(a: Shares, b: Shares): readonly (string | null)[] {
  return [null, ...Object.keys(a.slices), ...Object.keys(b.slices)];
}
