/** One process of the App, which may end in the middle of its work. */
import { isPassing, statusOf } from '../../app/http-status.ts';
import type { Github } from '../support/github/github.ts';
import { type AppOptions, type StartedApp, startApp } from '../support/start-app.ts';

export interface Replica {
  readonly app: StartedApp;
  /** Its process has ended. */
  readonly isDead: boolean;
  /** Ends the process at its n-th request from now on: before GitHub gets it, or before the response arrives. */
  dieAt(request: number, when: 'before' | 'after'): void;
  /** Cancels `dieAt`. */
  spare(): void;
  /** Resolves when its work is done, or the process is dead. */
  idle(): Promise<void>;
  tick(): Promise<void>;
  close(): Promise<void>;
}

export async function startReplica(
  github: Github,
  options: AppOptions,
  /** Called before each request: it takes its time. */
  passes: () => void = () => undefined,
): Promise<Replica> {
  let left = Number.POSITIVE_INFINITY;
  let moment: 'before' | 'after' = 'before';
  let resolveDeath = (): void => {};
  const death = new Promise<void>((resolve) => {
    resolveDeath = resolve;
  });
  let isDead = false;

  /** Never resolves: for its own code, a process ends this way. */
  function die(): Promise<never> {
    isDead = true;
    resolveDeath();
    // Later connections to it are closed.
    void app.disconnect();
    return new Promise(() => {});
  }

  const ask: typeof fetch = async (input, init) => {
    // The client shares one request for a token between all that wait for one in this thread, also other replicas.
    if (String(input).endsWith('/access_tokens')) return github.fetch(input, init);
    if (isDead) return die();
    left -= 1;
    passes();
    const isLast = left === 0;
    if (isLast && moment === 'before') return die();
    const answer = await github.fetch(input, init);
    return isDead || isLast ? die() : answer;
  };

  const app = await startApp(github, { ...options, fetch: ask });
  const untilDeath = <T>(work: Promise<T>) => Promise.race([work.then(() => undefined), death]);

  return {
    app,
    get isDead() {
      return isDead;
    },
    dieAt(request, when) {
      left = request;
      moment = when;
    },
    spare() {
      left = Number.POSITIVE_INFINITY;
    },
    idle: () => untilDeath(app.idle()),
    tick: () => untilDeath(app.tick().catch(ignorePassing)),
    close: () => (isDead ? app.disconnect() : untilDeath(app.close())),
  };
}

/** The tick of a job fails with GitHub, and the next job ticks again. */
function ignorePassing(error: unknown): void {
  if (!isPassing(error) && statusOf(error) !== 401) throw error;
}
