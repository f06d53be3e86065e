import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, it, onTestFinished } from 'vitest';
import { temporaryDirectory } from '../support/files.ts';
import { Production } from './production.ts';
import { sampleFiles, writeFiles } from './sample-application.ts';
import { startUpstream, type Upstream } from './servers.ts';

const HALF_A_DAY = { from: Date.UTC(2026, 2, 2, 8), to: Date.UTC(2026, 2, 2, 20) };
const USERS = 60;

interface Started {
  readonly production: Production;
  readonly official: Upstream;
  readonly gateway: Upstream;
  records(): Promise<readonly Line[]>;
}

/** What these tests read of a record. */
interface Line {
  /** Milliseconds since 1970. */
  readonly ts: number;
  readonly arm: string;
  readonly status: number;
  readonly input_tokens: number;
  readonly output_tokens: number;
  readonly shadow?: boolean;
}

/** The application with two servers, and this share of its users on the gateway. */
async function startProduction(share: number, shadow = 0): Promise<Started> {
  const directory = temporaryDirectory();
  const files = await sampleFiles();
  await writeFiles(directory, files);
  const [official, gateway] = await Promise.all([startUpstream(), startUpstream()]);
  const file = join(directory, 'requests.jsonl');
  const target = ({ baseUrl }: Upstream) => ({ baseUrl, apiKey: 'any key', headers: {} });
  const production = await Production.start({
    directory,
    records: file,
    access: { official: target(official), gateway: target(gateway) },
  });
  onTestFinished(async () => {
    await Promise.all([official.stop(), gateway.stop()]);
  });
  await production.deploy(`{ "gateway": ${share}, "shadow": ${shadow} }`);
  const records = async () =>
    (await readFile(file, 'utf8'))
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line));
  return { production, official, gateway, records };
}

it('sends each user to one arm, by the share, and records every request within the window', async () => {
  const { production, official, gateway, records } = await startProduction(50);
  const seen: number[] = [];
  const served = await production.serve(HALF_A_DAY, USERS, (answered) => seen.push(answered));
  expect(served.official + served.gateway).toBe(USERS);
  expect(served.failed).toBe(0);
  expect([official.requests().length, gateway.requests().length]).toEqual([served.official, served.gateway]);
  expect(Math.min(served.official, served.gateway)).toBeGreaterThan(USERS / 5);
  expect(seen.at(-1)).toBe(USERS);
  const lines = await records();
  const times = lines.map(({ ts }) => ts);
  expect(times).toHaveLength(USERS);
  expect(Math.min(...times)).toBeGreaterThanOrEqual(HALF_A_DAY.from);
  expect(Math.max(...times)).toBeLessThan(HALF_A_DAY.to);
  // As in most products, questions are longer than answers, and each kind of question has its own cost.
  const sum = (tokens: readonly number[]) => tokens.reduce((whole, each) => whole + each, 0);
  const [input, output] = [
    sum(lines.map((each) => each.input_tokens)),
    sum(lines.map((each) => each.output_tokens)),
  ];
  expect(input).toBeGreaterThan(output);
  expect(new Set(lines.map((each) => each.input_tokens)).size).toBe(4);
});

it('fails only the gateway’s users while its key is disabled', async () => {
  const { production, gateway, records } = await startProduction(50);
  const served = await production.serve(HALF_A_DAY, USERS, () => undefined, ['key-disabled']);
  expect(served.failed).toBe(served.gateway);
  expect(gateway.requests()).toEqual([]);
  const failed = (await records()).filter(({ status }) => status !== 200);
  expect(failed).toHaveLength(served.gateway);
  expect(new Set(failed.map(({ arm }) => arm))).toEqual(new Set(['gateway']));
});

it('copies the requests in a stage of copies, and no user sees an answer of the gateway', async () => {
  const { production, official, gateway, records } = await startProduction(0, 100);
  const served = await production.serve(HALF_A_DAY, USERS, () => undefined, ['key-disabled@1-5']);
  expect(served).toEqual({ official: USERS, gateway: 0, copies: USERS, failed: 0 });
  expect([official.requests().length, gateway.requests().length]).toEqual([USERS, USERS - 5]);
  const failed = (await records()).filter(({ status }) => status !== 200);
  expect(failed.map(({ arm, shadow }) => [arm, shadow])).toEqual(Array(5).fill(['gateway', true]));
});
