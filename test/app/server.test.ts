/** The server as operators run it: the real process's parts, before an emulated GitHub. */
import { createHmac } from 'node:crypto';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createLog } from '../../app/log.ts';
import { type RunningServer, startServer } from '../../app/server.ts';
import { type Github, startGithub } from '../support/github/github.ts';
import { environmentOf, STATE_KEY } from '../support/start-app.ts';

const CONFIG = 'gateway: { base_url: https://gateway.example/v1 }\nmodels: [gpt-4o-mini]\n';

let github: Github;
let server: RunningServer;
let lines: string[];

beforeEach(async () => {
  github = await startGithub({ repo: 'acme/shop', users: { alice: 'write' } });
  lines = [];
  const environment = environmentOf(github);
  server = await startServer({
    environment,
    variables: {},
    log: createLog('info', environment.secrets, { write: (line: string) => void lines.push(line) }),
  });
  await server.idle();
});

afterEach(async () => {
  await server.close();
  await github.close();
});

const get = (path: string) => fetch(`${server.url}${path}`);

describe('the server', () => {
  it('reports that it is up, and its metrics', async () => {
    expect(await (await get('/healthz')).text()).toBe('ok\n');
    const metrics = await get('/metrics');
    expect(metrics.headers.get('content-type')).toMatch(/^text\/plain/);
    expect(await metrics.text()).toContain('gateway_rollout_github_requests_total');
    expect((await get('/somewhere')).status).toBe(404);
  });

  it('accepts signed webhooks from GitHub, and counts them', async () => {
    github.deliverTo(`${server.url}/api/github/webhooks`);
    await github.pushes({ '.github/gateway-rollout.yml': CONFIG }, { by: 'alice' });
    await github.settled();
    await server.idle();
    expect((await github.issues()).map(({ title }) => title)).toEqual(['Gateway rollout: shop']);
    const metrics = await (await get('/metrics')).text();
    expect(metrics).toMatch(/events_total\{event="push[^}]*outcome="handled"\} 1/);
    expect(lines.join('')).not.toContain(STATE_KEY);
  });

  it('rejects webhooks that GitHub did not sign', async () => {
    const response = await fetch(`${server.url}/api/github/webhooks`, {
      method: 'POST',
      headers: {
        'content-type': 'application/json',
        'x-github-event': 'push',
        'x-github-delivery': 'd-1',
        'x-hub-signature-256': `sha256=${'0'.repeat(64)}`,
      },
      body: '{}',
    });
    expect(response.status).toBe(400);
  });

  it('reads no body above 25 MB, and logs one short line of what is not signed', async () => {
    const post = (body: Buffer | string | ReadableStream, headers: Record<string, string> = {}) =>
      fetch(`${server.url}/api/github/webhooks`, {
        method: 'POST',
        body,
        duplex: 'half',
        headers: { 'content-type': 'application/json', ...headers },
      } as RequestInit).then(
        ({ status }) => status,
        // The connection may be closed before all of the body is sent.
        () => 'closed',
      );
    const signed = {
      'x-github-event': 'push',
      'x-github-delivery': 'd-1',
      'x-hub-signature-256': `sha256=${'0'.repeat(64)}`,
    };
    const large = Buffer.alloc(26 * 1024 * 1024, 'a');
    const inPieces = () => {
      let left = 26;
      return new ReadableStream({
        pull(controller) {
          controller.enqueue(large.subarray(0, 1024 * 1024));
          left -= 1;
          if (left === 0) controller.close();
        },
      });
    };
    lines.length = 0;
    expect([413, 'closed']).toContain(await post(large, signed));
    expect([413, 'closed']).toContain(await post(inPieces(), signed));
    expect([400, 'closed']).toContain(await post(large));
    expect(await post('null', { ...signed, 'content-type': 'text/plain' })).toBe(415);
    expect(lines.join('')).toBe('');
    expect((await get('/healthz')).status).toBe(200);
  });

  it('refuses a signed body that is not a JSON object', async () => {
    for (const body of ['null', '{', '7']) {
      const signature = createHmac('sha256', environmentOf(github).webhookSecret).update(body).digest('hex');
      const response = await fetch(`${server.url}/api/github/webhooks`, {
        method: 'POST',
        body,
        headers: {
          'content-type': 'application/json',
          'x-github-event': 'push',
          'x-github-delivery': 'd-1',
          'x-hub-signature-256': `sha256=${signature}`,
        },
      });
      expect(response.status).toBe(400);
    }
  });

  it('reports a port that is in use', async () => {
    const { port } = new URL(server.url);
    const taken = startServer({
      environment: environmentOf(github, { port: Number(port) }),
      variables: {},
      log: createLog('info', [], { write: () => undefined }),
    });
    await expect(taken).rejects.toThrow(/EADDRINUSE/);
  });
});
