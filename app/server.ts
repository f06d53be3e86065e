/** The App as a server: webhooks, `/healthz`, `/metrics`, and a tick every few minutes. */
import { once } from 'node:events';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { Logger } from 'pino';
import { Probot, ProbotOctokit } from 'probot';
import { createRolloutApp } from './app.ts';
import { RETRY } from './contents.ts';
import type { AppEnvironment, Environment } from './environment.ts';
import { type AppMetrics, createMetrics } from './metrics.ts';

export interface ServerSettings {
  readonly environment: AppEnvironment;
  /** The whole environment, for the metric sources that the operator configured. */
  readonly variables: Environment;
  readonly log: Logger;
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
  const probot = new Probot({ appId, privateKey, secret: webhookSecret, baseUrl, log, Octokit });
  rollouts.register(probot);
  const takeWebhook = await probot.getNodeMiddleware();
  // Probot's own server takes port 0 for 3000, and logs every request at length.
  const server = createServer((request, response) => {
    answer(request, response, [answerOperator(metrics), takeWebhook]).catch((error: unknown) => {
      log.error({ err: error }, 'A request could not be answered.');
      if (!response.headersSent) response.writeHead(500);
      response.end();
    });
  });
  server.listen(port, host);
  await once(server, 'listening');
  const ticks = everyOnce(() => rollouts.tick(), tickInterval);
  const address = server.address();
  const openPort = typeof address === 'object' && address !== null ? address.port : port;
  return {
    url: `http://${host}:${openPort}`,
    metrics,
    tick: () => rollouts.tick(),
    idle: () => rollouts.idle(),
    async close() {
      await ticks.stop();
      const closed = once(server, 'close');
      server.close();
      server.closeIdleConnections();
      await closed;
      await rollouts.idle();
    },
  };
}

/** Answers a request, or says that it is for another one. */
type Handler = (request: IncomingMessage, response: ServerResponse) => Promise<boolean>;

/** The first handler that answers has answered. */
async function answer(
  request: IncomingMessage,
  response: ServerResponse,
  handlers: readonly Handler[],
): Promise<void> {
  for (const handler of handlers) {
    if (await handler(request, response)) return;
  }
  response.writeHead(404, { 'content-type': 'text/plain' }).end('There is nothing here.\n');
}

/** The two questions of those who run the server: is it up, and how does it fare? */
function answerOperator({ registry }: AppMetrics): Handler {
  return async ({ method, url }, response) => {
    if (method !== 'GET') return false;
    const [path] = (url ?? '').split('?');
    if (path === '/healthz') {
      response.writeHead(200, { 'content-type': 'text/plain' }).end('ok\n');
      return true;
    }
    if (path !== '/metrics') return false;
    response.writeHead(200, { 'content-type': registry.contentType }).end(await registry.metrics());
    return true;
  };
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
