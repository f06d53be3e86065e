/**
 * Runs around each file of tests. The files share a process and its modules, whose loading costs more than most tests,
 * so that whatever one of them leaves behind would reach the next, in an order that nobody chose.
 */
import { afterAll, expect, vi } from 'vitest';

/** Set by Vitest, for each file anew. */
const OF_THE_RUNNER = /^(VITEST|TEST|JEST)/;
const GLOBALS = ['Date', 'setTimeout', 'setInterval', 'fetch', 'console'] as const;

/** What tests have at hand to change, and all that follow would see. */
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
