/** Counts an arm task by task; its memory does not grow with the number of names. */
import { addCounts, addModels, addSpenders } from './add.ts';
import { type ArmCounts, EMPTY_ARM, type SpenderSlice, UNIT_TIMES, type UnitCounts } from './measurement.ts';
import type { Attempt } from './outcome.ts';
import { boundSlices, keepLowest, nameHash, OTHERS, SLICE_LIMIT, UNIT_LIMIT } from './sample.ts';
import { type CountedTask, ModelTally, SpenderTally } from './tally.ts';

export class ArmTally {
  readonly #models = new Tallies((name) => new ModelTally(name), addModels);
  readonly #keys = new Tallies((name) => new SpenderTally(name), addSpenders);
  readonly #members = new Tallies((name) => new SpenderTally(name), addSpenders);
  readonly #units = new UnitTally();
  /** Copied requests: they are in no other count. */
  readonly copies = new SpenderTally('');

  /**
   * @param first of its attempts; it names the model, the key, the member and the unit
   * @param times -1 takes it back
   */
  add({ record: { key, member, unit }, model }: Attempt, task: CountedTask, times: number): void {
    this.#models.of(model.name).add(task, times);
    if (key !== undefined) this.#keys.of(key).add(task, times);
    if (member !== undefined) this.#members.of(member).add(task, times);
    if (unit !== undefined) this.#units.add(unit, task, times);
  }

  get counts(): ArmCounts {
    const byModel = this.#models.slices();
    const units = this.#units.sample();
    const { tasks: copies, cost: copied } = this.copies.slice;
    return {
      ...byModel.reduce(addCounts, EMPTY_ARM),
      byModel,
      byKey: this.#keys.slices(),
      byMember: this.#members.slices(),
      ...(copies && { copied }),
      ...(units.length === 0 ? {} : { units }),
    };
  }
}

/** Tallies by name. When there are twice as many names as the limit, half are added up into one. */
class Tallies<Slice extends Pick<SpenderSlice, 'name' | 'tasks'>, Tally extends { readonly slice: Slice }> {
  readonly #create: (name: string) => Tally;
  readonly #addSlices: (a: Slice, b: Slice) => Slice;
  #tallies = new Map<string, Tally>();
  #others: Slice | null = null;

  constructor(create: (name: string) => Tally, addSlices: (a: Slice, b: Slice) => Slice) {
    this.#create = create;
    this.#addSlices = addSlices;
  }

  of(name: string): Tally {
    const known = this.#tallies.get(name);
    if (known !== undefined) return known;
    if (this.#tallies.size >= 2 * SLICE_LIMIT) this.#prune();
    const created = this.#create(name);
    this.#tallies.set(name, created);
    return created;
  }

  slices(): readonly Slice[] {
    const slices = [...this.#tallies.values()].map(({ slice }) => slice);
    const bounded = boundSlices(this.#others === null ? slices : [this.#others, ...slices], this.#addSlices);
    // All tasks of a name may have been taken back.
    return bounded.filter(({ tasks }) => tasks !== 0);
  }

  #prune(): void {
    const { kept, left } = keepLowest(this.#tallies, SLICE_LIMIT);
    this.#tallies = new Map(kept.map((tally) => [tally.slice.name, tally]));
    for (const { slice } of left) {
      this.#others =
        this.#others === null ? { ...slice, name: OTHERS } : this.#addSlices(this.#others, slice);
    }
  }
}

interface UnitCounter {
  readonly unit: string;
  tasks: number;
  failedTasks: number;
  readonly slower: number[];
}

class UnitTally {
  #units = new Map<string, UnitCounter>();
  /** A unit whose hash is above this is not in the sample. */
  #highest = Infinity;

  add(unit: string, { sums, outcome }: CountedTask, times: number): void {
    if (nameHash(unit) > this.#highest) return;
    let counts = this.#units.get(unit);
    if (counts === undefined) {
      if (this.#units.size >= 2 * UNIT_LIMIT) this.#prune();
      counts = { unit, tasks: 0, failedTasks: 0, slower: [] };
      this.#units.set(unit, counts);
    }
    counts.tasks += times;
    counts.failedTasks += times * sums.failedTasks;
    const exceeded = boundsBelow(outcome.seconds ?? 0);
    for (let index = 0; index < exceeded; index += 1) {
      counts.slower[index] = (counts.slower[index] ?? 0) + times;
    }
  }

  sample(): readonly UnitCounts[] {
    const { kept } = keepLowest(this.#units, UNIT_LIMIT);
    return kept
      .filter(({ tasks }) => tasks !== 0)
      .map(({ slower, ...counts }) => ({ ...counts, slower: slower.filter((count) => count !== 0) }));
  }

  #prune(): void {
    const { kept } = keepLowest(this.#units, UNIT_LIMIT);
    this.#units = new Map(kept.map((counts) => [counts.unit, counts]));
    this.#highest = kept.reduce((highest, { unit }) => Math.max(highest, nameHash(unit)), 0);
  }
}

/** How many of 1/16 s, 1/8 s, … 64 s a time exceeds. */
function boundsBelow(seconds: number): number {
  return Math.min(UNIT_TIMES, Math.max(0, Math.ceil(Math.log2(seconds) + 4)));
}
