/** `observe` of a real Prometheus, from the first call of the programs that it scrapes. */
import { performObserve } from '../../src/commands/observe/perform.ts';
import { MINUTE } from '../../src/config/durations-and-shares.ts';
import { valid } from '../config/configs.ts';
import type { RunningPrometheus } from '../support/prometheus.ts';

/** How long ago a window must have ended for `observe`. */
const LAG = 2 * MINUTE;

/** Its clock runs ahead instead of waiting two minutes; it may do so by a tenth of the interval. */
export function observeAll(text: string, prometheus: RunningPrometheus) {
  const config = valid(text);
  if (config.measure === null) throw new Error('the config names no source');
  const now = Math.ceil(Date.now() / MINUTE) * MINUTE + LAG;
  return performObserve(
    { since: '10m', stage: '5%' },
    { ...config, measure: { ...config.measure, interval: 60 * MINUTE } },
    {
      directory: import.meta.dirname,
      environment: { PROMETHEUS_URL: prometheus.url },
      front: 'command-line',
      isPrivate: true,
      now: () => now,
      onSecrets: () => undefined,
      onNote: () => undefined,
    },
  );
}

/**
 * Waits until Prometheus has scraped every target after an instant.
 * @returns an instant at which it had, in milliseconds since 1970
 */
export async function scrapedBy({ url }: RunningPrometheus, targets: number, after: number): Promise<number> {
  const query = `count(up == 1 and timestamp(up) > ${after / 1_000}) == ${targets}`;
  // It first looks for targets five seconds after its start.
  for (let tries = 0; tries < 400; tries += 1) {
    const response = await fetch(`${url}/api/v1/query?query=${encodeURIComponent(query)}`);
    if ((await response.text()).includes('"value"')) return Date.now();
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  throw new Error('Prometheus never scraped all programs');
}
