/** The recipe's program before two servers, scraped by a real Prometheus, which `observe` reads with the recipe's config. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { writeFileSync } from 'node:fs';
import path from 'node:path';
import { createInterface } from 'node:readline';
import { beforeAll, describe, expect, it, vi } from 'vitest';
import { parse } from 'yaml';
import { discover } from '../../../src/commands/observe/discover.ts';
import { performObserve } from '../../../src/commands/observe/perform.ts';
import type { Config } from '../../../src/config/schema.ts';
import { startArmServer } from '../../client/arm-server.ts';
import { closedPort } from '../../gateway/loopback.ts';
import { sharedDirectory } from '../../support/files.ts';
import { prometheusIsInstalled, type RunningPrometheus, startPrometheus } from '../../support/prometheus.ts';
import { realTool } from '../../support/real-tools.ts';
import { recipeConfig, recipeFile } from '../recipe.ts';

const RECIPE = 'prometheus-python';
const MINUTE = 60_000;
/** How long ago a window must have ended for `observe`. */
const LAG = 2 * MINUTE;
/** Each line is a number of calls; it answers with how many of them failed. */
const PROGRAM = `
import sys
from prometheus_client import start_http_server
import llm
print(start_http_server(0, '127.0.0.1')[0].server_port, flush=True)
for line in sys.stdin:
    failed = 0
    for _ in range(int(line)):
        try:
            llm.ask('Hello?')
        except llm.OpenAIError:
            failed += 1
    print(failed, flush=True)
`;

const tool = realTool('otel-genai-openai');

describe.skipIf(!prometheusIsInstalled() || tool === null)('the recipe for counters of your own', () => {
  const directory = sharedDirectory();
  let prometheus: RunningPrometheus;
  const notes: string[] = [];

  beforeAll(async () => {
    const [official, gateway] = await Promise.all([startArmServer(), startArmServer()]);
    const share = path.join(directory, 'share.json');
    const child = spawn(path.join(tool ?? '', 'bin/python'), ['-c', PROGRAM], {
      env: {
        PYTHONPATH: import.meta.dirname,
        PYTHONDONTWRITEBYTECODE: '1',
        OPENAI_BASE_URL: official.baseUrl,
        OPENAI_API_KEY: 'sk-official-0123456789',
        GATEWAY_BASE_URL: gateway.baseUrl,
        GATEWAY_API_KEY: 'sk-gateway-0123456789',
        ROLLOUT_SHARE: share,
      },
      stdio: ['pipe', 'pipe', 'inherit'],
    });
    const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
    const ask = async (calls: number) => {
      child.stdin.write(`${calls}\n`);
      return Number((await lines.next()).value);
    };
    const target = `127.0.0.1:${(await lines.next()).value}`;
    // Without a file, and with one that is cut off, everything stays official.
    const failed = [await ask(6)];
    writeFileSync(share, '{ "gateway": ');
    failed.push(await ask(4));
    writeFileSync(share, '{ "gateway": 100 }\n');
    failed.push(await ask(5));
    gateway.behave(() => 'refuse');
    failed.push(await ask(2));
    gateway.behave(() => 'deny');
    failed.push(await ask(1));
    expect(failed).toEqual([0, 0, 0, 2, 1]);
    const config = JSON.stringify({
      global: { scrape_interval: '200ms', scrape_timeout: '200ms' },
      scrape_configs: [{ job_name: 'assistant', static_configs: [{ targets: [target] }] }],
    });
    prometheus = await startPrometheus({ port: await closedPort(), config });
    await vi.waitFor(async () => expect(await seriesAt(prometheus.url)).toBeGreaterThan(0), {
      timeout: 20_000,
    });
    return async () => {
      child.kill();
      await once(child, 'exit');
      await Promise.all([prometheus.stop(), official.stop(), gateway.stop()]);
    };
  });

  it('counts calls with their retries, failures by class, and tokens on both arms', async () => {
    const outcome = await performObserve(
      { since: '5m', stage: '5%' },
      withWideInterval(recipeConfig(RECIPE)),
      {
        directory,
        environment: { PROMETHEUS_URL: prometheus.url },
        front: 'command-line',
        isPrivate: true,
        now: () => Math.ceil(Date.now() / MINUTE) * MINUTE + LAG,
        onSecrets: () => undefined,
        onNote: (note) => notes.push(note),
      },
    );
    expect(outcome).toMatchObject({
      kind: 'observed',
      measurement: {
        arms: {
          official: { tasks: 10, failedTasks: 0, tokens: { input: 120, cachedInput: 40, output: 50 } },
          gateway: {
            tasks: 8,
            failedTasks: 3,
            errorsByClass: { upstream_error: 2, bad_request: 1 },
            tokens: { input: 60, cachedInput: 20, output: 25 },
            byModel: [{ name: 'gpt-4o-mini', tasks: 8 }],
          },
        },
      },
    });
  });

  it('is what --discover proposes', async () => {
    const { measure } = parse(recipeFile(RECIPE, '.github/gateway-rollout.yml'));
    const found = await discover(recipeConfig(RECIPE), {
      environment: { PROMETHEUS_URL: prometheus.url },
      now: Date.now(),
    });
    const { ttft: _, ...series } = measure.series;
    expect(found).toMatchObject({ kind: 'discovered', measure: { series } });
    expect(Object(found).measure.label_names).toEqual(measure.label_names);
  });
});

async function seriesAt(url: string): Promise<number> {
  const query = encodeURIComponent('count(assistant_llm_call_seconds_count)');
  const { data } = Object(await (await fetch(`${url}/api/v1/query?query=${query}`)).json());
  return Number(data.result[0]?.value[1] ?? 0);
}

/** Instead of waiting two minutes, the test's clock runs ahead. It may run ahead by a tenth of this interval. */
function withWideInterval(config: Config): Config {
  if (config.measure === null) throw new Error('The recipe names no source.');
  return { ...config, measure: { ...config.measure, interval: 60 * MINUTE } };
}
