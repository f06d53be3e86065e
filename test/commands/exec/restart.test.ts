import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import path from 'node:path';
import { expect, test } from 'vitest';
import { temporaryDirectory } from '../../support/files.ts';

const KEY = 'sk-real-0123456789abcdefghij';
const HEADER = 'tenant-token-8f3a77c1';
const SOURCES = path.resolve(import.meta.dirname, '../../../src');
/** What a program finds out about the process that started it; a debugger would listen after the signal. */
const SPY =
  'cat; kill -USR1 $PPID; sleep 0.2; tr "\\0" "\\n" </proc/$PPID/environ; tr "\\0" "\\n" </proc/$PPID/cmdline; env; exit 7';

const canRestart = existsSync('/proc/self/environ') && process.execve !== undefined;

test.runIf(canRestart)('the command line: the command finds no key in the environment of its parent', () => {
  const { status, stdout, stderr } = spawnSync(
    process.execPath,
    [`${SOURCES}/cli.ts`, 'exec', '--base-url', 'http://127.0.0.1:9/v1', '--', 'sh', '-c', SPY],
    {
      cwd: temporaryDirectory(),
      env: {
        PATH: process.env.PATH,
        GATEWAY_API_KEY: KEY,
        GATEWAY_TENANT: HEADER,
        COPY: `Bearer ${KEY}`,
        KEPT: 'kept $HOME "quoted"\nsecond line',
        'odd.name': 'kept too',
      },
      input: 'from standard input\n',
      encoding: 'utf8',
    },
  );
  expect(status).toBe(7);
  expect(stdout).toContain('from standard input');
  expect(stdout).toContain('OPENAI_BASE_URL=http://127.0.0.1:');
  expect(stdout).toContain('KEPT=kept $HOME "quoted"\nsecond line');
  for (const secret of [KEY, HEADER]) expect(stdout + stderr).not.toContain(secret);
  expect(stderr).toContain('0 requests to the gateway');
  expect(stderr).not.toContain('Debugger');
});

test.runIf(canRestart)('the Action: nor the inputs of its step, of any length', () => {
  const workspace = temporaryDirectory();
  const { status, stdout, stderr } = spawnSync(process.execPath, [`${SOURCES}/main.ts`], {
    cwd: workspace,
    env: {
      PATH: process.env.PATH,
      GITHUB_WORKSPACE: workspace,
      GITHUB_EVENT_NAME: 'push',
      INPUT_COMMAND: 'exec',
      'INPUT_API-KEY': KEY,
      'INPUT_APP-PRIVATE-KEY': `-----BEGIN ${'k'.repeat(50_000)}`,
      'INPUT_BASE-URL': 'http://127.0.0.1:9/v1',
      INPUT_RUN: SPY,
      INPUT_SUMMARY: 'false',
      ACTIONS_RUNTIME_TOKEN: HEADER,
    },
    input: '',
    encoding: 'utf8',
  });
  const shown = `${stdout}${stderr}`.replaceAll(/^::add-mask::.*$/gm, '');
  for (const secret of [KEY, HEADER, 'k'.repeat(100)]) expect(shown).not.toContain(secret);
  expect(shown).toContain('OPENAI_BASE_URL=http://127.0.0.1:');
  expect(shown).not.toContain('Debugger');
  expect(status).toBe(7);
});
