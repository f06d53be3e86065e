import { defineConfig } from 'vitest/config';

/** Rooms whose tests leave nothing behind in their process: they share their modules, whose loading costs the most. */
const SHARING = [
  'test/app/**/*.test.ts',
  'test/rollout/**/*.test.ts',
  'test/judge/**/*.test.ts',
  'test/recipes/{recipes,monorepo/*,one-model-first/*,regulated/*,workloads/*}.test.ts',
];

const patience = {
  // Against what hangs; on a busy machine, child processes take long to start.
  testTimeout: 60_000,
  hookTimeout: 60_000,
};

export default defineConfig({
  test: {
    globalSetup: 'test/support/build-once.ts',
    // On two cores: now and then all of a file waits for servers, child processes and time-outs.
    maxWorkers: 3,
    projects: [
      { test: { ...patience, name: 'rooms', include: ['test/**/*.test.ts'], exclude: SHARING } },
      { test: { ...patience, name: 'rollout', include: SHARING, isolate: false } },
    ],
  },
});
