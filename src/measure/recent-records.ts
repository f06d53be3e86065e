/** Remembers the latest records, to find duplicates. */
import type { RequestRecord } from './record.ts';

/** How many records are remembered, in 4 MB. */
const SLOTS = 2 ** 20;

/**
 * A fixed table of hashes; a record replaces another one in the same slot. With 20 bits of the slot and 32 bits in it,
 * one in 4,000,000,000 records is taken for a duplicate by mistake.
 */
export class RecentRecords {
  readonly #hashes = new Uint32Array(SLOTS);

  /**
   * Whether the same record came before. Without a task or a request ID, a record cannot be distinguished from another
   * request with the same values.
   */
  has(record: RequestRecord): boolean {
    const { task, request_id: id, ts } = record;
    if (task === undefined && id === undefined) return false;
    // Two hashes (FNV-1a with two primes) over the values that identify an attempt.
    const whose = (record.arm === 'gateway' ? 0x5bd1e995 : 0) ^ (record.shadow === true ? 0x2545f491 : 0);
    let mixed = 0x811c9dc5 ^ record.attempt ^ whose;
    // The lower 32 bits of the milliseconds repeat after 49 days.
    let hash = Math.imul(ts | 0, 0x9e3779b1);
    const name = id ?? task ?? '';
    for (let index = 0; index < name.length; index += 1) {
      const code = name.charCodeAt(index);
      mixed = Math.imul(mixed ^ code, 0x01000193);
      hash = Math.imul(hash ^ code, 0x85ebca77);
    }
    const slot = (mixed ^ (mixed >>> 15)) & (SLOTS - 1);
    const known = this.#hashes[slot] === hash >>> 0;
    this.#hashes[slot] = hash;
    return known;
  }
}
