/**
 * A proxy on the loopback interface that forwards a program's requests to one arm and records what happened to each. It
 * forwards bytes as they come, retries nothing and repairs nothing.
 */
import { randomBytes } from 'node:crypto';
import { createServer, type IncomingMessage } from 'node:http';
import { createForwarder } from '../../gateway/forward.ts';
import type { Profile } from '../../gateway/profiles/profile.ts';
import { staysInPlace } from '../../gateway/url.ts';
import type { ArmRun } from './exec-report.ts';
import { SecretForms, throwAwayKey } from './key-swap.ts';
import { Platform } from './platform.ts';
import { ProxiedRequest, type RecorderContext } from './proxied-request.ts';
import { TaskTracker } from './task-tracker.ts';
import { ELSEWHERE, turnAway, WRONG_KEY } from './turn-away.ts';

export interface RecorderOptions
  extends Pick<RecorderContext, 'arm' | 'access' | 'faults' | 'onAttempt' | 'onFailedId'> {
  /** What the program must not see besides the real key, such as the values of headers; default none. */
  readonly secrets?: readonly string[];
  /** Name of a platform's profile, or `auto`. */
  readonly profile: string;
  /** Makes the program's task names unique if it runs on both arms; default none. */
  readonly taskPrefix?: string;
  /** What gets copies of the requests; default nothing. */
  readonly shadows?: RecorderContext['shadows'];
}

export interface Recorder {
  /** For `OPENAI_BASE_URL`; it has the path of the real one. */
  readonly baseUrl: string;
  /** The only key that is accepted; it is valid nowhere else. */
  readonly apiKey: string;
  readonly turnedAway: ArmRun['turnedAway'];
  /** The platform's profile; null while unknown. */
  readonly profile: Profile | null;
  /** Waits at most a few seconds for running attempts, then closes. */
  stop(): Promise<void>;
}

/** How long responses may still take after the program has ended. */
const GRACE_MS = 5_000;

/** Starts a recorder on a free port of 127.0.0.1; the caller stops it. */
export async function startRecorder(options: RecorderOptions): Promise<Recorder> {
  const basePath = new URL(options.access.baseUrl).pathname.replace(/\/+$/, '');
  const apiKey = throwAwayKey(options.access.apiKey);
  const forwarder = createForwarder(options.access);
  const tasks = new TaskTracker(`${options.arm}-${randomBytes(4).toString('hex')}`, options.taskPrefix);
  const turnedAway = { wrongKey: 0, elsewhere: 0 };
  const running = new Set<Promise<void>>();
  const ending = new AbortController();
  const platform = new Platform(options);
  let requests = 0;

  const others = (options.secrets ?? []).filter((secret) => secret !== options.access.apiKey);
  const context: RecorderContext = {
    ...options,
    secrets: new SecretForms([
      { real: options.access.apiKey, standIn: apiKey },
      ...others.map((real) => ({ real })),
    ]),
    basePath,
    forwarder,
    tasks,
    platform,
    ending: ending.signal,
    shadows: options.shadows ?? [],
  };
  const server = createServer((incoming, outgoing) => {
    const destination = destinationOf(incoming, basePath, apiKey);
    if (destination !== 'ours') {
      turnedAway[destination] += 1;
      const reason = destination === 'wrongKey' ? WRONG_KEY : ELSEWHERE;
      incoming.resume().once('end', () => turnAway(reason, outgoing));
      return;
    }
    requests += 1;
    const proxied = new ProxiedRequest(context, requests, outgoing).run(incoming);
    running.add(proxied);
    void proxied.finally(() => running.delete(proxied));
  });
  // The program, not this proxy, decides how long it waits.
  server.requestTimeout = 0;
  server.headersTimeout = 0;
  // Does not close a connection that the program keeps open for its next request.
  server.keepAliveTimeout = 0;
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject).listen(0, '127.0.0.1', resolve);
  });
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('The recorder has no port.');

  return {
    baseUrl: `http://127.0.0.1:${address.port}${basePath}`,
    apiKey,
    turnedAway,
    get profile() {
      return platform.profile;
    },
    stop: async () => {
      const deadline = setTimeout(() => {
        ending.abort();
        server.closeAllConnections();
      }, GRACE_MS);
      await Promise.all([...running, ...context.shadows.map((shadow) => shadow.stop(GRACE_MS))]);
      clearTimeout(deadline);
      forwarder.close();
      await new Promise<void>((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      });
    },
  };
}

function destinationOf(
  { url = '', headers }: IncomingMessage,
  basePath: string,
  apiKey: string,
): 'ours' | 'wrongKey' | 'elsewhere' {
  if (headers.authorization?.replace(/^bearer +/i, '') !== apiKey) return 'wrongKey';
  return url.startsWith(`${basePath}/`) && staysInPlace(url) ? 'ours' : 'elsewhere';
}
