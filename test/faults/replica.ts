/** One process of the App, which may end in the middle of its work. */
import type { Github } from '../support/github/github.ts';
import { type StartedApp, startApp } from '../support/start-app.ts';

export interface Replica {
  readonly app: StartedApp;
  /** Its process has ended: nothing of it goes on. */
  readonly isDead: boolean;
  /** Ends the process around its n-th request from now on: before GitHub sees it, or before its answer arrives. */
  dieAt(request: number, when: 'before' | 'after'): void;
  /** Takes the order back. */
  spare(): void;
  /** All that it has in hand is done, or it died over it. */
  idle(): Promise<void>;
  tick(): Promise<void>;
  close(): Promise<void>;
}

export async function startReplica(
  github: Github,
  options: { readonly now: () => number; readonly retries: number },
): Promise<Replica> {
  let left = Number.POSITIVE_INFINITY;
  let moment: 'before' | 'after' = 'before';
  let tellDeath = (): void => {};
  const death = new Promise<void>((resolve) => {
    tellDeath = resolve;
  });
  let isDead = false;

  /** Whoever waits for this answer waits for ever: that is how a process ends for its own code. */
  function die(): Promise<never> {
    isDead = true;
    tellDeath();
    // Whoever talks to it now finds the connection closed.
    void app.disconnect();
    return new Promise(() => {});
  }

  const ask: typeof fetch = async (input, init) => {
    // The client shares one request for a token between all that wait for one in this thread, also other replicas.
    if (String(input).endsWith('/access_tokens')) return github.fetch(input, init);
    if (isDead) return die();
    left -= 1;
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
    tick: () => untilDeath(app.tick()),
    close: () => (isDead ? app.disconnect() : app.close()),
  };
}
