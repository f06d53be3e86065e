/** Starts a real ClickHouse, on a free port of the loopback interface. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { realTool } from './real-tools.ts';

const TOOL = realTool('chdb');

/** Whether chdb, the embedded ClickHouse, is installed. */
export const clickhouseIsInstalled = (): boolean => TOOL !== null;

const PROGRAM = fileURLToPath(new URL('./clickhouse-server.ts', import.meta.url));

export interface RunningClickhouse {
  readonly url: string;
  readonly user: string;
  readonly password: string;
  /** Runs a statement with all rights. */
  run(statement: string): Promise<string>;
  stop(): Promise<void>;
}

export async function startClickhouse(): Promise<RunningClickhouse> {
  const data = mkdtempSync(path.join(tmpdir(), 'clickhouse-'));
  const [user, password] = ['reader', 'a-password-1234567890'];
  const child = spawn(process.execPath, [PROGRAM, TOOL ?? '', data, user, password], {
    stdio: ['pipe', 'pipe', 'inherit'],
  });
  const [port] = await once(child.stdout, 'data');
  const url = `http://127.0.0.1:${String(port).trim()}`;
  const authorization = `Basic ${Buffer.from(`${user}:${password}`).toString('base64')}`;
  return {
    url,
    user,
    password,
    async run(statement) {
      const response = await fetch(url, { method: 'POST', body: statement, headers: { authorization } });
      const text = await response.text();
      if (!response.ok) throw new Error(text);
      return text;
    },
    async stop() {
      child.stdin.end();
      await once(child, 'exit');
      rmSync(data, { recursive: true, force: true });
    },
  };
}
