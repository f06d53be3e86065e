/** A Prometheus that scrapes programs whose counters and labels change while it does. */
import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Window } from '../../../src/measure/instant.ts';
import { closedPort } from '../../gateway/loopback.ts';
import { startPrometheus } from '../../support/prometheus.ts';

export type Labels = Readonly<Record<string, string>>;

/** What a series shows in each of {@link PHASES}; null where it does not exist. */
type Values = readonly [number | null, number | null, number | null, number | null];

export interface LiveWindow {
  /** Of Prometheus. */
  readonly url: string;
  readonly window: Window;
  stop(): Promise<void>;
}

/** Before the window, in its first half, after the change in its middle, and at its end. */
const PHASES = 4;

export class LivePrograms {
  readonly #series: { readonly text: string; readonly values: Values }[] = [];

  /** @param values such as [100, 200, null, null] for a series that ends in the middle of the window */
  show(name: string, labels: Labels, values: Values): void {
    const pairs = Object.entries(labels).map(([label, value]) => `${label}=${JSON.stringify(value)}`);
    this.#series.push({ text: `${name}{${pairs.join(',')}}`, values });
  }

  /** Runs all phases, and leaves Prometheus running. @returns the window from the first to the last phase */
  async run(): Promise<LiveWindow> {
    let phase = 0;
    const server = createServer((_, response) => response.end(this.#exposition(phase)));
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    const scraping = { job_name: 'programs', scrape_interval: '200ms', honor_labels: true };
    const targets = [`127.0.0.1:${(server.address() as AddressInfo).port}`];
    const config = {
      global: { scrape_timeout: '200ms' },
      scrape_configs: [{ ...scraping, static_configs: [{ targets }] }],
    };
    const prometheus = await startPrometheus({ port: await closedPort(), config: JSON.stringify(config) });
    const from = await scraped(prometheus.url, phase);
    let to = from;
    while (phase < PHASES - 1) {
      phase += 1;
      to = await scraped(prometheus.url, phase);
    }
    return {
      url: prometheus.url,
      window: { from, to },
      async stop() {
        await prometheus.stop();
        server.closeAllConnections();
        server.close();
      },
    };
  }

  #exposition(phase: number): string {
    const lines = this.#series.flatMap(({ text, values }) => {
      const value = values[phase] ?? null;
      return value === null ? [] : [`${text} ${value}`];
    });
    return `${lines.join('\n')}\ntest_phase ${phase}\n`;
  }
}

/** Waits until Prometheus has scraped a phase twice. @returns an instant at which it had */
async function scraped(url: string, phase: number): Promise<number> {
  const query = `count_over_time((test_phase == ${phase})[1s:100ms]) > 4`;
  // It first looks for targets five seconds after its start.
  for (let tries = 0; tries < 400; tries++) {
    const at = Date.now();
    const response = await fetch(`${url}/api/v1/query?query=${encodeURIComponent(query)}&time=${at / 1000}`);
    if ((await response.text()).includes('"value"')) return at;
    await sleep(50);
  }
  throw new Error(`Prometheus never saw phase ${phase}`);
}
