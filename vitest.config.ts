import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    include: ['test/**/*.test.ts'],
    globalSetup: 'test/support/build-once.ts',
    // A worker takes file after file: loading the libraries anew for each of them took an eighth of all time.
    // So no test may leave anything behind in its process.
    isolate: false,
    // Tests start servers and child processes; two cores serve them best two files at a time.
    testTimeout: 20_000,
    hookTimeout: 30_000,
  },
});
