/** A real Prometheus that scrapes a program while it runs. */
import { setTimeout as sleep } from 'node:timers/promises';
import { describe, expect, it, onTestFinished } from 'vitest';
import { closedPort, serve } from '../../gateway/loopback.ts';
import { prometheusIsInstalled, startPrometheus } from '../../support/prometheus.ts';
import { otelSource } from './otel-source.ts';

describe.skipIf(!prometheusIsInstalled())('a real Prometheus that scrapes a program', () => {
  it('shows what the program did in the window, its first error included', async () => {
    let served = 0;
    let failed = 0;
    const target = await serve((_, response) => response.end(metrics(served, failed)));
    const prometheus = await startPrometheus({ port: await closedPort(), targets: [new URL(target).host] });
    onTestFinished(() => prometheus.stop());

    served = 7;
    const from = await scraped(prometheus.url, 7);
    served = 19;
    failed = 1;
    const to = await scraped(prometheus.url, 19);

    const answer = await otelSource({ baseUrl: prometheus.url, auth: { kind: 'none' } }).measure({
      window: { from, to },
      now: to,
      slice: null,
      without: [],
    });
    expect(answer).toMatchObject({
      kind: 'measured',
      arms: { official: null, gateway: { tasks: 13, failedTasks: 1, errorsByClass: { rate_limited: 1 } } },
    });
  });
});

/** As OpenTelemetry's exporter prints it. */
function metrics(served: number, failed: number): string {
  const name = 'gen_ai_client_operation_duration_seconds';
  const labels =
    'service_name="assistant",server_address="gateway.example",gen_ai_request_model="gpt-4o-mini"';
  const series = (more: string, count: number) => [
    `${name}_bucket{${labels}${more},le="1.28"} ${count}`,
    `${name}_bucket{${labels}${more},le="+Inf"} ${count}`,
    `${name}_sum{${labels}${more}} ${count}`,
    `${name}_count{${labels}${more}} ${count}`,
  ];
  const lines = [...series('', served), ...(failed > 0 ? series(',error_type="429"', failed) : [])];
  return [`# TYPE ${name} histogram`, ...lines, ''].join('\n');
}

/** Waits until Prometheus has scraped this count. @returns an instant at which it had */
async function scraped(url: string, count: number): Promise<number> {
  const query = 'gen_ai_client_operation_duration_seconds_count{error_type=""}';
  // It first looks for targets five seconds after its start.
  for (let tries = 0; tries < 300; tries++) {
    const at = Date.now();
    const response = await fetch(`${url}/api/v1/query?query=${encodeURIComponent(query)}&time=${at / 1000}`);
    if ((await response.text()).includes(`"${count}"`)) return at;
    await sleep(100);
  }
  throw new Error(`Prometheus never saw ${count}`);
}
