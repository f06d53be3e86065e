/** Keeps the memory small of a process that reads millions of records. */
import { getHeapSpaceStatistics, setFlagsFromString } from 'node:v8';

const LARGEST_BYTES = 16 * 1024 * 1024;
const LOOK_EVERY = 16_384;

/**
 * Nearly all of a record is garbage at once, and V8 lets the space for new objects grow far beyond a hundred
 * megabytes meanwhile, which makes nothing faster here. Call {@link look} for each record: when the space is large
 * enough, it grows no more, in the whole process.
 */
export class YoungHeap {
  #records = 0;
  #limited = false;

  look(): void {
    this.#records += 1;
    if (this.#limited || this.#records % LOOK_EVERY !== 0) return;
    const space = getHeapSpaceStatistics().find(({ space_name: name }) => name === 'new_space');
    if (space === undefined || space.space_size < LARGEST_BYTES) return;
    setFlagsFromString('--semi-space-growth-factor=1');
    this.#limited = true;
  }
}
