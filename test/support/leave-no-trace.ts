/**
 * Runs around each test file. Test files share a process and its modules, because loading them takes longer than most
 * tests. So whatever a file leaves behind affects the next one, and the order of the files varies.
 */
import fc from 'fast-check';
import { afterAll, expect, vi } from 'vitest';

// Half of what fast-check does by itself: each run of the suite draws others.
fc.configureGlobal({ numRuns: 50 });

/** Vitest sets these for each file. */
const OF_THE_RUNNER = /^(VITEST|TEST|JEST)/;
const GLOBALS = ['Date', 'setTimeout', 'setInterval', 'fetch', 'console'] as const;

/** Everything global that a test can change. */
function traces(): Readonly<Record<string, unknown>> {
  const environment = Object.entries(process.env).filter(([name]) => !OF_THE_RUNNER.test(name));
  return {
    ...Object.fromEntries(environment.map(([name, value]) => [`the variable ${name}`, value])),
    ...Object.fromEntries(GLOBALS.map((name) => [`the global ${name}`, globalThis[name]])),
    'the working directory': process.cwd(),
    'the exit code': process.exitCode,
    'what stdout writes by': process.stdout.write,
    'what stderr writes by': process.stderr.write,
    'fake timers': vi.isFakeTimers(),
    'who hears SIGINT': process.listenerCount('SIGINT'),
    'who hears SIGTERM': process.listenerCount('SIGTERM'),
    'who hears uncaughtException': process.listenerCount('uncaughtException'),
    'who hears unhandledRejection': process.listenerCount('unhandledRejection'),
  };
}

const before = traces();

afterAll(() => {
  const after = traces();
  const names = new Set([...Object.keys(before), ...Object.keys(after)]);
  const left = [...names].filter((name) => !Object.is(before[name], after[name]));
  expect(left, 'this file leaves something behind for the tests that follow: put it back').toEqual([]);
});
