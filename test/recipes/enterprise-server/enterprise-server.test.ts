/** The App's server and the Action with a GitHub at `https://<host>/api/v3`, whose certificate has its own authority. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { writeFileSync } from 'node:fs';
import { type IncomingMessage, request, type ServerResponse } from 'node:http';
import { join, resolve } from 'node:path';
import { parseEnv } from 'node:util';
import { describe, expect, it, onTestFinished, vi } from 'vitest';
import { parse } from 'yaml';
import { serveTls } from '../../gateway/loopback.ts';
import { bareEnvironment } from '../../support/bundle.ts';
import { selfSignedCertificate } from '../../support/certificates.ts';
import { temporaryDirectory } from '../../support/files.ts';
import { commitFiles } from '../../support/git.ts';
import { type Github, startGithub } from '../../support/github/github.ts';
import { startQuirkyGateway } from '../../support/quirky-gateway.ts';
import { runAction } from '../../support/run-action.ts';
import { STATE_KEY } from '../../support/start-app.ts';
import { recipeFile, recipeFiles } from '../recipe.ts';

const RECIPE = 'enterprise-server';
const MAIN = resolve(import.meta.dirname, '../../../app/main.ts');
const WORKFLOW = '.github/workflows/gateway-rollout.yml';
const MINUTE = 60_000;

/** An Enterprise Server, and the file with its certificate authority. */
async function startEnterpriseServer() {
  const github = await startGithub({ users: { alice: 'write' } });
  onTestFinished(() => github.close());
  const certificate = await selfSignedCertificate();
  const directory = temporaryDirectory();
  const authority = join(directory, 'company-ca.pem');
  writeFileSync(authority, certificate.cert);
  const url = await serveTls(certificate, (incoming, response) => pass(github, incoming, response));
  return { github, authority, directory, host: new URL(url).host, api: `${url}/api/v3` };
}

/** Forwards requests below `/api/v3`, and refuses others. */
function pass(github: Github, incoming: IncomingMessage, response: ServerResponse): void {
  const [, path] = /^\/api\/v3(\/.*)$/.exec(incoming.url ?? '') ?? [];
  if (path === undefined) {
    response.writeHead(406).end('An Enterprise Server has its API at /api/v3.');
    return;
  }
  const { method, headers } = incoming;
  const asked = request(github.url + path, { method, headers }, (answer) => {
    response.writeHead(answer.statusCode ?? 502, answer.headers);
    answer.pipe(response);
  });
  asked.once('error', () => response.destroy());
  incoming.pipe(asked);
}

/** Runs the App's server with the recipe's environment until the test ends. @returns reads its log so far */
function startApp(github: Github, changes: Readonly<Record<string, string>>): () => string {
  const env = {
    ...bareEnvironment(),
    ...parseEnv(recipeFile(RECIPE, 'deploy/app.env')),
    HOST: '127.0.0.1',
    PORT: '0',
    APP_ID: String(github.app.appId),
    PRIVATE_KEY: github.app.privateKey,
    WEBHOOK_SECRET: github.app.webhookSecret,
    STATE_KEY,
    ...changes,
  };
  const child = spawn(process.execPath, [MAIN], { env, stdio: ['ignore', 'pipe', 'pipe'] });
  const ended = once(child, 'exit');
  let log = '';
  for (const stream of [child.stdout, child.stderr]) {
    stream.setEncoding('utf8').on('data', (text: string) => {
      log += text;
    });
  }
  onTestFinished(async () => {
    child.kill('SIGKILL');
    await ended;
  });
  return () => log;
}

describe('the recipe for GitHub Enterprise Server', () => {
  it('the App on a server opens the rollout after a push', async () => {
    const { github, authority, host } = await startEnterpriseServer();
    const log = startApp(github, { GHE_HOST: host, NODE_EXTRA_CA_CERTS: authority });
    const url = await vi.waitUntil(() => /"url":"([^"]+)","msg":"The App is listening/.exec(log())?.[1], {
      timeout: MINUTE,
      interval: 50,
    });
    github.deliverTo(`${url}/api/github/webhooks`);
    await github.pushes(recipeFiles(RECIPE), { by: 'alice' });
    const open = async () => (await github.issues()).map(({ title }) => title);
    await vi.waitFor(async () => expect(await open()).toEqual(['Gateway rollout: shop']), {
      timeout: MINUTE,
    });
    expect(log()).not.toMatch(/"level":50/);
  });

  it('the Action hosts the App in a workflow', async () => {
    const { github, authority, directory, api } = await startEnterpriseServer();
    const { env, steps } = parse(recipeFile(RECIPE, WORKFLOW)).jobs.rollout;
    expect(Object.keys(env)).toEqual(['NODE_EXTRA_CA_CERTS']);
    await github.pushes(recipeFiles(RECIPE), { by: 'alice' });
    const { event = '', payload = {} } = github.deliveries().at(-1) ?? {};
    const { installation: _, ...sent } = Object(payload);
    // With the known authorities alone it fails: the rest works because of the extra one.
    await expect(fetch(api)).rejects.toMatchObject({ cause: { code: 'DEPTH_ZERO_SELF_SIGNED_CERT' } });
    const run = await runAction({
      workspace: directory,
      eventName: event,
      payload: sent,
      inputs: {
        ...steps[0].with,
        'app-id': String(github.app.appId),
        'app-private-key': github.app.privateKey,
        'state-key': STATE_KEY,
        'prometheus-url': 'https://prometheus.example.com',
        'prometheus-token': '',
      },
      environment: {
        GITHUB_API_URL: api,
        GITHUB_REPOSITORY: github.name,
        NODE_EXTRA_CA_CERTS: authority,
      },
    });
    expect([run.exitCode, run.outputs['reason-code']], run.log).toEqual([0, 'reconciled']);
    expect((await github.issues()).map(({ title }) => title)).toEqual(['Gateway rollout: shop']);
  });

  it('the check learns from the default branch where the key may go, if the job may read contents', async () => {
    const { github, authority, directory, api } = await startEnterpriseServer();
    const gateway = await startQuirkyGateway();
    onTestFinished(() => gateway.stop());
    const config = `gateway: { base_url: ${gateway.baseUrl} }\nmodels: [gpt-4o-mini]\n`;
    await github.pushes({ '.github/gateway-rollout.yml': config }, { by: 'alice' });
    const workspace = join(directory, 'checkout');
    commitFiles(workspace, { '.github/gateway-rollout.yml': config });
    const check = (token: string) =>
      runAction({
        workspace,
        inputs: { 'api-key': gateway.apiKey, 'github-token': token, only: 'auth' },
        environment: {
          GITHUB_API_URL: api,
          GITHUB_REF: 'refs/heads/feature',
          GITHUB_REPOSITORY: github.name,
          NODE_EXTRA_CA_CERTS: authority,
        },
      });
    const named = await check(github.jobToken({ contents: 'read' }));
    expect([named.outputs.verdict, named.exitCode], named.log).toEqual(['ready', 0]);
    const unread = await check(github.jobToken({}));
    expect(unread.outputs['reason-code']).toBe('new_address');
    expect(unread.outputs['new-address']).toContain('contents: read');
  });
});
