/** Starts a real PostgreSQL with its own data, on a free port of the loopback interface. */
import { execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { chmodSync, chownSync, existsSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import postgres from 'postgres';

/** Debian keeps each version's programs in a folder of its own. */
const VERSIONS = '/usr/lib/postgresql';

function programs(): string | null {
  const version = existsSync(VERSIONS)
    ? readdirSync(VERSIONS).sort((a, b) => Number(b) - Number(a))[0]
    : undefined;
  const folder = version === undefined ? null : path.join(VERSIONS, version, 'bin');
  return folder !== null && existsSync(path.join(folder, 'initdb')) ? folder : null;
}

/** Whether PostgreSQL is installed; says so loudly where it is not. */
export function postgresIsInstalled(): boolean {
  if (programs() !== null) return true;
  process.stderr.write(
    '\n!!! SKIPPED: the tests against a real PostgreSQL did not run: initdb not found.\n' +
      '!!! Install it: apt-get install postgresql\n\n',
  );
  return false;
}

export interface RunningPostgres {
  readonly url: string;
  /** A role that may only read. */
  readonly user: string;
  readonly password: string;
  /** Runs statements with all rights. */
  run(statements: string): Promise<string>;
  stop(): Promise<void>;
}

export async function startPostgres(): Promise<RunningPostgres> {
  const bin = programs();
  if (bin === null) throw new Error('PostgreSQL is not installed.');
  const directory = mkdtempSync(path.join(tmpdir(), 'postgres-'));
  // It refuses to run as root.
  const nobody = process.getuid?.() === 0 ? idsOf('nobody') : null;
  if (nobody !== null) chownSync(directory, nobody.uid, nobody.gid);
  const owner = nobody ?? {};
  chmodSync(directory, 0o700);
  const data = path.join(directory, 'data');
  const [user, password] = ['reader', 'a-password-1234567890'];
  execFileSync(
    path.join(bin, 'initdb'),
    ['-D', data, '-U', 'owner', '-A', 'trust', '--no-sync', '-E', 'UTF8', '--locale=C'],
    {
      ...owner,
      cwd: directory,
      stdio: 'pipe',
    },
  );
  writeFileSync(
    path.join(data, 'pg_hba.conf'),
    'host all owner 127.0.0.1/32 trust\nhost all all 127.0.0.1/32 scram-sha-256\n',
  );
  const port = await freePort();
  const settings = {
    listen_addresses: '127.0.0.1',
    port,
    unix_socket_directories: '',
    fsync: 'off',
    timezone: 'Asia/Tokyo',
  };
  const child = spawn(
    path.join(bin, 'postgres'),
    ['-D', data, ...Object.entries(settings).flatMap(([name, value]) => ['-c', `${name}=${value}`])],
    { ...owner, cwd: directory, stdio: 'ignore' },
  );
  const sql = postgres(`postgres://owner@127.0.0.1:${port}/postgres`, { max: 1, onnotice: () => {} });
  for (let tries = 0; ; tries += 1) {
    try {
      await sql`SELECT 1`;
      break;
    } catch (error) {
      if (tries > 200 || child.exitCode !== null) throw error;
      await sleep(50);
    }
  }
  await sql.unsafe(`CREATE ROLE ${user} LOGIN PASSWORD '${password}'; GRANT pg_read_all_data TO ${user}`);
  return {
    url: `postgres://127.0.0.1:${port}/postgres`,
    user,
    password,
    async run(statements) {
      return [...(await sql.unsafe(statements))].flatMap(Object.values).join('\n');
    },
    async stop() {
      await sql.end();
      child.kill('SIGINT');
      if (child.exitCode === null) await once(child, 'exit');
      rmSync(directory, { recursive: true, force: true });
    },
  };
}

function idsOf(name: string): { readonly uid: number; readonly gid: number } {
  const id = (flag: string) => Number(execFileSync('id', [flag, name], { encoding: 'utf8' }));
  return { uid: id('-u'), gid: id('-g') };
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  server.close();
  await once(server, 'close');
  return typeof address === 'object' && address !== null ? address.port : 0;
}
