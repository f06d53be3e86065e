/** `node read.ts <file>`: counts a day of records, and prints how long it took and what it counted. */
import { ARMS } from '../../../src/config/arms.ts';
import { loadPriceBook } from '../../../src/measure/models.ts';
import { jsonlSource } from '../../../src/measure/sources/jsonl.ts';

const from = Date.parse('2026-11-22T00:00:00.000Z');
const to = from + 86_400_000;
const source = jsonlSource({
  paths: process.argv.slice(2),
  arms: ARMS,
  book: await loadPriceBook([], {}),
  intervalMs: 900_000,
});
const startedAt = performance.now();
const usedAt = process.cpuUsage();
const answer = await source.measure({ window: { from, to }, now: to, slice: null, without: [] });
const seconds = (performance.now() - startedAt) / 1000;
const used = process.cpuUsage(usedAt);
const cpuSeconds = (used.user + used.system) / 1e6;
const attempts =
  answer.kind === 'measured'
    ? ARMS.map((arm) => answer.arms[arm]?.attempts ?? 0).reduce((sum, count) => sum + count)
    : 0;
process.stdout.write(JSON.stringify({ seconds, cpuSeconds, attempts }));
