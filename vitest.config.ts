import { defineConfig } from 'vitest/config';

/** Rooms whose tests change nothing that other files see: they share their modules, whose loading costs the most. */
const SHARING = ['test/app/**/*.test.ts', 'test/rollout/**/*.test.ts', 'test/judge/**/*.test.ts'];

const shared = {
  // A machine that does other things as well is slow, not broken.
  testTimeout: 60_000,
  hookTimeout: 60_000,
};

export default defineConfig({
  test: {
    globalSetup: 'test/support/build-once.ts',
    // Tests start servers and child processes; two cores serve them best two files at a time.
    maxWorkers: 2,
    projects: [
      { test: { ...shared, name: 'rooms', include: ['test/**/*.test.ts'], exclude: SHARING } },
      { test: { ...shared, name: 'rollout', include: SHARING, isolate: false } },
    ],
  },
});
