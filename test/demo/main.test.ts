import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { readdirSync } from 'node:fs';
import path from 'node:path';
import OpenAI from 'openai';
import { expect, it, onTestFinished } from 'vitest';
import { temporaryDirectory, tree } from '../support/files.ts';

it('lists the options when one is misspelt', () => {
  const { status, stderr } = spawnSync(process.execPath, ['test/demo/main.ts', '--fats'], {
    encoding: 'utf8',
  });
  expect(status).toBe(2);
  expect(stderr).toBe(
    "error: Unknown option '--fats'. Use --fast, --keep, --serve, --issue FOLDER, --help or no option.\n",
  );
});

it('shows its options within 80 columns', () => {
  const { status, stdout } = spawnSync(process.execPath, ['test/demo/main.ts', '--help'], {
    encoding: 'utf8',
  });
  expect(status).toBe(0);
  for (const option of ['--fast', '--keep', '--serve', '--issue']) expect(stdout).toContain(option);
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

it('serves the official SDK with nothing but the base URLs and the keys that it prints', async () => {
  const child = spawn(process.execPath, ['test/demo/main.ts', '--serve'], {
    env: { PATH: process.env.PATH },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  onTestFinished(() => void child.kill('SIGKILL'));
  const [printed] = await once(child.stdout, 'data');
  const value = (name: string) => new RegExp(`^export ${name}=(\\S+)$`, 'm').exec(String(printed))?.[1] ?? '';
  const official = new OpenAI({ baseURL: value('OFFICIAL_BASE_URL'), apiKey: value('OFFICIAL_API_KEY') });
  expect((await official.models.list()).data.map(({ id }) => id)).toContain('gpt-4o-mini');
  expect(value('OFFICIAL_BASE_URL')).not.toBe(value('OPENAI_BASE_URL'));
  const client = new OpenAI({ baseURL: value('OPENAI_BASE_URL'), apiKey: value('OPENAI_API_KEY') });
  const ask = { model: 'gpt-4o-mini', messages: [{ role: 'user' as const, content: 'Hello.' }] };
  const { choices } = await client.chat.completions.create(ask);
  expect(choices[0]?.message.content).toContain('Hello.');
  let text = '';
  for await (const chunk of await client.chat.completions.create({ ...ask, stream: true })) {
    text += chunk.choices[0]?.delta.content ?? '';
  }
  expect(text).toContain('Hello.');
  const stranger = client.withOptions({ apiKey: 'sk-another', maxRetries: 0 });
  await expect(stranger.chat.completions.create(ask)).rejects.toThrow('401');
  child.kill('SIGTERM');
  expect(await once(child, 'exit')).toEqual([0, null]);
});

it('opens the issue for a config that init wrote, and takes comments', async () => {
  const folder = tree({
    'ask.py': 'from openai import OpenAI\nOpenAI().chat.completions.create(model="gpt-4o", messages=[])\n',
  });
  const run = (script: string, ...args: readonly string[]) =>
    spawn(process.execPath, [path.resolve(script), ...args], {
      cwd: folder,
      env: { PATH: process.env.PATH },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
  expect(await once(run('src/cli.ts', 'init', '--no-app'), 'exit')).toEqual([0, null]);
  const before = readdirSync(folder, { recursive: true });
  const child = run('test/demo/main.ts', '--issue', '.');
  onTestFinished(() => void child.kill('SIGKILL'));
  let said = '';
  for await (const piece of child.stdout) {
    said += piece;
    if (said.includes('Ctrl-C')) break;
  }
  expect(said).toContain('#1 Gateway rollout: ');
  expect(said).toContain('workflow gateway-check.yml: green');
  const url = /http:\S+/.exec(said)?.[0] ?? '';
  const body = new URLSearchParams({ person: 'alice', text: '/advance-rollout' });
  const headers = { origin: new URL(url).origin };
  expect((await fetch(url, { method: 'POST', headers, body })).status).toBe(200);
  expect(await (await fetch(url)).text()).toContain('Stage 2 of 6: <strong>staging</strong>');
  child.kill('SIGTERM');
  expect(await once(child, 'exit')).toEqual([0, null]);
  expect(readdirSync(folder, { recursive: true })).toEqual(before);
});

it('names what is missing in a folder without a config', () => {
  const options = { encoding: 'utf8' } as const;
  const demo = ['test/demo/main.ts', '--issue', temporaryDirectory()];
  const { status, stderr } = spawnSync(process.execPath, demo, options);
  expect(status).toBe(1);
  expect(stderr).toContain('First run gateway-rollout init there.');
});
