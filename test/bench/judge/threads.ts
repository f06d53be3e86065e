/** Spreads rollouts over threads. What comes out does not depend on their number: each rollout has its own seed. */
import { availableParallelism } from 'node:os';
import { Worker } from 'node:worker_threads';
import type { KeptTrials } from './kept-trials.ts';
import type { Outcome } from './trial.ts';
import type { Done, Job } from './worker.ts';

/** Rollouts that a thread takes at once. */
const BATCH = 10;

/**
 * Simulates the rollouts of all experiments.
 * @param kept those of an earlier run, which are not simulated again; what is new is added
 * @param onProgress told after each batch, with rollouts
 * @returns for each experiment, in the order of the seeds from 1 on, the outcomes of its questions
 */
export async function simulate(
  experiments: number,
  rollouts: number,
  kept: KeptTrials,
  onProgress: (done: number, all: number) => void,
): Promise<readonly (readonly (readonly Outcome[])[])[]> {
  const jobs = jobsOf(experiments, rollouts);
  const trials = Array.from({ length: experiments }, () => new Array<readonly Outcome[]>(rollouts).fill([]));
  let done = 0;
  const work = async (thread: Worker): Promise<void> => {
    for (let job = jobs.shift(); job !== undefined; job = jobs.shift()) {
      const batch = kept.of(job) ?? (await answerOf(thread, job)).trials;
      kept.add({ job, trials: batch });
      trials[job.experiment]?.splice(job.from - 1, batch.length, ...batch);
      done += batch.length;
      onProgress(done, experiments * rollouts);
    }
  };
  const threads = Array.from(
    { length: availableParallelism() },
    () => new Worker(new URL('./worker.ts', import.meta.url)),
  );
  try {
    await Promise.all(threads.map(work));
  } finally {
    await Promise.all(threads.map((thread) => thread.terminate()));
  }
  return trials;
}

/** Seed by seed: a run that is stopped has simulated the first seeds of every experiment. */
function jobsOf(experiments: number, rollouts: number): Job[] {
  const starts = Array.from({ length: Math.ceil(rollouts / BATCH) }, (_, index) => 1 + index * BATCH);
  return starts.flatMap((from) =>
    Array.from({ length: experiments }, (_, experiment) => {
      return { experiment, from, count: Math.min(BATCH, rollouts - from + 1) };
    }),
  );
}

function answerOf(thread: Worker, job: Job): Promise<Done> {
  return new Promise((resolve, reject) => {
    thread.once('error', reject);
    thread.once('message', (done: Done) => {
      thread.off('error', reject);
      resolve(done);
    });
    thread.postMessage(job);
  });
}
