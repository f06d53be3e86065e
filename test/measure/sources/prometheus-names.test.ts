/** A program that counts its calls under names of its own, read by what the config says of them. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openSources } from '../../../src/measure/open-source.ts';
import type { SourceResult } from '../../../src/measure/source.ts';
import { valid } from '../../config/configs.ts';
import { closedPort } from '../../gateway/loopback.ts';
import { blocksOf, readDocument } from '../../support/documents.ts';
import { prometheusIsInstalled, type RunningPrometheus, startPrometheus } from '../../support/prometheus.ts';
import { growing, History } from '../../support/prometheus-history.ts';

const HOUR = 3_600_000;
const history = new History(Math.floor((Date.now() - 12 * HOUR) / HOUR) * HOUR, 60);
let prometheus: RunningPrometheus;

/** The very config that the page about sources shows. */
const DOCUMENTED =
  blocksOf(readDocument('src/measure/sources/README.md'), 'yaml').find((block) =>
    block.includes('label_names'),
  ) ?? '';

/** A quarter of an hour of both arms. */
async function measure(section: string): Promise<SourceResult> {
  const opened = await openSources({
    config: valid(`gateway: { base_url: "https://gateway.example/v1" }\nmodels: [gpt-4o-mini]\n${section}`),
    environment: { PROMETHEUS_URL: prometheus.url },
    directory: '/',
  });
  const [source] = opened.kind === 'sources' ? opened.sources : [];
  if (source === undefined) throw new Error(`expected a source: ${JSON.stringify(opened)}`);
  const window = { from: history.at(30), to: history.at(45) };
  return source.measure({ window, now: history.at(60), slice: null, without: [] });
}

describe.skipIf(!prometheusIsInstalled())('metrics under names of the team', () => {
  beforeAll(async () => {
    calls('official', 20, 0);
    calls('gateway', 10, 1);
    calls('elsewhere', 50, 50);
    prometheus = await startPrometheus({ port: await closedPort(), history: history.text() });
  });
  afterAll(() => prometheus?.stop());

  it('are counted as the preset counts', async () => {
    expect(await measure(DOCUMENTED)).toMatchObject({
      kind: 'measured',
      arms: {
        official: { tasks: 300, failedTasks: 0, attempts: null, cost: { usd: 0.006_3, priced: 300 } },
        gateway: {
          tasks: 165,
          failedTasks: 15,
          errorsByClass: { rate_limited: 15 },
          tokens: { input: 16_500, cachedInput: 0, output: 1_650, unknown: 0 },
          // In milliseconds; failed calls were fast, and none of them looks so.
          latency: [
            { le: 0.5, count: 0 },
            { le: 1, count: 150 },
            { le: '+Inf', count: 165 },
          ],
          ttft: [],
          byModel: [{ name: 'gpt-4o-mini', tasks: 165 }],
        },
      },
    });
  });

  it('may leave out what is not counted, which is then unknown and not 0', async () => {
    const answer = await measure(
      counting('failures: null, latency: null, input_tokens: null, cost: assistant_llm_usd_total'),
    );
    expect(answer).toMatchObject({
      arms: {
        gateway: {
          tasks: 165,
          failedTasks: null,
          latency: [],
          tokens: null,
          cost: { usd: 0.165, priced: 165, unpriced: 0 },
          atOfficialPrices: { unpriced: 165 },
          byMember: [{ name: 'search', tasks: 165 }],
        },
      },
    });
  });

  it('count failures without a model or member, and then split nothing by it', async () => {
    expect(await measure(counting('failures: assistant_llm_errors_total'))).toMatchObject({
      arms: {
        official: { tasks: 300, failedTasks: 0, byModel: [{ name: 'gpt-4o-mini', tasks: 300 }] },
        gateway: { tasks: 165, failedTasks: 15, errorsByClass: { rate_limited: 15 } },
      },
    });
  });

  it('are an error if failures have no arm: none may be lost', async () => {
    expect(await measure(counting('failures: assistant_llm_lost_total'))).toMatchObject({
      kind: 'error',
      reasonCode: 'failures_of_no_arm',
      reason: expect.stringContaining('upstream'),
    });
  });

  it('look like no failures if the name of the failures is misspelt: a note says so', async () => {
    const answer = await measure(counting('failures: assistant_llm_failure_total'));
    expect(answer).toMatchObject({ arms: { official: { failedTasks: 0 }, gateway: { failedTasks: 0 } } });
    expect(notesIn(answer)).toEqual([
      'failures_never_seen: Prometheus has counted requests but never a failure, on any arm. A misspelt name looks the same: expected assistant_llm_failure_total from the first failure on. Check against a known failure, or cause one; otherwise check measure.series.failures and measure.labels.',
    ]);
    expect(notesIn(await measure(DOCUMENTED))).toEqual([]);
  });

  it('are not found under the names of the preset', async () => {
    expect(await measure('measure: { source: prometheus }')).toMatchObject({ kind: 'no-data' });
  });
});

/** The config of a source whose series and labels are the program's own. */
function counting(series: string): string {
  const labels = 'arm: upstream, model: model, member: team, error: reason';
  return `measure: { source: prometheus, series: { requests: assistant_llm_calls_total, ${series} }, label_names: { ${labels} } }`;
}

function notesIn(answer: SourceResult): readonly string[] {
  if (answer.kind !== 'measured') throw new Error(`expected a measurement: ${JSON.stringify(answer)}`);
  return answer.notes.map(({ reasonCode, message }) => `${reasonCode}: ${message}`);
}

/** @param upstream as the program names an arm */
function calls(upstream: string, served: number, failed: number): void {
  const labels = { job: 'assistant', upstream, model: 'gpt-4o-mini', team: 'search' };
  const all = growing(served + failed);
  const total = (name: string, each: number) =>
    history.counter(`assistant_llm_${name}_total`, labels, (minute) => (all(minute) ?? 0) * each);
  total('calls', 1);
  total('input_tokens', 100);
  total('output_tokens', 10);
  total('usd', 0.001);
  history.counter('assistant_llm_failures_total', { ...labels, reason: 'RateLimitError' }, growing(failed));
  const reason = 'RateLimitError';
  if (failed > 0) {
    history.counter('assistant_llm_errors_total', { job: 'assistant', upstream, reason }, growing(failed));
    history.counter('assistant_llm_lost_total', { job: `assistant-${upstream}`, reason }, growing(failed));
  }
  const duration = 'assistant_llm_call_duration_ms';
  history.histogram(duration, { ...labels, outcome: 'served' }, [500, 1_000], 800, growing(served));
  history.histogram(duration, { ...labels, outcome: 'failed' }, [500, 1_000], 20, growing(failed));
}
