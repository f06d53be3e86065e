/** The demo's production as an exporter for Prometheus would have counted it. */
import { mkdir, readFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { z } from 'zod';
import { ARMS, type ByArm } from '../../src/config/arms.ts';
import type { Window } from '../../src/measure/instant.ts';
import type { History } from '../support/prometheus-history.ts';
import { Production } from './production.ts';
import { SHARE_PATH } from './sample-application.ts';
import { startUpstream, type Upstream } from './servers.ts';

const USERS = 40;
/** Two requests on the gateway. */
const FAULTS = ['403@2', '403@14'];
/** USD per million tokens of gpt-4o-mini. */
const PRICES = { official: { input: 0.15, output: 0.6 }, gateway: { input: 0.1, output: 0.4 } };

const recordSchema = z.object({
  ts: z.number(),
  arm: z.enum(ARMS),
  status: z.number(),
  duration_ms: z.number(),
  input_tokens: z.number().default(0),
  output_tokens: z.number().default(0),
});
export type Exported = z.output<typeof recordSchema> & { readonly usd: number };

/** Real requests of the demo's application, half of its users on a gateway that refuses two of them. */
async function serve(directory: string, window: Window): Promise<readonly Exported[]> {
  const records = join(directory, 'requests.jsonl');
  await mkdir(join(directory, dirname(SHARE_PATH)), { recursive: true });
  const [official, gateway] = await Promise.all([startUpstream(), startUpstream()]);
  const access = ({ baseUrl }: Upstream) => ({ baseUrl, apiKey: 'any key', headers: {} });
  const production = await Production.start({
    directory,
    records,
    access: { official: access(official), gateway: access(gateway) },
  });
  await production.deploy('{ "gateway": 50, "shadow": 0 }');
  await production.serve(window, USERS, () => undefined, FAULTS);
  await Promise.all([official.stop(), gateway.stop()]);
  const lines = (await readFile(records, 'utf8')).trim().split('\n');
  return lines.map((line) => {
    const record = recordSchema.parse(JSON.parse(line));
    const { input, output } = PRICES[record.arm];
    return { ...record, usd: (record.input_tokens * input + record.output_tokens * output) / 1e6 };
  });
}

/**
 * Adds the counters `demo_…` to a history, whose minutes the requests are spread over.
 * @param directory of the application
 * @param upstreams the label of each arm
 * @returns what was counted
 */
export async function exportProduction(
  history: History,
  directory: string,
  window: Window,
  upstreams: ByArm<string>,
): Promise<readonly Exported[]> {
  const served = await serve(directory, window);
  for (const arm of ARMS) {
    const labels = { upstream: upstreams[arm], model: 'gpt-4o-mini' };
    const own = served.filter((each) => each.arm === arm);
    const sum = (of: (request: Exported) => number) => (minute: number) =>
      own.reduce((total, request) => total + (request.ts <= history.at(minute) ? of(request) : 0), 0);
    const calls = (status: string, isOk: boolean) =>
      history.counter(
        'demo_calls_total',
        { ...labels, status },
        sum((each) => +((each.status === 200) === isOk)),
      );
    calls('ok', true);
    calls('PermissionDeniedError', false);
    for (const le of ['0.1', '1', '10', '+Inf']) {
      const most = le === '+Inf' ? Number.POSITIVE_INFINITY : 1_000 * Number(le);
      history.counter(
        'demo_call_duration_seconds_bucket',
        { ...labels, le },
        sum((each) => +(each.duration_ms <= most)),
      );
    }
    history.counter(
      'demo_input_tokens_total',
      labels,
      sum((each) => each.input_tokens),
    );
    history.counter(
      'demo_cached_tokens_total',
      labels,
      sum(() => 0),
    );
    history.counter(
      'demo_output_tokens_total',
      labels,
      sum((each) => each.output_tokens),
    );
    history.counter(
      'demo_cost_total',
      labels,
      sum(({ usd }) => usd),
    );
  }
  return served;
}
