import { join } from 'node:path';
import { defineConfig } from 'vitest/config';
import { LongestFirst } from './test/support/longest-first.ts';

// What Vitest keeps for the next run stays within the clone.
process.env.XDG_DATA_HOME ??= join(import.meta.dirname, 'node_modules/.cache');

export default defineConfig({
  test: {
    include: ['test/**/*.test.ts'],
    globalSetup: 'test/support/build-once.ts',
    // Loading the modules anew for each file would cost as much as all tests together.
    isolate: false,
    // Node runs the sources as they are. Vite's module runner, which mocks modules, took a sixth of the processor's time.
    experimental: { viteModuleRunner: false, nodeLoader: false },
    setupFiles: 'test/support/leave-no-trace.ts',
    sequence: { sequencer: LongestFirst },
    // On two cores: now and then all of a file waits for servers, child processes and time-outs.
    maxWorkers: 4,
    // Against what hangs; on a busy machine, child processes take long to start.
    testTimeout: 60_000,
    hookTimeout: 60_000,
  },
});
