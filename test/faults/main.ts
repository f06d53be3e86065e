/**
 * `npm run faults`: many seeded runs of the App while webhooks get lost, requests fail and processes die. Each seed draws
 * its schedules; `--schedule NAME` sets one for all (`none`: the weather alone). `--runs 1000`, `--from 1`; `--seed N` runs
 * one seed and prints its story. `--jobs` threads, by default one per core.
 * Failed runs are printed with their seeds; with `--shrink`, the first failed story is shortened as far as it still fails.
 */
import { availableParallelism } from 'node:os';
import { parseArgs } from 'node:util';
import { Worker } from 'node:worker_threads';
import { type Outcome, runStory } from './run.ts';
import { SCHEDULES, type Schedule } from './schedules.ts';
import { shrink } from './shrink.ts';
import { describeStory, storyOf } from './story.ts';
import { createTable, NO_SCHEDULE } from './table.ts';
import type { SeedResult, Task } from './worker.ts';

const { values } = parseArgs({
  options: {
    runs: { type: 'string', default: '1000' },
    from: { type: 'string', default: '1' },
    seed: { type: 'string' },
    schedule: { type: 'string' },
    shrink: { type: 'boolean', default: false },
    jobs: { type: 'string', default: String(Math.min(8, availableParallelism())) },
  },
});
const [runs, from, jobs] = [values.runs, values.from, values.jobs].map(Number);
const seed = values.seed === undefined ? null : Number(values.seed);
if ([runs, from, jobs, seed ?? 1].some((each) => !Number.isSafeInteger(each) || Number(each) < 1)) {
  process.stderr.write('--runs, --from, --seed and --jobs have to be whole numbers of at least 1.\n');
  process.exit(2);
}
const schedules = schedulesOf(values.schedule);
if (seed === null) await runMany(runs ?? 1, from ?? 1, jobs ?? 1);
else await runOne(seed);

/** Null: those that each seed draws. */
function schedulesOf(name: string | undefined): readonly Schedule[] | null {
  if (name === undefined) return null;
  if (name === NO_SCHEDULE) return [];
  const found = SCHEDULES.filter((each) => each === name);
  if (found.length > 0) return found;
  process.stderr.write(`--schedule has to be one of: ${[...SCHEDULES, NO_SCHEDULE].join(', ')}.\n`);
  process.exit(2);
}

async function runOne(one: number): Promise<void> {
  const story = storyOf(one, schedules ?? undefined);
  print(describeStory(story));
  const { problems, end, commits, requests } = await runStory(story);
  print(`end: ${end}, after ${commits} commits and ${requests} requests`);
  for (const problem of problems) print(`FAILED: ${problem}`);
  if (problems.length > 0) process.exitCode = 1;
}

async function runMany(count: number, first: number, threads: number): Promise<void> {
  const began = performance.now();
  const failed: SeedResult[] = [];
  const ends = new Map<string, number>();
  const table = createTable();
  const total = { commits: 0, requests: 0, deaths: 0 };
  let next = first;
  let done = 0;

  function note(result: SeedResult): void {
    done += 1;
    table.add(result);
    const { outcome, error } = result;
    if (outcome !== null) add(outcome);
    if (error !== null || (outcome?.problems.length ?? 0) > 0) {
      failed.push(result);
      print(`seed ${result.seed} FAILED: ${error ?? outcome?.problems.join('; ')}`);
    }
    if (done % 50 === 0) print(`${done} of ${count} runs, ${failed.length} failed, ${seconds(began)} s`);
  }

  function add({ commits, requests, deaths, end }: Outcome): void {
    total.commits += commits;
    total.requests += requests;
    total.deaths += deaths;
    const kind = end.split(' ')[0] ?? end;
    ends.set(kind, (ends.get(kind) ?? 0) + 1);
  }

  const work = async (): Promise<void> => {
    const worker = new Worker(new URL('./worker.ts', import.meta.url));
    while (next < first + count) {
      const mine = next;
      next += 1;
      note(await resultOf(worker, { seed: mine, schedules }));
    }
    await worker.terminate();
  };
  await Promise.all(Array.from({ length: Math.min(threads, count) }, work));

  const shown = [...ends].map(([end, times]) => `${times} ${end}`).join(', ');
  print(
    `${count} runs, ${failed.length} failed, in ${seconds(began)} s: ${total.requests} requests, ${total.commits} commits, ${total.deaths} processes killed`,
  );
  print(`final states: ${shown}`);
  for (const line of table.lines()) print(line);
  const [worst] = failed;
  if (worst === undefined) return;
  process.exitCode = 1;
  if (!values.shrink) return;
  print(
    `shortest story that still fails:\n${describeStory(await shrink(storyOf(worst.seed, schedules ?? undefined)))}`,
  );
}

function resultOf(worker: Worker, task: Task): Promise<SeedResult> {
  return new Promise((resolve, reject) => {
    worker.once('error', reject);
    worker.once('message', (result: SeedResult) => {
      worker.off('error', reject);
      resolve(result);
    });
    worker.postMessage(task);
  });
}

function seconds(began: number): number {
  return Math.round((performance.now() - began) / 1000);
}

function print(line: string): void {
  process.stdout.write(`${line}\n`);
}
