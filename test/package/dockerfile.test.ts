/** app/Dockerfile without Docker: its files are copied and its commands are run as its lines say. */
import { execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { cpSync, readFileSync } from 'node:fs';
import { createServer as createHttpServer } from 'node:http';
import { createServer, type Server } from 'node:net';
import path from 'node:path';
import { promisify } from 'node:util';
import { expect, it, onTestFinished } from 'vitest';
import { builtBundle } from '../support/bundle.ts';
import { temporaryDirectory } from '../support/files.ts';
import { privateKey } from '../support/github/upstream.ts';
import { STATE_KEY } from '../support/start-app.ts';

const root = path.resolve(import.meta.dirname, '../..');
const text = readFileSync(path.join(root, 'app/Dockerfile'), 'utf8');
const instructions = text
  .replace(/^#.*\n/gm, '')
  .replace(/\\\n/g, ' ')
  .split('\n')
  .flatMap((line) => {
    const [, name = '', rest = ''] = /^([A-Z]+)\s+(.+)$/.exec(line) ?? [];
    return name === '' ? [] : [{ name, rest }];
  });
const all = (name: string) => instructions.filter((each) => each.name === name).map(({ rest }) => rest);
const exec = (rest: string): string[] => JSON.parse(rest.slice(rest.indexOf('[')));

it('has one small base without root, and copies only what its context lets in', () => {
  expect(all('FROM')).toEqual([expect.stringMatching(/^node:24\S*-(alpine|slim)\S*$/)]);
  expect(all('USER')).toEqual([expect.stringMatching(/^[1-9]\d*:[1-9]\d*$/)]);
  const [everything, ...allowed] = readFileSync(path.join(root, 'app/Dockerfile.dockerignore'), 'utf8')
    .trim()
    .split('\n');
  expect(everything).toBe('*');
  const copied = all('COPY').flatMap((rest) => rest.split(/\s+/).slice(0, -1));
  expect(copied.map((name) => `!${name.replace(/\/$/, '')}`).sort()).toEqual(allowed.sort());
});

it('starts the server, whose health check passes while it runs and fails afterwards', async () => {
  const image = temporaryDirectory();
  for (const rest of all('COPY')) {
    const names = rest.split(/\s+/);
    const target = names.pop() ?? '';
    for (const name of names) {
      const from = name === 'dist/' ? builtBundle() : path.join(root, name);
      cpSync(from, path.join(image, target, target === name ? '' : name), { recursive: true });
    }
  }
  const variables = Object.fromEntries(
    all('ENV').flatMap((rest) => rest.split(/\s+/).map((each) => each.split('='))),
  );
  expect(variables).toMatchObject({ HOST: '0.0.0.0', PORT: all('EXPOSE')[0] });
  // Refuses at once, so that no request is repeated.
  const github = createHttpServer((_, response) => void response.writeHead(401).end('{}'));
  onTestFinished(() => void github.close());
  const env = {
    ...variables,
    // The test stays on the loopback interface.
    HOST: '127.0.0.1',
    PORT: await freePort(),
    APP_ID: '12345',
    PRIVATE_KEY: privateKey(),
    WEBHOOK_SECRET: 'a secret of the webhook',
    STATE_KEY,
    GHE_HOST: `127.0.0.1:${await listening(github)}`,
    GHE_PROTOCOL: 'http',
  };
  const [command = '', ...args] = exec(all('CMD').at(-1) ?? '');
  expect(command).toBe('node');
  const server = spawn(process.execPath, args, { cwd: image, env, stdio: ['ignore', 'pipe', 'inherit'] });
  onTestFinished(() => void server.kill('SIGKILL'));
  const healthy = () => {
    const [, ...check] = exec(all('HEALTHCHECK')[0] ?? '');
    return promisify(execFile)(process.execPath, check, { env }).then(
      () => true,
      () => false,
    );
  };
  const [first] = await Promise.race([once(server.stdout, 'data'), once(server, 'close')]);
  expect(String(first)).toContain('The App is listening');
  expect(await healthy()).toBe(true);
  server.kill('SIGTERM');
  expect(await once(server, 'close')).toEqual([0, null]);
  expect(await healthy()).toBe(false);
});

async function listening(server: Server): Promise<string> {
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return String(Object(server.address()).port);
}

async function freePort(): Promise<string> {
  const server = createServer();
  const port = await listening(server);
  server.close();
  await once(server, 'close');
  return port;
}
