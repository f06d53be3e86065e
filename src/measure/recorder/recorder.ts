/**
 * A proxy on the loopback interface that passes a program's requests on to one arm and writes down what happened
 * to each. It passes on bytes as they come, repeats nothing, and mends nothing.
 */
import { randomBytes } from 'node:crypto';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { createForwarder, type ForwardTarget } from '../../gateway/forward.ts';
import type { Profile } from '../../gateway/profiles/profile.ts';
import type { Arm } from '../record.ts';
import type { RecordedAttempt } from './attempt.ts';
import type { Fault } from './fault.ts';
import { throwAwayKey } from './key-swap.ts';
import { Platform } from './platform.ts';
import { ProxiedRequest, type RecorderContext } from './proxied-request.ts';
import { TaskTracker } from './task-tracker.ts';

export interface RecorderOptions {
  readonly arm: Arm;
  /** Where requests really go, and the key that they really carry. */
  readonly target: ForwardTarget;
  /** Name of a platform's profile, or `auto`. */
  readonly profile: string;
  readonly faults: readonly Fault[];
  /** Makes tasks that the program names distinct where it runs on both arms; default none. */
  readonly taskPrefix?: string;
  /** An attempt is over. */
  readonly onAttempt: (attempt: RecordedAttempt) => void;
  /** The client is about to learn that a request of this id failed. */
  readonly onFailedId: (id: string) => void;
}

/** Requests that were not passed on, and are in no record. */
export interface TurnedAway {
  /** With another key than the recorder's. */
  readonly wrongKey: number;
  /** To an address beside the base URL's path. */
  readonly elsewhere: number;
}

export interface Recorder {
  /** For `OPENAI_BASE_URL`; its path is that of the real one. */
  readonly baseUrl: string;
  /** The one key that is accepted; worth nothing anywhere else. */
  readonly apiKey: string;
  readonly turnedAway: TurnedAway;
  /** The platform's profile as far as it is known by now. */
  readonly profile: Profile | null;
  /** Wait for the attempts under way (at most a few seconds), then close. */
  stop(): Promise<void>;
}

/** How long an answer whose client is gone may still take, when the program has ended. */
const GRACE_MS = 5_000;

/** Starts a recorder on a free port of 127.0.0.1; whoever starts it stops it. */
export async function startRecorder(options: RecorderOptions): Promise<Recorder> {
  const basePath = new URL(options.target.baseUrl).pathname.replace(/\/+$/, '');
  const apiKey = throwAwayKey(options.target.apiKey);
  const forwarder = createForwarder(options.target);
  const tasks = new TaskTracker(`${options.arm}-${randomBytes(4).toString('hex')}`, options.taskPrefix);
  const turnedAway = { wrongKey: 0, elsewhere: 0 };
  const underWay = new Set<Promise<void>>();
  const ending = new AbortController();
  const platform = new Platform(options);
  let requests = 0;

  const context: RecorderContext = {
    ...options,
    apiKey,
    basePath,
    forwarder,
    tasks,
    platform,
    ending: ending.signal,
  };
  const server = createServer((incoming, outgoing) => {
    const destination = destinationOf(incoming, basePath, apiKey);
    if (destination !== 'ours') {
      turnedAway[destination] += 1;
      turnAway(destination, incoming, outgoing);
      return;
    }
    requests += 1;
    const proxied = new ProxiedRequest(context, requests, outgoing).run(incoming);
    underWay.add(proxied);
    void proxied.finally(() => underWay.delete(proxied));
  });
  // The program decides how long it waits, not this proxy.
  server.requestTimeout = 0;
  server.headersTimeout = 0;
  // A connection that the program keeps is not closed under its next request.
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
      const impatience = setTimeout(() => {
        ending.abort();
        server.closeAllConnections();
      }, GRACE_MS);
      await Promise.all(underWay);
      clearTimeout(impatience);
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
  return url.startsWith(`${basePath}/`) ? 'ours' : 'elsewhere';
}

function turnAway(destination: keyof TurnedAway, incoming: IncomingMessage, outgoing: ServerResponse): void {
  const [status, message] =
    destination === 'wrongKey'
      ? [401, 'The recorder accepts only the key that it put into OPENAI_API_KEY. Read the key from there.']
      : [404, `The recorder serves only addresses below OPENAI_BASE_URL. Read the base URL from there.`];
  const error = { message, type: 'invalid_request_error', param: null, code: 'gateway_rollout_recorder' };
  incoming.resume();
  // Nothing will change by trying again.
  const headers = { 'content-type': 'application/json', 'x-should-retry': 'false' };
  outgoing.writeHead(status, headers).end(JSON.stringify({ error }));
}
