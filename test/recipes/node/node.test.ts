/** The service as a process of its own, while the App's target writes the share that it reads. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { createInterface } from 'node:readline';
import { expect, it, onTestFinished } from 'vitest';
import { parseRecord } from '../../../src/measure/parse-record.ts';
import { startArmServer } from '../../client/arm-server.ts';
import { temporaryDirectory } from '../../support/files.ts';
import { atShare } from '../recipe.ts';

/** Each line asks as 40 users, and answers with a line. */
const PROGRAM = `
import { createInterface } from 'node:readline';
import { ask } from ${JSON.stringify(path.join(import.meta.dirname, 'src/assistant.ts'))};
for await (const _ of createInterface({ input: process.stdin })) {
  const answers = await Promise.all(Array.from({ length: 40 }, (_, user) => ask('user-' + user, 'I am ' + user + '.')));
  console.log([...new Set(answers)].join());
}
`;

it('moves as many users as the share says, keeps them as it grows, and takes all back', async () => {
  const [official, gateway] = await Promise.all([startArmServer(), startArmServer()]);
  const directory = temporaryDirectory();
  const file = path.join(directory, 'share.json');
  const records = path.join(directory, 'records.jsonl');
  writeFileSync(file, atShare('node', 0));
  const child = spawn(process.execPath, ['--input-type=module', '-e', PROGRAM], {
    env: {
      OPENAI_BASE_URL: official.baseUrl,
      OPENAI_API_KEY: 'sk-official',
      GATEWAY_BASE_URL: gateway.baseUrl,
      GATEWAY_API_KEY: 'sk-gateway',
      ROLLOUT_SHARE: file,
      ROLLOUT_RECORDS: records,
    },
    stdio: ['pipe', 'pipe', 'inherit'],
  });
  onTestFinished(async () => {
    child.kill();
    await Promise.all([official.stop(), gateway.stop()]);
  });
  const answers = createInterface({ input: child.stdout });
  const moved = async (): Promise<ReadonlySet<string>> => {
    gateway.received.length = 0;
    child.stdin.write('\n');
    expect(await once(answers, 'line')).toEqual(['Hello there.']);
    return new Set(gateway.received.map(({ body }) => JSON.stringify(body.messages)));
  };
  const after = async (share: number, isThere: (count: number) => boolean) => {
    writeFileSync(file, atShare('node', share));
    await expect
      .poll(async () => isThere((await moved()).size), { timeout: 5_000, interval: 200 })
      .toBe(true);
    return moved();
  };
  expect((await moved()).size).toBe(0);
  const few = await after(25, (count) => count > 0 && count < 25);
  const more = await after(75, (count) => count > 20 && count < 40);
  expect([...few].filter((user) => !more.has(user))).toEqual([]);
  expect((await after(100, (count) => count === 40)).size).toBe(40);
  expect((await after(0, (count) => count === 0)).size).toBe(0);
  child.stdin.end();
  await once(child, 'close');
  const lines = readFileSync(records, 'utf8').trim().split('\n');
  expect(lines.filter((line) => !parseRecord(Buffer.from(line)).ok)).toEqual([]);
  expect(lines).toHaveLength(
    official.received.length + lines.filter((line) => line.includes('"gateway"')).length,
  );
});
