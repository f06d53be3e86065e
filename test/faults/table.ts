/** How many runs had each schedule, and how many of them failed. A run of several schedules counts for each. */
import { SCHEDULES } from './schedules.ts';
import type { SeedResult } from './worker.ts';

/** The name of no schedule at all. */
export const NO_SCHEDULE = 'none';

export interface Table {
  add(result: SeedResult): void;
  lines(): readonly string[];
}

export function createTable(): Table {
  const rows = new Map([...SCHEDULES, NO_SCHEDULE].map((name) => [String(name), { runs: 0, failed: 0 }]));
  return {
    add({ schedules, outcome, error }) {
      const isFailed = error !== null || (outcome?.problems.length ?? 0) > 0;
      for (const name of schedules.length > 0 ? schedules : [NO_SCHEDULE]) {
        const row = rows.get(name);
        if (row === undefined) continue;
        row.runs += 1;
        if (isFailed) row.failed += 1;
      }
    },
    lines: () => [
      '| schedule | runs | failed |',
      '|---|---|---|',
      ...[...rows].map(([name, { runs, failed }]) => `| ${name} | ${runs} | ${failed} |`),
    ],
  };
}
