/** Remembers the records that came last, to see those that come twice. */
import type { RequestRecord } from './record.ts';

/** So many records are remembered, in 4 MB. */
const SLOTS = 2 ** 20;

/**
 * A fixed table of hashes: two records in one slot push each other out. By 20 bits of the slot and 32 bits in it, one
 * in 4,000,000,000 records seems to have come before, and has not.
 */
export class RecentRecords {
  readonly #hashes = new Uint32Array(SLOTS);

  /**
   * Whether the same record came before. Only a record with a name of its own, a task or a request id, can be
   * told from another request that happened to be just like it.
   */
  has(record: RequestRecord): boolean {
    const { task, request_id: id, ts } = record;
    if (task === undefined && id === undefined) return false;
    // Two hashes (FNV-1a with two primes) over what no two attempts have in common.
    let place = 0x811c9dc5 ^ record.attempt ^ (record.arm === 'gateway' ? 0x5bd1e995 : 0);
    // The lower 32 bits of the milliseconds come again after 49 days.
    let hash = Math.imul(ts | 0, 0x9e3779b1);
    const name = id ?? task ?? '';
    for (let index = 0; index < name.length; index += 1) {
      const code = name.charCodeAt(index);
      place = Math.imul(place ^ code, 0x01000193);
      hash = Math.imul(hash ^ code, 0x85ebca77);
    }
    const slot = (place ^ (place >>> 15)) & (SLOTS - 1);
    const known = this.#hashes[slot] === hash >>> 0;
    this.#hashes[slot] = hash;
    return known;
  }
}
