/** Runs the seeds that it gets, one after another, on its own thread. */
import { parentPort } from 'node:worker_threads';
import { type Outcome, runStory } from './run.ts';
import type { Schedule } from './schedules.ts';
import { storyOf } from './story.ts';

/** The result of a seed. */
export interface SeedResult {
  readonly seed: number;
  readonly schedules: readonly Schedule[];
  readonly outcome: Outcome | null;
  /** The error that ended the run. */
  readonly error: string | null;
}

/** A story to run. */
export interface Task {
  readonly seed: number;
  /** Null: those that the seed draws. */
  readonly schedules: readonly Schedule[] | null;
}

parentPort?.on('message', async (task: Task) => {
  parentPort?.postMessage(await run(task));
});

async function run({ seed, schedules }: Task): Promise<SeedResult> {
  const story = storyOf(seed, schedules ?? undefined);
  const result = { seed, schedules: story.schedules };
  try {
    return { ...result, outcome: await runStory(story), error: null };
  } catch (error) {
    const text = error instanceof Error ? (error.stack ?? error.message) : String(error);
    return { ...result, outcome: null, error: text };
  }
}
