import { writeFile } from 'node:fs/promises';
import { networkInterfaces } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { sharedDirectory } from '../support/files.ts';
import { startOnLoopback } from './loopback-child.ts';

const folder = sharedDirectory();

const program = async (name: string, source: string) => {
  const path = join(folder, name);
  await writeFile(path, source);
  return path;
};
const server = (listen: string) =>
  `import { createServer } from 'node:http';
   createServer((_, response) => response.end(JSON.stringify(process.env))).listen(${listen});`;

describe('a third-party server', () => {
  it.each([
    ['on every address', `0, '0.0.0.0'`],
    ['on every address, by options', `{ port: 0, host: '::' }`],
    ['on no particular address', `'0', () => {}`],
  ])('that would listen %s listens on 127.0.0.1 only', async (name, listen) => {
    const child = await startOnLoopback(await program(`${name}.mjs`, server(listen)), []);
    const environment = await (await fetch(`http://127.0.0.1:${child.port}`)).json();
    expect(environment).toEqual({ NODE_ENV: 'production' });
    const others = Object.values(networkInterfaces())
      .flatMap((addresses) => addresses ?? [])
      .filter(({ address }) => address !== '127.0.0.1' && !address.startsWith('fe80'))
      .map(({ address, family }) => (family === 'IPv6' ? `[${address}]` : address));
    for (const host of others) {
      await expect(fetch(`http://${host}:${child.port}`), host).rejects.toThrow('fetch failed');
    }
    await child.stop();
    await expect(fetch(`http://127.0.0.1:${child.port}`)).rejects.toThrow('fetch failed');
  });

  it('that exits at once is reported with its standard error', async () => {
    const path = await program('failing.mjs', `console.error('no luck today'); process.exit(3);`);
    await expect(startOnLoopback(path, [])).rejects.toThrow(
      `${path} did not start: it ended with exit code 3. Expected a server on 127.0.0.1. ` +
        'Run `npm ci` and try again. Its standard error: no luck today',
    );
  });

  it('that ignores SIGTERM is killed', async () => {
    const source = `${server('0')}\nprocess.on('SIGTERM', () => {});`;
    const child = await startOnLoopback(await program('stubborn.mjs', source), []);
    await child.stop();
    await expect(fetch(`http://127.0.0.1:${child.port}`)).rejects.toThrow('fetch failed');
  });
});
