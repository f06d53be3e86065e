/** `npm start` where it cannot start: every problem is one line, and nothing listens. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createServer } from 'node:net';
import { text } from 'node:stream/consumers';
import { expect, it, onTestFinished } from 'vitest';
import { privateKey } from '../support/github/upstream.ts';
import { STATE_KEY } from '../support/start-app.ts';

async function start(env: Readonly<Record<string, string>>) {
  const child = spawn(process.execPath, ['app/main.ts'], { env, stdio: ['ignore', 'pipe', 'pipe'] });
  onTestFinished(() => void child.kill());
  const [out, errors, [code]] = await Promise.all([
    text(child.stdout),
    text(child.stderr),
    once(child, 'close') as Promise<[number | null]>,
  ]);
  return { code, out, errors };
}

it('says what is missing from the environment, a line each, and exits with 2', async () => {
  expect(await start({ APP_ID: '12345', WEBHOOK_SECRET: 'development' })).toMatchInlineSnapshot(`
    {
      "code": 2,
      "errors": "error: Neither PRIVATE_KEY nor PRIVATE_KEY_PATH is set; expected the .pem file from the App's settings page.
    error: WEBHOOK_SECRET is "development", which anyone can guess; choose a random one.
    error: STATE_KEY is not set; expected at least 32 random characters (\`openssl rand -hex 32\`).
    The App did not start. gateway-rollout app --help links to its variables.
    ",
      "out": "",
    }
  `);
});

it('says that its port is taken, and exits with 1', async () => {
  const taken = createServer().listen(0, '127.0.0.1');
  onTestFinished(() => void taken.close());
  await once(taken, 'listening');
  const port = String(Object(taken.address()).port);
  const { code, out } = await start({
    APP_ID: '12345',
    PRIVATE_KEY: privateKey(),
    WEBHOOK_SECRET: 'a-long-enough-webhook-secret',
    STATE_KEY,
    HOST: '127.0.0.1',
    PORT: port,
  });
  expect(code).toBe(1);
  const lines = out.trim().split('\n');
  expect(lines).toHaveLength(1);
  expect(JSON.parse(lines[0] ?? '')).toMatchObject({
    level: 60,
    msg: `The App cannot listen on 127.0.0.1:${port}.`,
  });
});
