/** The App as a server: webhooks, `/healthz`, `/metrics`, and a tick at a fixed interval. */
import { once } from 'node:events';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { Logger } from 'pino';
import { Probot, type ProbotOctokit } from 'probot';
import type { Environment } from '../src/config/environment.ts';
import { createRolloutApp } from './app.ts';
import type { AppEnvironment } from './environment.ts';
import { type AppMetrics, createMetrics } from './metrics.ts';
import { AppOctokit } from './octokit.ts';
import { limitConnections, webhookIntake } from './webhook-intake.ts';

export interface ServerSettings {
  readonly environment: AppEnvironment;
  /** All environment variables, for the operator's metric sources. */
  readonly variables: Environment;
  readonly log: Logger;
  /** Milliseconds since 1970. */
  readonly now?: () => number;
  /** Another client, such as one without rate limits for tests. */
  readonly Octokit?: typeof ProbotOctokit;
}

export interface RunningServer {
  readonly url: string;
  readonly metrics: AppMetrics;
  /** Ticks every rollout now, as the scheduler does. */
  tick(): Promise<void>;
  /** Resolves when no work is in progress. */
  idle(): Promise<void>;
  /** Accepts no more webhooks, finishes the work in progress, and closes. */
  close(): Promise<void>;
}

/**
 * Starts the server; it is listening when the promise resolves. The first tick starts at once, and reconciles what was
 * missed while the server was down.
 * @throws Error where the port is in use
 */
export async function startServer(settings: ServerSettings): Promise<RunningServer> {
  const { environment, variables, log, now = Date.now } = settings;
  const { Octokit = AppOctokit } = settings;
  const { appId, privateKey, webhookSecret, stateKeys, baseUrl, host, port, tickInterval } = environment;
  const metrics = createMetrics();
  const rollouts = createRolloutApp({ stateKeys, now, environment: variables, metrics });
  const probot = new Probot({ appId, privateKey, secret: webhookSecret, baseUrl, log, Octokit });
  rollouts.register(probot);
  await probot.ready();
  const handleWebhook = webhookIntake({
    secret: webhookSecret,
    log,
    // Its handlers' errors are logged by Probot.
    receive: (delivery) => probot.webhooks.receive(delivery as never).catch(() => undefined),
  });
  const handleOperator = operatorHandler(metrics);
  const respond: Handler = async (request, response) => {
    if ((await handleOperator(request, response)) || (await handleWebhook(request, response))) return true;
    response.writeHead(404, { 'content-type': 'text/plain' }).end('Not found.\n');
    return true;
  };
  // Probot's own server replaces port 0 by 3000, and logs too much of every request.
  const server = createServer((request, response) => {
    respond(request, response).catch((error: unknown) => {
      log.error({ err: error }, 'A request failed.');
      if (!response.headersSent) response.writeHead(500);
      response.end();
    });
  });
  limitConnections(server);
  server.listen(port, host);
  await once(server, 'listening');
  const ticks = repeat(() => rollouts.tick(), tickInterval);
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

/** @returns whether it has handled the request */
type Handler = (request: IncomingMessage, response: ServerResponse) => Promise<boolean>;

/** For the operator of the server: is it up, and what are its metrics? */
function operatorHandler({ registry }: AppMetrics): Handler {
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

/** Does the work now, and again an interval after each run has ended, so that runs never overlap. */
function repeat(work: () => Promise<void>, interval: number): { stop(): Promise<void> } {
  let stopped = false;
  let timer: NodeJS.Timeout | undefined;
  let running = Promise.resolve();
  const run = (): void => {
    running = work().finally(() => {
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
