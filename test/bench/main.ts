/**
 * `npm run bench -- <name>`: timings as ratios within one run, so that they mean the same on every machine.
 * A name takes those below it along: `judge` runs `judge/team` as well.
 * Each benchmark prints its rows and ends with a non-zero exit code when a limit is broken.
 * `--full`: at the size that the design asks for, where that takes an hour. `--keep FILE`: `judge` keeps in FILE what it
 * has simulated, and a run that was stopped continues from there.
 */
import { parseArgs } from 'node:util';
import { benchApp } from './app.ts';
import { benchCheck } from './check.ts';
import { benchClient } from './client.ts';
import { benchFidelity } from './fidelity.ts';
import { benchInventory } from './inventory.ts';
import { benchTeam } from './judge/team.ts';
import { benchJudge } from './judge.ts';
import { benchPairs } from './pairs.ts';
import { benchQuality } from './quality.ts';
import { benchRecorder } from './recorder.ts';
import { benchRecorderMemory } from './recorder-memory.ts';
import { benchRecords } from './records.ts';
import type { Row } from './row.ts';
import { benchServer } from './server.ts';
import { benchSql } from './sql.ts';

const BENCHMARKS: Readonly<Record<string, (full: boolean, keep: string | null) => Promise<readonly Row[]>>> =
  {
    app: benchApp,
    check: benchCheck,
    client: benchClient,
    fidelity: async (full) => benchFidelity(full),
    'fidelity/pairs': async (full) => benchPairs(full),
    'fidelity/quality': async (full) => benchQuality(full),
    inventory: benchInventory,
    judge: benchJudge,
    'judge/team': (full) => benchTeam(full),
    recorder: async () => [...(await benchRecorder()), ...(await benchRecorderMemory())],
    records: benchRecords,
    server: benchServer,
    sql: benchSql,
  };

const { positionals, values } = parseArgs({
  allowPositionals: true,
  options: { full: { type: 'boolean', default: false }, keep: { type: 'string' } },
});
const isAsked = (name: string, asked: string) => `${name}/`.startsWith(`${asked}/`);
const known = Object.keys(BENCHMARKS);
const unknown = positionals.filter((asked) => !known.some((name) => isAsked(name, asked)));
if (unknown.length > 0) {
  process.stderr.write(`There is no benchmark ${unknown.join(', ')}. Expected: ${known.join(', ')}.\n`);
  process.exit(2);
}

const names = known.filter(
  (name) => positionals.length === 0 || positionals.some((asked) => isAsked(name, asked)),
);
for (const name of names) {
  process.stdout.write(`${name}\n`);
  const rows = (await BENCHMARKS[name]?.(values.full, values.keep ?? null)) ?? [];
  for (const row of rows) {
    const broken = row.limit !== null && row.value > row.limit;
    if (broken) process.exitCode = 1;
    const limit =
      row.limit === null
        ? ''
        : `  (limit ${Number(row.limit.toFixed(2))}${row.unit})${broken ? '  BROKEN' : ''}`;
    process.stdout.write(`  ${row.what.padEnd(84)} ${row.value.toFixed(2).padStart(9)}${row.unit}${limit}\n`);
  }
}
