import { describe, expect, it } from 'vitest';
import { type Arrival, TaskTracker } from '../../../src/measure/recorder/task-tracker.ts';
import { RETRY_WINDOW_MS } from '../../../src/measure/task-grouper.ts';

const ARRIVAL: Arrival = {
  name: null,
  retryCount: null,
  fingerprint: 'POST /chat a',
  address: 'POST /chat',
  atMs: 0,
};

describe('a task', () => {
  it('is one attempt where nothing fails', () => {
    const tasks = new TaskTracker('t');
    const first = tasks.begin(ARRIVAL);
    tasks.succeeded(first.task);
    expect([first, tasks.begin(ARRIVAL)]).toEqual([
      { task: 't-1', number: 0 },
      { task: 't-2', number: 0 },
    ]);
  });

  it('continues with the same body after a failure, within the retry window', () => {
    const tasks = new TaskTracker('t');
    tasks.failed(tasks.begin(ARRIVAL).task, 1_000);
    expect(tasks.begin({ ...ARRIVAL, fingerprint: 'another', atMs: 1_001 }).task).toBe('t-2');
    expect(tasks.begin({ ...ARRIVAL, atMs: 1_000 + RETRY_WINDOW_MS })).toEqual({ task: 't-1', number: 1 });
    tasks.failed('t-1', 2_000);
    expect(tasks.begin({ ...ARRIVAL, atMs: 2_001 + RETRY_WINDOW_MS }).number).toBe(0);
  });

  it('does not continue while its last attempt is in progress', () => {
    const tasks = new TaskTracker('t');
    tasks.begin(ARRIVAL);
    expect(tasks.begin(ARRIVAL).task).toBe('t-2');
  });

  it('follows the count of the official client: 0 begins anew, even after a failure', () => {
    const tasks = new TaskTracker('t');
    tasks.failed(tasks.begin({ ...ARRIVAL, retryCount: 0 }).task, 0);
    expect(tasks.begin({ ...ARRIVAL, retryCount: 0 })).toEqual({ task: 't-2', number: 0 });
    tasks.failed('t-2', 0);
    expect(tasks.begin({ ...ARRIVAL, retryCount: 1 })).toEqual({ task: 't-1', number: 1 });
    expect(tasks.begin({ ...ARRIVAL, retryCount: 1 })).toEqual({ task: 't-2', number: 1 });
  });

  it('separates simultaneous failures: each retry goes to its own task', () => {
    const tasks = new TaskTracker('t');
    const firsts = Array.from({ length: 5 }, () => tasks.begin({ ...ARRIVAL, retryCount: 0 }));
    for (const { task } of firsts) tasks.failed(task, 0);
    const seconds = Array.from({ length: 5 }, () => tasks.begin({ ...ARRIVAL, retryCount: 1 }));
    expect(new Set(seconds.map(({ task }) => task))).toEqual(new Set(firsts.map(({ task }) => task)));
  });

  it('is found by its URL if the body of a retry differs, as forms do', () => {
    const tasks = new TaskTracker('t');
    tasks.failed(tasks.begin({ ...ARRIVAL, retryCount: 0 }).task, 0);
    expect(tasks.begin({ ...ARRIVAL, fingerprint: 'other boundary', retryCount: 1 })).toEqual({
      task: 't-1',
      number: 1,
    });
  });

  it('keeps the number of a retry whose first attempts were not seen', () => {
    expect(new TaskTracker('t').begin({ ...ARRIVAL, retryCount: 2 }).number).toBe(2);
  });

  it('has the name that the program gives it, apart on each arm', () => {
    const tasks = new TaskTracker('t', 'gateway:');
    const named = { ...ARRIVAL, name: 'order 7' };
    tasks.succeeded(tasks.begin(named).task);
    expect(tasks.begin(named)).toEqual({ task: 'gateway:order 7', number: 1 });
  });

  it('is forgotten when its time has passed, so that memory does not grow', () => {
    const tasks = new TaskTracker('t');
    for (let n = 0; n < 2_000; n += 1) {
      const atMs = n * 100;
      tasks.failed(tasks.begin({ ...ARRIVAL, fingerprint: String(n), atMs }).task, atMs);
    }
    const late = 2_000 * 100;
    expect(tasks.begin({ ...ARRIVAL, fingerprint: '0', atMs: late }).number).toBe(0);
    expect(tasks.size).toBeLessThan(1_700);
  });
});
