/** Simulates rollouts in a thread of its own. */
import { parentPort } from 'node:worker_threads';
import { EXPERIMENTS } from './questions.ts';
import { type Outcome, runTrial } from './trial.ts';

/** Rollouts of one experiment with the seeds `from`, `from + 1`, … */
export interface Job {
  readonly experiment: number;
  readonly from: number;
  readonly count: number;
}

/** What came of a job: for each rollout the outcomes of all questions. */
export interface Done {
  readonly job: Job;
  readonly trials: readonly (readonly Outcome[])[];
}

parentPort?.on('message', (job: Job) => {
  const experiment = EXPERIMENTS[job.experiment];
  const trials =
    experiment === undefined
      ? []
      : Array.from({ length: job.count }, (_, index) =>
          runTrial(experiment, job.from + index, job.experiment),
        );
  parentPort?.postMessage({ job, trials } satisfies Done);
});
