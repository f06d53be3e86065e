import { once } from 'node:events';
import { createServer } from 'node:net';
import { userInfo } from 'node:os';
import { afterEach, expect, it, vi } from 'vitest';
import { postgresql } from '../../../../src/measure/sources/sql/postgres.ts';

afterEach(() => vi.unstubAllEnvs());

const OTHERS = {
  PGHOST: '203.0.113.7',
  PGPORT: '1',
  PGUSER: 'other-user',
  PGUSERNAME: 'other-username',
  PGPASSWORD: 'other-password',
  PGDATABASE: 'other-database',
  PGSSL: 'require',
};

const ASKS_FOR_PASSWORD = Buffer.from([0x52, 0, 0, 0, 8, 0, 0, 0, 3]);

const fields = 'SFATAL\0C28P01\0Mno\0\0';
const REFUSED = Buffer.concat([Buffer.from([0x45, 0, 0, 0, 4 + fields.length]), Buffer.from(fields)]);

/** What the driver sends to a server that asks for the password in clear text. */
async function sentTo(address: string, auth: Parameters<typeof postgresql>[0]['auth']): Promise<string[]> {
  const pieces: string[] = [];
  const server = createServer((socket) => {
    socket.on('error', () => undefined);
    socket.on('data', (piece) => {
      pieces.push(piece.toString('latin1').replaceAll('\0', ' '));
      if (pieces.length === 1) socket.write(ASKS_FOR_PASSWORD);
      else socket.end(REFUSED);
    });
  });
  await once(server.listen(0, '127.0.0.1'), 'listening');
  const { port } = server.address() as { port: number };
  const baseUrl = address.replace('HOST', `127.0.0.1:${port}`);
  const engine = postgresql({ baseUrl, auth, setting: 'SQL_URL', patience: { attempts: 1 } });
  await engine.run('SELECT 1', { from: 0, to: 1, windowFrom: 0, windowTo: 1 }, undefined);
  server.close();
  return pieces;
}

it.each([
  ['postgres://HOST/logs', { kind: 'basic', user: 'reader', password: 'own' }, 'reader', 'own'],
  ['postgres://reader:o%40wn@HOST/logs', { kind: 'none' }, 'reader', 'o@wn'],
  ['postgres://reader@HOST/logs', { kind: 'none' }, 'reader', ''],
  ['postgres://reader:100%@HOST/logs', { kind: 'none' }, 'reader', '100%'],
] as const)(
  'sends the credentials of %s, and none of PGPASSWORD and its like',
  async (url, auth, user, password) => {
    for (const [name, value] of Object.entries(OTHERS)) vi.stubEnv(name, value);
    const sent = await sentTo(url, auth);
    expect(sent[0]).toContain(`user ${user} `);
    expect(sent[0]).toContain('database logs ');
    expect(sent[1]?.slice(5)).toBe(`${password} `);
    expect(sent.join()).not.toContain('other-');
  },
);

it('takes no user and no database from the environment either', async () => {
  for (const [name, value] of Object.entries(OTHERS)) vi.stubEnv(name, value);
  const sent = await sentTo('postgres://HOST', { kind: 'none' });
  expect(sent[0]).toContain(`user ${userInfo().username} `);
  expect(sent.join()).not.toContain('other-');
});
