/** Runs the seeds that it is given, one after another, on a thread of its own. */
import { parentPort } from 'node:worker_threads';
import { type Outcome, runStory } from './run.ts';
import { storyOf } from './story.ts';

/** What the thread says of a seed. */
export interface Told {
  readonly seed: number;
  readonly outcome: Outcome | null;
  /** Why the run itself broke. */
  readonly error: string | null;
}

parentPort?.on('message', async (seed: number) => {
  parentPort?.postMessage(await run(seed));
});

async function run(seed: number): Promise<Told> {
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
