import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { readdirSync } from 'node:fs';
import { expect, it } from 'vitest';
import { temporaryDirectory } from '../support/files.ts';

it('lists the options when one is misspelt', () => {
  const { status, stderr } = spawnSync(process.execPath, ['test/demo/main.ts', '--fats'], {
    encoding: 'utf8',
  });
  expect(status).toBe(2);
  expect(stderr).toBe("error: Unknown option '--fats'. Use --fast, --keep, --serve, --help or no option.\n");
});

it('shows its options within 80 columns', () => {
  const { status, stdout } = spawnSync(process.execPath, ['test/demo/main.ts', '--help'], {
    encoding: 'utf8',
  });
  expect(status).toBe(0);
  for (const option of ['--fast', '--keep', '--serve']) expect(stdout).toContain(option);
  expect(stdout.split('\n').filter((line) => line.length > 80)).toEqual([]);
});

it('leaves nothing behind when Ctrl-C ends it', async () => {
  const folder = temporaryDirectory();
  const child = spawn(process.execPath, ['test/demo/main.ts', '--fast'], {
    env: { PATH: process.env.PATH, TMPDIR: folder },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const [said] = await once(child.stdout, 'data');
  expect(String(said)).toContain('A sample application moves');
  expect(readdirSync(folder)).toHaveLength(1);
  child.kill('SIGINT');
  expect(await once(child, 'exit')).toEqual([130, null]);
  expect(readdirSync(folder)).toEqual([]);
});
