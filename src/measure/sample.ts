/**
 * Lists of named counts that stay bounded for any number of names, and still add up exactly: the names with the lowest
 * hash are kept. A name that the sum of two lists keeps was kept in each, so its count is complete in any order of
 * adding (bottom-k sampling; Cohen, Kaplan 2007, "Summarizing data using bottom-k sketches").
 */

/** How many units of a split are counted one by one, per arm: enough for a design effect to a few percent. */
export const UNIT_LIMIT = 4_096;

/** How many models, keys or members are listed; all others go into {@link OTHERS}. */
export const SLICE_LIMIT = 1_000;

/** The slice of all names that are not listed. */
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

/** The order in which names are kept: lowest hash first, then by name. */
function byHash(a: string, b: string): number {
  return nameHash(a) - nameHash(b) || (a < b ? -1 : Number(a > b));
}

/**
 * Splits entries into those whose names are kept, at most `limit`, and those that are left; both sorted by name.
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

/**
 * Adds up slices of the same name, keeps `limit` of them and adds all others up into one that is named {@link OTHERS}.
 */
export function boundSlices<Slice extends { readonly name: string }>(
  slices: Iterable<Slice>,
  add: (a: Slice, b: Slice) => Slice,
  limit = SLICE_LIMIT,
): readonly Slice[] {
  const named = addByName(slices, ({ name }) => name, add);
  const others = named.get(OTHERS);
  named.delete(OTHERS);
  const { kept, left } = keepLowest(named, limit);
  const rest = others === undefined ? left : [...left, others];
  const first = rest[0];
  if (first === undefined) return kept;
  return [...kept, { ...rest.slice(1).reduce(add, first), name: OTHERS }];
}

/** Adds up entries of the same name. */
export function addByName<Entry>(
  entries: Iterable<Entry>,
  nameOf: (entry: Entry) => string,
  add: (a: Entry, b: Entry) => Entry,
): Map<string, Entry> {
  const sums = new Map<string, Entry>();
  for (const entry of entries) {
    const name = nameOf(entry);
    const before = sums.get(name);
    sums.set(name, before === undefined ? entry : add(before, entry));
  }
  return sums;
}
