/**
 * Lists of named counts that stay bounded however many names there are, and still add up exactly: of the
 * names, those whose hash is lowest are kept. A name that is kept of two lists together was kept in each, so
 * its count is whole whatever the order of adding (bottom-k sampling; Cohen, Kaplan 2007, "Summarizing data
 * using bottom-k sketches").
 */

/** Units of a split that are counted one by one, of each arm: enough for a design effect to a few percent. */
export const UNIT_LIMIT = 4_096;

/** Models, keys and members that are told apart; what is above goes into {@link OTHERS}. */
export const SLICE_LIMIT = 1_000;

/** The slice of all that are not told apart. */
export const OTHERS = '(others)';

/** 32 bits (FNV-1a with the final mix of MurmurHash3), the same on every machine. */
export function nameHash(name: string): number {
  let hash = 0x811c9dc5;
  for (let index = 0; index < name.length; index += 1) {
    hash = Math.imul(hash ^ name.charCodeAt(index), 0x01000193);
  }
  hash = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b);
  hash = Math.imul(hash ^ (hash >>> 13), 0xc2b2ae35);
  return (hash ^ (hash >>> 16)) >>> 0;
}

/** The order by which names are kept: lowest hash first, then by name. */
function byHash(a: string, b: string): number {
  return nameHash(a) - nameHash(b) || (a < b ? -1 : Number(a > b));
}

/**
 * The entries whose names are kept, at most `limit`, sorted by name; and what is left of them.
 * @param entries each name once
 */
export function keepLowest<Entry>(
  entries: ReadonlyMap<string, Entry>,
  limit: number,
): { readonly kept: readonly Entry[]; readonly left: readonly Entry[] } {
  const names = [...entries.keys()];
  const lowest = names.length <= limit ? names : names.sort(byHash);
  const pick = (some: string[]) =>
    some
      .sort()
      .map((name) => entries.get(name))
      .filter((entry) => entry !== undefined);
  return { kept: pick(lowest.slice(0, limit)), left: pick(lowest.slice(limit)) };
}

/** Keeps `limit` slices and adds all others up into one that is named {@link OTHERS}. */
export function boundSlices<Slice extends { readonly name: string }>(
  slices: ReadonlyMap<string, Slice>,
  add: (a: Slice, b: Slice) => Slice,
  limit = SLICE_LIMIT,
): readonly Slice[] {
  const named = new Map(slices);
  const others = named.get(OTHERS);
  named.delete(OTHERS);
  const { kept, left } = keepLowest(named, limit);
  const rest = others === undefined ? left : [...left, others];
  const first = rest[0];
  if (first === undefined) return kept;
  return [...kept, { ...rest.slice(1).reduce(add, first), name: OTHERS }];
}
