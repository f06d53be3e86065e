/** `gateway-rollout/client` with the official SDK: 10,000 requests at 5 %, either arm failing, and what it adds. */
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import OpenAI from 'openai';
import { type RolloutOptions, rolloutFetch } from '../../src/client/index.ts';
import { type ArmServer, startArmServer } from '../client/arm-server.ts';
import { median, type Row } from './row.ts';

const REQUESTS = 10_000;
const SHARE = 5;
const ROUNDS = 20;
/** One at a time: the servers share this thread, and the time that one request waits for another is not its own. */
const LANES = 1;

export async function benchClient(): Promise<readonly Row[]> {
  const [official, gateway] = await Promise.all([startArmServer(), startArmServer()]);
  const directory = mkdtempSync(join(tmpdir(), 'gateway-rollout-bench-'));
  const share = join(directory, 'share.json');
  writeFileSync(share, `{ "gateway": ${SHARE} }`);
  const client = (name: string, fallback: RolloutOptions['fallback']) => {
    const records = join(directory, name);
    const arm = { baseUrl: gateway.baseUrl, apiKey: 'sk-gateway' };
    const fetch = rolloutFetch({ gateway: arm, share, records, fallback: fallback ?? 'none' });
    return {
      sdk: new OpenAI({ baseURL: official.baseUrl, apiKey: 'sk-official', fetch }),
      lines: () => readFileSync(records, 'utf8').split('\n').length - 1,
    };
  };
  try {
    const plain = new OpenAI({ baseURL: official.baseUrl, apiKey: 'sk-official' });
    const split = client('split.jsonl', 'none');
    await inLanes(400, async () => [await timeOf(plain), await timeOf(split.sdk)]);
    const warm = official.received.length + gateway.received.length - 400;
    forget(official, gateway);
    const rounds: { readonly alone: number; readonly added: number }[] = [];
    for (let round = 0; round < ROUNDS; round += 1) {
      const times = { plain: [] as number[], split: [] as number[] };
      // In turns, so that both see the same machine.
      await inLanes(REQUESTS / ROUNDS, async () => {
        times.plain.push(await timeOf(plain));
        times.split.push(await timeOf(split.sdk));
      });
      rounds.push({ alone: p95(times.plain), added: p95(times.split) - p95(times.plain) });
    }
    const moved = gateway.received.length;
    const spread = Math.sqrt(REQUESTS * (SHARE / 100) * (1 - SHARE / 100));
    await settled();
    const missing = warm + REQUESTS - split.lines();
    const lostBy = async (failing: ArmServer, name: string): Promise<number> => {
      forget(official, gateway);
      failing.behave((_, number) => (number % 2 === 0 ? 'refuse' : 'reset'));
      const either = client(name, 'either');
      let lost = 0;
      await inLanes(REQUESTS / 10, () => timeOf(either.sdk).catch(() => (lost += 1)));
      failing.behave(() => 'serve');
      await settled();
      const sent = official.received.length + gateway.received.length;
      return lost + Math.abs(sent - either.lines());
    };
    return [
      { what: `requests of ${REQUESTS} on the gateway at ${SHARE} %`, value: moved, unit: '', limit: null },
      {
        what: 'their distance from the share, in standard deviations of chance',
        value: Math.abs(moved - (REQUESTS * SHARE) / 100) / spread,
        unit: '',
        limit: 4,
      },
      { what: 'attempts without exactly one record', value: Math.abs(missing), unit: '', limit: 0 },
      {
        what: `lost, or without one record, of ${REQUESTS / 10} while the gateway fails`,
        value: await lostBy(gateway, 'gateway.jsonl'),
        unit: '',
        limit: 0,
      },
      {
        what: `lost, or without one record, of ${REQUESTS / 10} while the official API fails`,
        value: await lostBy(official, 'official.jsonl'),
        unit: '',
        limit: 0,
      },
      {
        what: `a request of the SDK alone at p95, median of ${ROUNDS} rounds`,
        value: median(rounds.map(({ alone }) => alone)),
        unit: ' ms',
        limit: null,
      },
      {
        what: 'added at p95, median of the differences within each round',
        value: median(rounds.map(({ added }) => added)),
        unit: ' ms',
        limit: 1,
      },
    ];
  } finally {
    await Promise.all([official.stop(), gateway.stop()]);
    rmSync(directory, { recursive: true });
  }
}

async function timeOf(sdk: OpenAI): Promise<number> {
  const started = performance.now();
  const messages = [{ role: 'user' as const, content: 'Where is my order?' }];
  await sdk.chat.completions.create({ model: 'gpt-4o-mini', messages });
  return performance.now() - started;
}

async function inLanes(count: number, work: () => Promise<unknown>): Promise<void> {
  let left = count;
  const lane = async (): Promise<void> => {
    while (left-- > 0) await work();
  };
  await Promise.all(Array.from({ length: LANES }, lane));
}

function forget(...servers: readonly ArmServer[]): void {
  for (const { received } of servers) received.length = 0;
}

/** Records are written behind the requests. */
const settled = () => new Promise((resolve) => setTimeout(resolve, 200));

function p95(times: readonly number[]): number {
  return times.toSorted((a, b) => a - b)[Math.floor(times.length * 0.95)] ?? Number.NaN;
}
