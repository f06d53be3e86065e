/** The App as a server: webhooks, `/healthz`, `/metrics`, and a tick every few minutes. */
import type { IncomingMessage, ServerResponse } from 'node:http';
import { Probot, ProbotOctokit, Server } from 'probot';
import { createRolloutApp } from './app.ts';
import { RETRY } from './contents.ts';
import type { AppEnvironment, Environment } from './environment.ts';
import { type AppMetrics, createMetrics } from './metrics.ts';

export interface ServerSettings {
  readonly environment: AppEnvironment;
  /** The whole environment, for the metric sources that the operator configured. */
  readonly variables: Environment;
  readonly log: NonNullable<ConstructorParameters<typeof Probot>[0]>['log'];
  /** Milliseconds since 1970. */
  readonly now?: () => number;
  /** For other limits of speed; tests talk to a GitHub of their own. */
  readonly Octokit?: typeof ProbotOctokit;
}

export interface RunningServer {
  readonly url: string;
  readonly metrics: AppMetrics;
  /** Ticks every open rollout now, as the scheduler does. */
  tick(): Promise<void>;
  /** All work in hand is done. */
  idle(): Promise<void>;
  /** Takes no more webhooks, finishes what is in hand, and closes. */
  close(): Promise<void>;
}

/**
 * Starts the server; it listens when the promise is fulfilled. The first tick begins at once: it reconciles what
 * was missed while nobody listened.
 * @throws Error where the port is taken
 */
export async function startServer(settings: ServerSettings): Promise<RunningServer> {
  const { environment, variables, log, now = Date.now } = settings;
  const { Octokit = ProbotOctokit.defaults({ retry: RETRY }) } = settings;
  const { appId, privateKey, webhookSecret, stateKeys, baseUrl, host, port, tickInterval } = environment;
  const metrics = createMetrics();
  const rollouts = createRolloutApp({ stateKeys, now, environment: variables, metrics });
  const options = { appId, privateKey, secret: webhookSecret, baseUrl, log, Octokit };
  const server = new Server({
    host,
    port,
    log,
    Probot: Probot.defaults(options),
    enableStaticFiles: false,
    enablePing: false,
  });
  await server.load((probot, { addHandler }) => {
    rollouts.register(probot);
    addHandler((request, response) => answerOperator(request, response, metrics));
  });
  const listening = await server.start();
  const ticks = everyOnce(() => rollouts.tick(), tickInterval);
  const address = listening.address();
  const openPort = typeof address === 'object' && address !== null ? address.port : port;
  return {
    url: `http://${host}:${openPort}`,
    metrics,
    tick: () => rollouts.tick(),
    idle: () => rollouts.idle(),
    async close() {
      await ticks.stop();
      await server.stop();
      await rollouts.idle();
    },
  };
}

/** Answers the two questions of those who run the server; anything else is for other handlers. */
async function answerOperator(
  { method, url }: IncomingMessage,
  response: ServerResponse,
  { registry }: AppMetrics,
): Promise<boolean> {
  if (method !== 'GET') return false;
  const [path] = (url ?? '').split('?');
  if (path === '/healthz') {
    response.writeHead(200, { 'content-type': 'text/plain' }).end('ok\n');
    return true;
  }
  if (path !== '/metrics') return false;
  response.writeHead(200, { 'content-type': registry.contentType }).end(await registry.metrics());
  return true;
}

/** Runs the task now and then again an interval after each end, so that no two runs overlap. */
function everyOnce(task: () => Promise<void>, interval: number): { stop(): Promise<void> } {
  let stopped = false;
  let timer: NodeJS.Timeout | undefined;
  let running = Promise.resolve();
  const run = (): void => {
    running = task().finally(() => {
      if (!stopped) timer = setTimeout(run, interval);
    });
  };
  run();
  return {
    stop() {
      stopped = true;
      clearTimeout(timer);
      return running;
    },
  };
}
