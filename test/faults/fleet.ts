/** The replicas of the App: they start, die, are replaced, and write their log. */
import type { Github } from '../support/github/github.ts';
import type { AppOptions } from '../support/start-app.ts';
import { type Replica, startReplica } from './replica.ts';
import { isTimed, skewOf } from './schedules.ts';
import type { Story } from './story.ts';

/** How long a request takes where that matters, in milliseconds. */
const REQUEST = 250;
const JOB_PERMISSIONS = {
  contents: 'write',
  issues: 'write',
  checks: 'write',
  actions: 'write',
  pull_requests: 'read',
  deployments: 'write',
} as const;

type Line = Readonly<Record<string, unknown>>;

export interface Fleet {
  readonly replicas: readonly Replica[];
  /** Resolves when all webhooks are handled, and no live process has work in progress. */
  settled(): Promise<void>;
  /** Replaces every dead process; with a job's token, every process. */
  replaceDead(): Promise<void>;
  /** Lines of the log since the last call. */
  newLines(): readonly Line[];
  close(): Promise<void>;
}

/** @param passes lets time pass, in milliseconds */
export async function startFleet(
  github: Github,
  { schedules, replicas: count, retries }: Story,
  now: () => number,
  passes: (milliseconds: number) => void,
): Promise<Fleet> {
  const isJob = schedules.includes('own token');
  const replicas: Replica[] = [];
  let lines: Line[] = [];
  const seen = new Map<Replica, number>();

  function start(index: number): Promise<Replica> {
    const skew = skewOf(schedules, index);
    const options: AppOptions = {
      now: () => now() + skew,
      retries,
      wait: async (milliseconds) => passes(milliseconds),
      ...(isJob ? { jobToken: github.jobToken(JOB_PERMISSIONS) } : {}),
    };
    return startReplica(github, options, () => (isTimed(schedules) ? passes(REQUEST) : undefined));
  }

  function readLog(replica: Replica): void {
    const { logged } = replica.app;
    lines.push(...logged.slice(seen.get(replica) ?? 0));
    seen.set(replica, logged.length);
  }

  const fleet: Fleet = {
    replicas,
    async settled() {
      for (let before = -1; before !== github.requests().length; ) {
        before = github.requests().length;
        await github.settled();
        await Promise.all(replicas.map((replica) => replica.idle()));
      }
    },
    async replaceDead() {
      for (const [index, replica] of replicas.entries()) {
        if (!replica.isDead && !isJob) continue;
        readLog(replica);
        seen.delete(replica);
        await replica.close();
        replicas[index] = await start(index);
      }
      github.deliverTo(...replicas.map(({ app }) => app.url));
    },
    newLines() {
      for (const replica of replicas) readLog(replica);
      const found = lines;
      lines = [];
      return found;
    },
    async close() {
      await Promise.all(replicas.map((replica) => replica.close()));
    },
  };
  for (let index = 0; index < count; index += 1) replicas.push(await start(index));
  github.deliverTo(...replicas.map(({ app }) => app.url));
  return fleet;
}
