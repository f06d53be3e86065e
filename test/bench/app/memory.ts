import { setTimeout } from 'node:timers/promises';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';

/** Finalizers of one collection free what the next one finds. */
const COLLECTIONS = 4;

/** What is reachable on the heap, in megabytes. */
export async function heapMb(): Promise<number> {
  setFlagsFromString('--expose-gc');
  const collect: unknown = runInNewContext('gc');
  for (let collection = 0; collection < COLLECTIONS; collection += 1) {
    if (typeof collect === 'function') collect();
    await setTimeout(50);
  }
  return process.memoryUsage().heapUsed / 2 ** 20;
}
