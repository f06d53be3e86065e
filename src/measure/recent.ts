/** Remembers the records that came last, to see those that come twice. */
import type { RequestRecord } from './record.ts';

/** So many records are remembered, in 8 MB. */
const SLOTS = 2 ** 20;

/** A fixed table of 64-bit hashes: two records in one slot push each other out, and never seem the same. */
export class RecentRecords {
  /** Both halves of a hash stand side by side: a slot is far from the one before, and costs one wait for memory. */
  readonly #hashes = new Uint32Array(2 * SLOTS);

  /**
   * Whether the same record came before. Only a record with a name of its own, a task or a request id, can be
   * told from another request that happened to be just like it.
   */
  has(record: RequestRecord): boolean {
    const { task, request_id: id, ts } = record;
    if (task === undefined && id === undefined) return false;
    // Two hashes (FNV-1a with two primes) over what no two attempts have in common.
    let high = 0x811c9dc5 ^ record.attempt ^ (record.arm === 'gateway' ? 0x5bd1e995 : 0);
    // The lower 32 bits of the milliseconds come again after 49 days.
    let low = Math.imul(ts | 0, 0x9e3779b1);
    const name = id ?? task ?? '';
    for (let index = 0; index < name.length; index += 1) {
      const code = name.charCodeAt(index);
      high = Math.imul(high ^ code, 0x01000193);
      low = Math.imul(low ^ code, 0x85ebca77);
    }
    const slot = 2 * ((high ^ (low >>> 7)) & (SLOTS - 1));
    const known = this.#hashes[slot] === high >>> 0 && this.#hashes[slot + 1] === low >>> 0;
    this.#hashes[slot] = high;
    this.#hashes[slot + 1] = low;
    return known;
  }
}
