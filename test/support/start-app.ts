/** The real App, as its server runs it, connected to an emulated GitHub. */
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { Probot, type ProbotOctokit } from 'probot';
import { createRolloutApp } from '../../app/app.ts';
import { RETRY } from '../../app/contents.ts';
import type { AppEnvironment } from '../../app/environment.ts';
import { createLog } from '../../app/log.ts';
import { type AppMetrics, createMetrics } from '../../app/metrics.ts';
import { AppOctokit } from '../../app/octokit.ts';
import type { Wait } from '../../app/patience.ts';
import type { Github } from './github/github.ts';

const PATH = '/api/github/webhooks';

/** By default, the client writes at most once a second and waits seconds before a retry: too slow for tests. */
export function octokitFor({
  fetch: ask,
  retries,
}: Pick<AppOptions, 'fetch' | 'retries'>): typeof ProbotOctokit {
  return AppOctokit.defaults((options: ConstructorParameters<typeof ProbotOctokit>[0]) => ({
    ...options,
    throttle: { ...options?.throttle, enabled: false },
    retry: { ...RETRY, retryAfterBaseValue: 5, ...(retries === undefined ? {} : { retries }) },
    ...(ask === undefined ? {} : { request: { ...options?.request, fetch: ask } }),
  }));
}

/** Waits until neither GitHub nor the App has work left: each may give the other more. */
export async function bothSettled(github: Github, app: { idle(): Promise<void> }): Promise<void> {
  for (let seen = -1; seen !== github.requests().length; ) {
    await app.idle();
    await github.settled();
    seen = github.requests().length;
    await app.idle();
  }
}

export interface StartedApp {
  /** Where webhooks go. */
  readonly url: string;
  readonly metrics: AppMetrics;
  /** Its log, one object per line. */
  readonly logged: readonly Readonly<Record<string, unknown>>[];
  tick(): Promise<void>;
  idle(): Promise<void>;
  /** Accepts no more webhooks; work in progress continues. */
  disconnect(): Promise<void>;
  /** As when the process stops: what it remembered is lost. */
  close(): Promise<void>;
}

export interface AppOptions {
  /** Milliseconds since 1970. */
  readonly now: () => number;
  readonly environment?: Readonly<Record<string, string>>;
  readonly stateKeys?: readonly [string, ...string[]] | null;
  /** How requests reach GitHub; default over the network. */
  readonly fetch?: typeof fetch;
  /** How often the client asks again after an answer such as 502; default 3. */
  readonly retries?: number;
  /** How it waits for reads that lag behind; default not at all. */
  readonly wait?: Wait;
  /** The token of a job of GitHub Actions, instead of the App's key. */
  readonly jobToken?: string;
}

const JOB_IDENTITY = 'github-actions[bot]';

export const STATE_KEY = 'a state key that is long enough for tests';

/** What the environment of the App's server says of the emulated GitHub. It ticks once. */
export function environmentOf(github: Github, more: Partial<AppEnvironment> = {}): AppEnvironment {
  const { appId, privateKey, webhookSecret } = github.app;
  return {
    appId,
    privateKey,
    webhookSecret,
    stateKeys: [STATE_KEY],
    host: '127.0.0.1',
    port: 0,
    baseUrl: github.url,
    logLevel: 'info',
    tickInterval: 86_400_000,
    secrets: [privateKey, webhookSecret, STATE_KEY],
    ...more,
  };
}

export async function startApp(github: Github, options: AppOptions): Promise<StartedApp> {
  const logged: Record<string, unknown>[] = [];
  const log = createLog('info', [], { write: (line: string) => void logged.push(JSON.parse(line)) });
  const metrics = createMetrics();
  const { appId, privateKey, webhookSecret: secret } = github.app;
  const { jobToken } = options;
  const probot = new Probot({
    ...(jobToken === undefined ? { appId, privateKey } : { githubToken: jobToken }),
    secret,
    baseUrl: github.url,
    log,
    Octokit: octokitFor(options),
  });
  const { now, environment = {}, stateKeys = [STATE_KEY], wait = async () => undefined } = options;
  const asJob = jobToken === undefined ? {} : { identity: async () => JOB_IDENTITY, hasJobToken: true };
  const rollouts = createRolloutApp(probot, { stateKeys, now, environment, metrics, wait, ...asJob });
  await probot.ready();
  const middleware = await probot.getNodeMiddleware({ log, path: PATH });
  const server = createServer(middleware);
  server.keepAliveTimeout = 60_000;
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  /** What a job does on a schedule. */
  async function reconcile(): Promise<void> {
    const octokit = await probot.auth();
    const [owner = '', repo = ''] = github.name.split('/');
    const { data: facts } = await octokit.rest.repos.get({ owner, repo });
    await rollouts.reconcile(octokit, facts, null);
  }
  async function disconnect(): Promise<void> {
    server.closeAllConnections();
    if (server.listening) await new Promise((resolve) => server.close(resolve));
  }
  return {
    url: `http://127.0.0.1:${port}${PATH}`,
    metrics,
    logged,
    tick: jobToken === undefined ? () => rollouts.tick() : reconcile,
    idle: () => rollouts.idle(),
    disconnect,
    async close() {
      await disconnect();
      await rollouts.idle();
    },
  };
}
