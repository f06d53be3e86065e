/** A real nginx with the recipe's files: two servers with verified certificates, and shares that change. */
import { execFileSync, spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { chmodSync, readFileSync, writeFileSync } from 'node:fs';
import { Agent, request } from 'node:http';
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import { closedPort } from '../../gateway/loopback.ts';
import { certificateFor } from '../../support/certificates.ts';
import { sharedDirectory, writeFiles } from '../../support/files.ts';
import { atShare, recipeFiles } from '../recipe.ts';
import { type ArmServer, startArm } from '../tls-arm.ts';

const RECIPE = 'nginx';
/** From the system, not from a package. */
const NGINX = 'nginx';
const KEYS = { official: 'sk-official-0123456789', gateway: 'sk-gateway-0123456789' };
const USERS = Array.from({ length: 600 }, (_, index) => `user-${index}`);

/** Whether nginx is installed; prints a warning if not. */
function nginxIsInstalled(): boolean {
  if (spawnSync(NGINX, ['-v']).error === undefined) return true;
  process.stderr.write(
    '\n!!! SKIPPED: the recipe for nginx did not run: nginx not found.\n!!! Install it: apt-get install nginx-light\n\n',
  );
  return false;
}

describe.skipIf(!nginxIsInstalled())('the recipe for nginx', () => {
  const directory = sharedDirectory();
  let arms: Record<'official' | 'gateway', ArmServer>;
  let port: number;
  let stop = async () => {};
  const agent = new Agent({ keepAlive: true, maxSockets: 16 });
  const deployed = (name: string) => join(directory, 'deploy/nginx', name);
  const options = () => [
    '-p',
    join(directory, 'deploy/nginx/'),
    '-c',
    'nginx.conf',
    '-e',
    deployed('error.log'),
  ];

  beforeAll(async () => {
    const certificate = await certificateFor(['api.openai.com', 'gateway.example']);
    arms = { official: await startArm(certificate), gateway: await startArm(certificate) };
    port = await closedPort();
    writeFiles(directory, recipeFiles(RECIPE));
    writeFiles(directory, {
      'deploy/nginx/ca.pem': certificate.cert,
      'deploy/nginx/keys.conf': `map $arm $arm_key { official ${KEYS.official}; gateway ${KEYS.gateway}; }\n`,
      'deploy/nginx/nginx.conf': onThisMachine(readFileSync(deployed('nginx.conf'), 'utf8')),
    });
    chmodSync(deployed('set-share'), 0o755);
    stop = await startNginx();
  });
  afterAll(async () => {
    agent.destroy();
    await stop();
    await Promise.all(Object.values(arms).map((arm) => arm.stop()));
  });
  beforeEach(() => forget());

  /** Changes only the addresses and where nginx may write. */
  function onThisMachine(config: string): string {
    const writable = ['client_body', 'proxy', 'fastcgi', 'uwsgi', 'scgi'].map(
      (name) => `${name}_temp_path ${name};`,
    );
    return `pid nginx.pid; worker_processes 1; daemon off;\n${config}`
      .replace('http {', `http {\n${writable.join('\n')}`)
      .replace('server api.openai.com:443', `server 127.0.0.1:${arms.official.port}`)
      .replace('server gateway.example:443', `server 127.0.0.1:${arms.gateway.port}`)
      .replace('/etc/ssl/certs/ca-certificates.crt', 'ca.pem')
      .replace('127.0.0.1:8080', `127.0.0.1:${port}`);
  }

  async function startNginx(): Promise<() => Promise<void>> {
    const child = spawn(NGINX, options(), { stdio: 'ignore' });
    const ended = once(child, 'exit');
    await vi.waitFor(async () => expect((await ask('nobody')).status).toBe(200), { timeout: 10_000 });
    return async () => {
      child.kill('SIGTERM');
      await ended;
    };
  }

  function ask(user: string): Promise<{ status: number | undefined; arm: unknown }> {
    return new Promise((resolve, reject) => {
      const headers = { 'x-user': user, authorization: 'Bearer of-the-program' };
      const asked = request({ port, host: '127.0.0.1', path: '/v1/models?from=test', headers, agent });
      asked.once('error', reject).once('response', (response) => {
        response.resume().once('end', () => {
          resolve({ status: response.statusCode, arm: response.headers['x-llm-arm'] });
        });
      });
      asked.end();
    });
  }

  /** Each user's arm by nginx's header, which must be where the request arrived. */
  async function everybodyAsks(): Promise<ReadonlyMap<string, unknown>> {
    const answers = await Promise.all(USERS.map(async (user) => [user, (await ask(user)).arm] as const));
    return new Map(answers);
  }

  function forget(): void {
    for (const arm of Object.values(arms)) arm.keys.length = 0;
  }

  /** Does what the App and the team's deployment do. nginx starts new workers; the old ones accept no new connections. */
  async function delivers(share: number): Promise<void> {
    writeFileSync(deployed('share.json'), atShare(RECIPE, share));
    const before = workers();
    execFileSync(deployed('set-share'), options(), { stdio: 'pipe' });
    await vi.waitFor(() => expect(workers().filter((worker) => before.includes(worker))).toEqual([]), {
      timeout: 10_000,
    });
    // Kept-alive connections belong to the old workers.
    agent.destroy();
  }

  function workers(): readonly string[] {
    const master = readFileSync(deployed('nginx.pid'), 'utf8').trim();
    return readFileSync(`/proc/${master}/task/${master}/children`, 'utf8').trim().split(' ');
  }

  it('sends everything to the official API at 0 %, with its key', async () => {
    await delivers(0);
    await everybodyAsks();
    expect([arms.official.keys.length, arms.gateway.keys.length]).toEqual([600, 0]);
    expect(new Set(arms.official.keys)).toEqual(new Set([`Bearer ${KEYS.official}`]));
  });

  it('keeps each user on one arm, only moves new ones as the share grows, and moves all back', async () => {
    await delivers(25);
    const at25 = await everybodyAsks();
    const moved = USERS.filter((user) => at25.get(user) === 'gateway');
    expect(arms.gateway.keys.length).toBe(moved.length);
    // Four standard deviations of a fair split: √(600 × 0.25 × 0.75) = 10.6.
    expect(Math.abs(moved.length - 150)).toBeLessThanOrEqual(42);
    expect(new Set(arms.gateway.keys)).toEqual(new Set([`Bearer ${KEYS.gateway}`]));
    expect(await everybodyAsks()).toEqual(at25);
    await delivers(50.25);
    const at50 = await everybodyAsks();
    expect(moved.filter((user) => at50.get(user) !== 'gateway')).toEqual([]);
    await delivers(100);
    expect(new Set((await everybodyAsks()).values())).toEqual(new Set(['gateway']));
    await delivers(0);
    expect(new Set((await everybodyAsks()).values())).toEqual(new Set(['official']));
  });

  it('refuses an invalid share, and keeps the last one', async () => {
    await delivers(100);
    for (const wrong of ['{ "gateway": 101 }', '{ "gateway": "5; }" }', '{}']) {
      writeFileSync(deployed('share.json'), wrong);
      const ended = spawnSync(deployed('set-share'), options(), { encoding: 'utf8' });
      expect([ended.status, ended.stderr]).toEqual([
        1,
        expect.stringContaining('expected percent from 0 to 100'),
      ]);
    }
    expect(await ask('anybody')).toEqual({ status: 200, arm: 'gateway' });
  });

  it('names the arm in its own errors', async () => {
    await delivers(100);
    await arms.gateway.stop();
    expect(await ask('anybody')).toEqual({ status: 502, arm: 'gateway' });
    await delivers(0);
    expect(await ask('anybody')).toEqual({ status: 200, arm: 'official' });
  });

  it('logs the arm, but no key and no query', async () => {
    await ask('anybody');
    const requests = readFileSync(deployed('access.log'), 'utf8');
    const all = requests + readFileSync(deployed('error.log'), 'utf8');
    expect(requests.trimEnd().split('\n').at(-1)).toMatch(
      / (official|gateway) 200 [\d.]+ "GET \/v1\/models"$/,
    );
    expect([...Object.values(KEYS), 'of-the-program'].filter((secret) => all.includes(secret))).toEqual([]);
    expect(requests.includes('from=test')).toBe(false);
  });
});
