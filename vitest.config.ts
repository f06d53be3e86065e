import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    include: ['test/**/*.test.ts'],
    globalSetup: 'test/support/build-once.ts',
    // Tests start servers and child processes; two cores serve them best two files at a time.
    testTimeout: 20_000,
    hookTimeout: 30_000,
  },
});
