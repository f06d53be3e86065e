/** What the recorder adds to the first token of a stream, and how many requests a second it carries. */
import { once } from 'node:events';
import { Agent, request } from 'node:http';
import { Worker } from 'node:worker_threads';
import { median, type Row } from './row.ts';

const STREAMS = 300;
/** At once, as a test suite with many workers has them. */
const LANES = 4;
const REQUESTS = 4_000;
const BUSY_LANES = 16;

/** Each server has a thread of its own, as it would have a process. */
const SERVERS = new URL('./recorder-servers.ts', import.meta.url);

interface Address {
  readonly baseUrl: string;
  readonly apiKey: string;
}

export async function benchRecorder(): Promise<readonly Row[]> {
  const upstream = await startServer({ kind: 'upstream' });
  const recorder = await startServer({ kind: 'recorder', target: upstream.address });
  const copying = await startServer({ kind: 'shadow', target: upstream.address });
  try {
    const [direct, recorded] = [upstream.address, recorder.address].map((address) => new Client(address));
    if (direct === undefined || recorded === undefined) throw new Error('unreachable');
    const shadowed = new Client(copying.address);
    await inLanes(LANES, 50, async () => {
      await direct.firstPiece();
      await recorded.firstPiece();
      await shadowed.firstPiece();
    });
    const times = { direct: [] as number[], recorded: [] as number[], shadowed: [] as number[] };
    // In turns, so that all see the same machine.
    await inLanes(LANES, STREAMS, async () => {
      times.direct.push(await direct.firstPiece());
      times.recorded.push(await recorded.firstPiece());
      times.shadowed.push(await shadowed.firstPiece());
    });
    const perRequest = async (client: Client): Promise<number> => {
      const startedMs = performance.now();
      await inLanes(BUSY_LANES, REQUESTS, () => client.whole());
      return (performance.now() - startedMs) / REQUESTS;
    };
    await perRequest(recorded);
    const directMs = await perRequest(direct);
    const recordedMs = await perRequest(recorded);
    for (const client of [direct, recorded, shadowed]) client.close();
    return [
      { what: 'first token, direct, median', value: median(times.direct), unit: ' ms', limit: null },
      { what: 'first token, recorded, median', value: median(times.recorded), unit: ' ms', limit: null },
      {
        what: `added to the first token at p95, ${LANES} streams at once`,
        value: p95(times.recorded) - p95(times.direct),
        unit: ' ms',
        limit: 5,
      },
      {
        what: 'more at p95 where each request is copied to the gateway, too',
        value: p95(times.shadowed) - p95(times.recorded),
        unit: ' ms',
        limit: 5,
      },
      { what: 'time per request, direct', value: directMs, unit: ' ms', limit: null },
      {
        what: `time per request, recorded, ${BUSY_LANES} at once (2 ms: 500 a second)`,
        value: recordedMs,
        unit: ' ms',
        limit: 2,
      },
    ];
  } finally {
    await Promise.all([recorder, copying, upstream].map(({ worker }) => worker.terminate()));
  }
}

async function startServer(
  workerData: unknown,
): Promise<{ readonly worker: Worker; readonly address: Address }> {
  const worker = new Worker(SERVERS, { workerData });
  const [address]: Address[] = await once(worker, 'message');
  if (address === undefined) throw new Error('The server told no address.');
  return { worker, address };
}

class Client {
  readonly #agent = new Agent({ keepAlive: true });
  readonly #address: Address;

  constructor(address: Address) {
    this.#address = address;
  }

  /** Milliseconds from sending to the first piece of a stream. */
  async firstPiece(): Promise<number> {
    const startedMs = performance.now();
    let firstMs = 0;
    await this.#ask(true, () => {
      firstMs ||= performance.now() - startedMs;
    });
    return firstMs;
  }

  whole(): Promise<void> {
    return this.#ask(false, () => undefined);
  }

  close(): void {
    this.#agent.destroy();
  }

  #ask(stream: boolean, onPiece: () => void): Promise<void> {
    const { baseUrl, apiKey } = this.#address;
    const headers = { authorization: `Bearer ${apiKey}`, 'content-type': 'application/json' };
    const body = { model: 'gpt-4o-mini', stream, messages: [{ role: 'user', content: 'x'.repeat(1_000) }] };
    return new Promise((resolve, reject) => {
      const sent = request(
        `${baseUrl}/chat/completions`,
        { method: 'POST', agent: this.#agent, headers },
        (answer) => {
          if (answer.statusCode !== 200) reject(new Error(`The answer was ${answer.statusCode}.`));
          answer.on('data', onPiece).on('end', resolve).on('error', reject);
        },
      );
      sent.on('error', reject).end(JSON.stringify(body));
    });
  }
}

async function inLanes(lanes: number, times: number, run: () => Promise<unknown>): Promise<void> {
  let left = times;
  const lane = async () => {
    while (left-- > 0) await run();
  };
  await Promise.all(Array.from({ length: lanes }, lane));
}

function p95(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b);
  return sorted[Math.ceil(0.95 * sorted.length) - 1] ?? Number.NaN;
}
