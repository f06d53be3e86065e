/** Tasks of one attempt that was served, which may still get another one. */
import type { RecordPlace, RecordPlaces, RequestRecord } from './record.ts';
import { nameHash } from './sample.ts';

/** How many tasks are kept, at most, in 5 MB. */
const SLOTS = 2 ** 18;

/** In how many slots a task may be; if all are taken, the task that ended first leaves. */
const WAYS = 4;

/** Places of records, a number that stands for them, and the latest end of a task there. */
interface Kept {
  readonly number: number;
  readonly places: RecordPlaces;
  end: number;
}

/**
 * A fixed table of where their records are, by the hash of the task's name. Nearly all tasks of a log pass through it; at
 * thousands a second, the collector would spend more time on objects than everything else takes.
 */
export class ServedTasks {
  readonly #hashes = new Uint32Array(SLOTS);
  readonly #ends = new Float64Array(SLOTS).fill(Number.NEGATIVE_INFINITY);
  readonly #numbers = new Uint32Array(SLOTS);
  readonly #indexes = new Uint32Array(SLOTS);
  readonly #byPlaces = new Map<RecordPlaces, Kept>();
  readonly #byNumber = new Map<number, Kept>();
  #latest: Kept | null = null;
  #lastNumber = 0;

  /** Replaces an earlier task of the same name. */
  put(name: string, end: number, { places, index }: RecordPlace): void {
    if (this.#latest?.places !== places) this.#latest = this.#byPlaces.get(places) ?? this.#keep(places);
    this.#latest.end = Math.max(this.#latest.end, end);
    const hash = nameHash(name);
    const slot = this.#slotOf(hash);
    this.#hashes[slot] = hash;
    this.#ends[slot] = end;
    this.#numbers[slot] = this.#latest.number;
    this.#indexes[slot] = index;
  }

  /**
   * Takes out the task of this name, if it is still known.
   * @param fits whether a task that ended at this time is meant
   */
  take(name: string, fits: (end: number) => boolean): { record: RequestRecord; place: RecordPlace } | null {
    const hash = nameHash(name);
    const slot = this.#slotOf(hash);
    const kept = this.#byNumber.get(this.#numbers[slot] ?? 0);
    if (this.#hashes[slot] !== hash || kept === undefined || !fits(this.#ends[slot] ?? 0)) return null;
    const place = { places: kept.places, index: this.#indexes[slot] ?? 0 };
    const record = place.places.recordAt(place.index);
    // Another name may have the same hash.
    if (record?.task !== name) return null;
    this.#numbers[slot] = 0;
    return { record, place };
  }

  /** Forgets tasks that ended before a time. */
  forget(before: number): void {
    for (const { places, number, end } of this.#byPlaces.values()) {
      if (end >= before) continue;
      this.#byPlaces.delete(places);
      this.#byNumber.delete(number);
      this.#latest = null;
    }
  }

  #keep(places: RecordPlaces): Kept {
    this.#lastNumber += 1;
    const kept = { number: this.#lastNumber, places, end: 0 };
    this.#byPlaces.set(places, kept);
    this.#byNumber.set(kept.number, kept);
    return kept;
  }

  /** The slot with this hash, else the one whose task ended first. */
  #slotOf(hash: number): number {
    let first = hash % SLOTS;
    for (let way = 0; way < WAYS; way += 1) {
      const slot = (hash + way) % SLOTS;
      if (this.#hashes[slot] === hash) return slot;
      if ((this.#ends[slot] ?? 0) < (this.#ends[first] ?? 0)) first = slot;
    }
    return first;
  }
}
