import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    include: ['test/**/*.test.ts'],
    globalSetup: 'test/support/build-once.ts',
    // Tests start servers and child processes; two cores serve them best two files at a time.
    maxWorkers: 2,
    // A machine that does other things as well is slow, not broken.
    testTimeout: 60_000,
    hookTimeout: 60_000,
  },
});
