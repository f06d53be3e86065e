/** What was simulated, kept in a file: a run of many hours can be stopped and continued. */
import { createHash } from 'node:crypto';
import { appendFileSync, existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Outcome } from './trial.ts';
import type { Done, Job } from './worker.ts';

const ROOT = join(import.meta.dirname, '../../..');
/** What the outcome of a rollout depends on. */
const SOURCES = ['src/judge', 'test/bench/judge'];

export interface KeptTrials {
  /** The outcomes of a job that an earlier run did, and undefined where none did. */
  of(job: Job): readonly (readonly Outcome[])[] | undefined;
  add(done: Done): void;
}

export const NOTHING_KEPT: KeptTrials = { of: () => undefined, add: () => undefined };

/**
 * Opens the file, and creates it where it is missing.
 * @param path JSON lines, one a job; those of other sources are left unread, since they may say something else
 */
export function openKeptTrials(path: string): KeptTrials {
  const sources = digestOfSources();
  const lines = existsSync(path) ? readFileSync(path, 'utf8').trimEnd().split('\n') : [];
  // A run that was killed may leave half a line.
  const whole = lines.filter((line) => line.startsWith(`{"sources":"${sources}"`) && line.endsWith('}'));
  const known = new Map(
    whole.map((line) => {
      const { job, trials } = JSON.parse(line) as Done;
      return [JSON.stringify(job), trials];
    }),
  );
  return {
    of: (job) => known.get(JSON.stringify(job)),
    add: (done) => {
      if (!known.has(JSON.stringify(done.job)))
        appendFileSync(path, `${JSON.stringify({ sources, ...done })}\n`);
    },
  };
}

function digestOfSources(): string {
  const hash = createHash('sha256');
  for (const folder of SOURCES) {
    const files = readdirSync(join(ROOT, folder), { recursive: true, encoding: 'utf8' });
    for (const file of files.filter((name) => name.endsWith('.ts') && !name.endsWith('.test.ts')).sort())
      hash.update(file).update(readFileSync(join(ROOT, folder, file)));
  }
  return hash.digest('hex').slice(0, 16);
}
