import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { readdirSync } from 'node:fs';
import OpenAI from 'openai';
import { expect, it, onTestFinished } from 'vitest';
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

it('serves the official SDK with nothing but the base URL and the key that it prints', async () => {
  const child = spawn(process.execPath, ['test/demo/main.ts', '--serve'], {
    env: { PATH: process.env.PATH },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  onTestFinished(() => void child.kill('SIGKILL'));
  const [printed] = await once(child.stdout, 'data');
  const value = (name: string) => new RegExp(`^export ${name}=(\\S+)$`, 'm').exec(String(printed))?.[1] ?? '';
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
