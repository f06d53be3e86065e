/** The App as a server: webhooks, `/healthz`, `/metrics`, and a tick at a fixed interval. */
import { once } from 'node:events';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { setTimeout } from 'node:timers/promises';
import type { Logger } from 'pino';
import { Probot, type ProbotOctokit } from 'probot';
import type { Environment } from '../src/config/environment.ts';
import { createRolloutApp } from './app.ts';
import type { AppEnvironment } from './environment.ts';
import { type AppMetrics, createMetrics } from './metrics.ts';
import { AppOctokit } from './octokit.ts';
import { limitConnections, WEBHOOK_PATH, webhookIntake } from './webhook-intake.ts';

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
  const probot = new Probot({ appId, privateKey, secret: webhookSecret, baseUrl, log, Octokit });
  const rollouts = createRolloutApp(probot, { stateKeys, now, environment: variables, metrics });
  await probot.ready();
  const handleWebhook = webhookIntake({
    secret: webhookSecret,
    log,
    // Its handlers' errors are logged by Probot.
    receive: (delivery) => probot.webhooks.receive(delivery as never).catch(() => undefined),
  });
  const respond = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    const answer = (status: number, text: string, type = 'text/plain') =>
      void response.writeHead(status, { 'content-type': type }).end(text);
    const [path] = (request.url ?? '').split('?');
    switch (`${request.method} ${path}`) {
      case `POST ${WEBHOOK_PATH}`:
        return handleWebhook(request, response);
      case 'GET /healthz':
        return answer(200, 'ok\n');
      case 'GET /metrics':
        return answer(200, await metrics.registry.metrics(), metrics.registry.contentType);
      default:
        return answer(404, 'Not found.\n');
    }
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
  const stopped = new AbortController();
  const ticks = repeat(() => rollouts.tick(), tickInterval, stopped.signal);
  const address = server.address();
  const openPort = typeof address === 'object' && address !== null ? address.port : port;
  return {
    url: `http://${host}:${openPort}`,
    metrics,
    tick: () => rollouts.tick(),
    idle: () => rollouts.idle(),
    async close() {
      stopped.abort();
      await ticks;
      const closed = once(server, 'close');
      server.close();
      server.closeIdleConnections();
      await closed;
      await rollouts.idle();
    },
  };
}

/** Does the work now, and again an interval after each run has ended, so that runs never overlap. */
async function repeat(work: () => Promise<void>, interval: number, stopped: AbortSignal): Promise<void> {
  while (!stopped.aborted) {
    await work();
    await setTimeout(interval, undefined, { signal: stopped }).catch(() => undefined);
  }
}
