/** Runs the seeds that it gets, one after another, on its own thread. */
import { parentPort } from 'node:worker_threads';
import { type Outcome, runStory } from './run.ts';
import { storyOf } from './story.ts';

/** The result of a seed. */
export interface SeedResult {
  readonly seed: number;
  readonly outcome: Outcome | null;
  /** The error that ended the run. */
  readonly error: string | null;
}

parentPort?.on('message', async (seed: number) => {
  parentPort?.postMessage(await run(seed));
});

async function run(seed: number): Promise<SeedResult> {
  try {
    return { seed, outcome: await runStory(storyOf(seed)), error: null };
  } catch (error) {
    return {
      seed,
      outcome: null,
      error: error instanceof Error ? (error.stack ?? error.message) : String(error),
    };
  }
}
