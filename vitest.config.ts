import { availableParallelism } from 'node:os';
import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    include: ['test/**/*.test.ts'],
    globalSetup: 'test/support/build-once.ts',
    // A worker takes file after file: loading the libraries anew for each of them took an eighth of all time.
    // So no test may leave anything behind in its process.
    isolate: false,
    // Half of the time, files wait for servers, child processes and time-outs of others.
    maxWorkers: Math.min(8, 2 * availableParallelism()),
    // Against what hangs; on a busy machine, child processes take long to start.
    testTimeout: 60_000,
    hookTimeout: 60_000,
  },
});
