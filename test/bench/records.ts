/** How fast a log of records is counted, and in how much memory. */
import { execFile, spawn } from 'node:child_process';
import { createWriteStream } from 'node:fs';
import { mkdtemp, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { promisify } from 'node:util';
import { rolldown } from 'rolldown';
import { type Run, runNode } from './process.ts';
import { median, type Row } from './row.ts';

const WRITER = resolve(import.meta.dirname, 'records/write.ts');
const READER = resolve(import.meta.dirname, 'records/read.ts');
const RECORDS = 1_000_000;
const MANY_RECORDS = 10_000_000;
const ROUNDS = 3;
const MB = 1_000_000;
const MOST_MEMORY_MB = 200;

/** Records a second: a small product, a large one, and one whose logs belong into a database. */
const RATES = [12, 400, 4_000];

/** Reads a million records of each rate from a file, beside `wc -l` and DuckDB, and ten million from a pipe. */
export async function benchRecords(): Promise<readonly Row[]> {
  const folder = await mkdtemp(join(tmpdir(), 'bench-records-'));
  try {
    const reader = await bundle(folder);
    const logs = RATES.map((rate) => ({ rate, file: join(folder, `${rate}.jsonl`), ours: [] as Counted[] }));
    for (const { rate, file } of logs) {
      await pipeline(writer(RECORDS, rate).stdout, createWriteStream(file));
    }
    const [{ file, ours } = { file: '', ours: [] }] = logs;
    const megabytes = (await stat(file)).size / MB;
    const wc: number[] = [];
    const duckDb: number[] = [];
    // Side by side, so that all meet the same machine.
    for (let round = 0; round < ROUNDS; round += 1) {
      for (const log of logs) log.ours.push(counted(await runNode([reader, log.file]), RECORDS));
      wc.push(await secondsOf(() => promisify(execFile)('wc', ['-l', file])));
      duckDb.push(await duckDbSeconds(file));
    }
    const seconds = ours.map((run) => run.seconds);
    // What other programs take away from this one is no part of its speed.
    const cpu = logs.map((log) => Math.min(...log.ours.map((run) => run.cpuSeconds)));
    return [
      { what: `${RECORDS} records`, value: megabytes, unit: ' MB', limit: null },
      ...logs.flatMap(({ rate, ours: runs }, index): Row[] => [
        {
          what: `${rate} records a second, counted in a second of a core`,
          value: megabytes / (cpu[index] ?? 0),
          unit: ' MB',
          limit: null,
        },
        {
          what: `${rate} records a second, peak memory`,
          value: Math.max(...runs.map(({ peakMb }) => peakMb)),
          unit: ' MB',
          limit: MOST_MEMORY_MB,
        },
      ]),
      { what: 'slowest rate ÷ fastest', value: Math.max(...cpu) / Math.min(...cpu), unit: '', limit: 1.25 },
      {
        what: 'seconds of a core per 100 MB',
        value: (100 * Math.max(...cpu)) / megabytes,
        unit: ' s',
        limit: 3,
      },
      { what: 'time ÷ wc -l', value: median(seconds) / median(wc), unit: '', limit: null },
      { what: 'time ÷ DuckDB on one thread', value: median(seconds) / median(duckDb), unit: '', limit: null },
      {
        what: `peak memory, ${MANY_RECORDS} records`,
        value: await peakOfMany(reader, folder),
        unit: ' MB',
        limit: MOST_MEMORY_MB,
      },
    ];
  } finally {
    await rm(folder, { recursive: true });
  }
}

/** What users run is bundled; the bundle also keeps the compiler of TypeScript out of the measured memory. */
async function bundle(folder: string): Promise<string> {
  const built = await rolldown({ input: READER, platform: 'node', logLevel: 'silent' });
  await built.write({ dir: folder, format: 'esm', entryFileNames: 'read.mjs', chunkFileNames: '[name].mjs' });
  await built.close();
  return join(folder, 'read.mjs');
}

function writer(count: number, rate: number) {
  return spawn(process.execPath, [WRITER, String(count), String(rate)], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
}

/** Ten million records would fill disks: they come through a named pipe. */
async function peakOfMany(reader: string, folder: string): Promise<number> {
  const pipe = join(folder, 'many.jsonl');
  await promisify(execFile)('mkfifo', [pipe]);
  const [run] = await Promise.all([
    runNode([reader, pipe]),
    pipeline(writer(MANY_RECORDS, 400).stdout, createWriteStream(pipe)),
  ]);
  counted(run, MANY_RECORDS);
  return run.peakMb;
}

interface Counted {
  readonly seconds: number;
  /** Of all threads, the collector's included. */
  readonly cpuSeconds: number;
  readonly peakMb: number;
}

function counted({ stdout, exitCode, peakMb }: Run, records: number): Counted {
  const { attempts, ...times }: Omit<Counted, 'peakMb'> & { attempts: number } = JSON.parse(stdout || '{}');
  if (attempts !== records)
    throw new Error(`Counted ${attempts} of ${records} records, exit code ${exitCode}.`);
  return { ...times, peakMb };
}

async function secondsOf(work: () => Promise<unknown>): Promise<number> {
  const startedAt = performance.now();
  await work();
  return (performance.now() - startedAt) / 1000;
}

/** What a database makes of the same file on one thread: less, since it knows no tasks. */
async function duckDbSeconds(file: string): Promise<number> {
  const { DuckDBInstance } = await import('@duckdb/node-api');
  const connection = await (await DuckDBInstance.create()).connect();
  await connection.run('SET threads = 1');
  return secondsOf(() =>
    connection.run(
      `SELECT arm, model, key, count(*), count(DISTINCT task), sum(input_tokens), sum(output_tokens),
       quantile_cont(duration_ms, 0.95) FROM read_json('${file}', format = 'newline_delimited') GROUP BY ALL`,
    ),
  );
}
