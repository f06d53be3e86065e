import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { addArm } from '../../../src/measure/add.ts';
import { type ArmCounts, armCountsSchema } from '../../../src/measure/measurement.ts';
import type { PriceBook } from '../../../src/measure/models.ts';
import { ModelBook } from '../../../src/measure/models.ts';
import type { SourceResult } from '../../../src/measure/source.ts';
import { customise } from '../../../src/measure/sources/presets/customise.ts';
import { PRESETS } from '../../../src/measure/sources/presets/index.ts';
import type { PrometheusPreset } from '../../../src/measure/sources/presets/preset.ts';
import { closedPort } from '../../gateway/loopback.ts';
import { prometheusIsInstalled, type RunningPrometheus, startPrometheus } from '../../support/prometheus.ts';
import { History } from '../../support/prometheus-history.ts';
import { official, otelSource } from './otel-source.ts';
import { PLATFORMS, rememberPlatforms } from './platform-metrics.ts';
import { rememberServices } from './services.ts';

const HOUR = 3_600_000;

/** The window that most questions are about, in minutes. */
const FROM = 120;
const TO = 135;

const history = new History(Math.floor((Date.now() - 12 * HOUR) / HOUR) * HOUR, 180);
const installed = prometheusIsInstalled();
let prometheus: RunningPrometheus;

describe.skipIf(!installed)('a real Prometheus', () => {
  beforeAll(async () => {
    rememberServices(history);
    rememberPlatforms(history);
    prometheus = await startPrometheus({ port: await closedPort(), history: history.text() });
  });
  afterAll(() => prometheus?.stop());

  it('distinguishes both arms by server_address, with failures by class, times, tokens and cost', async () => {
    const { official, gateway } = armsIn(await ask('two-arms'));
    expect(official).toMatchObject({ tasks: 300, failedTasks: 0, attempts: null, errorsByClass: {} });
    expect(gateway).toMatchObject({
      tasks: 165,
      failedTasks: 15,
      errorsByClass: { overloaded: 15 },
      tokens: { input: 15_000, cachedInput: 3_000, output: 1_500, unknown: 0 },
      // Failed tasks were answered by 503 within half a second, and are slow all the same.
      latency: [
        { le: 0.5, count: 0 },
        { le: 1, count: 150 },
        { le: 2, count: 150 },
        { le: '+Inf', count: 165 },
      ],
      cost: { usd: 0.002_925, priced: 165, unpriced: 0 },
    });
    expect(gateway.byModel).toMatchObject([{ name: 'gpt-4o-mini', tasks: 165, failedTasks: 15 }]);
  });

  it('counts the first error of a series that is new in the window', async () => {
    const { gateway } = armsIn(await ask('first-error'));
    expect(gateway).toMatchObject({ tasks: 151, failedTasks: 1, errorsByClass: { timeout: 1 } });
    // Nobody knows what a time-out used.
    expect(gateway.cost.unpriced).toBe(1);
  });

  it('counts calls of models, not the agents and tools around them', async () => {
    const { gateway } = armsIn(await ask('agents'));
    expect(gateway).toMatchObject({ tasks: 150, failedTasks: 0, tokens: { input: 15_000, output: 1_500 } });
  });

  it('counts what a counter had before it began anew, and what it has after', async () => {
    // Until its last scrape, at 120.75, it had counted 7 more; what came between that and its end is lost to everybody.
    expect(armsIn(await ask('restart')).gateway.tasks).toBe(7 + 14 * 10);
  });

  it('counts a program up to its end, and its successor from its beginning', async () => {
    expect(armsIn(await ask('deployment')).gateway.tasks).toBe(6 * 10 + 9 * 10);
  });

  it('does not mistake a series that returns after a long gap in the scrapes for a new one', async () => {
    // Scraped until minute 50 and from 125 on: what happened in between counts in the window of the return.
    expect(armsIn(await ask('gap')).gateway.tasks).toBe((TO - 50) * 10);
  });

  it('counts once what a counter showed under other labels for a while', async () => {
    for (const [from, to] of [
      [50, 65],
      [65, 120],
      [120, 135],
    ] as const) {
      const answer = await ask('to-and-fro', { from, to });
      expect(answer).toMatchObject({ arms: { gateway: { tasks: (to - from) * 10 } } });
    }
    const both = await ask('to-and-fro', { from: 50, to: 135 });
    expect(both).toMatchObject({ kind: 'error', reasonCode: 'counter_history' });
  });

  it('does not count the past of tokens whose labels changed alone', async () => {
    expect(armsIn(await ask('tokens-relabelled')).gateway.tokens).toMatchObject({
      input: 15_000,
      output: 1_500,
    });
  });

  it('says 0 errors for an arm with requests and no series of errors, and nothing for an arm without series', async () => {
    const answer = await ask('gateway-only');
    expect(answer).toMatchObject({
      kind: 'measured',
      arms: { official: null, gateway: { tasks: 150, failedTasks: 0 } },
    });
  });

  it.each([
    ['no failure was ever counted, as with a misspelt label', 'gateway-only', ['failures_never_seen']],
    ['not where one was counted hours ago', 'old-failure', []],
    ['not where one was counted in the window', 'two-arms', []],
    ['not where nothing was asked', 'idle-alone', []],
  ])('tells people where %s', async (_, service, notes) => {
    const answer = await ask(service);
    expect(answer.kind === 'measured' && answer.notes.map(({ reasonCode }) => reasonCode)).toEqual(notes);
  });

  it('distinguishes an idle arm from an absent one', async () => {
    const { official, gateway } = armsIn(await ask('idle'));
    expect(official.tasks).toBe(150);
    expect(gateway).toMatchObject({ tasks: 0, failedTasks: 0, tokens: { input: 0, unknown: 0 } });
  });

  it('has no data where nothing was scraped in the window, although the counters are remembered', async () => {
    expect(await ask('stale')).toMatchObject({ kind: 'no-data', reason: expect.stringContaining('stale') });
  });

  it('has no data for an arm whose counter is NaN, and says so', async () => {
    expect(await ask('nan')).toMatchObject({
      kind: 'measured',
      arms: { official: { tasks: 150 }, gateway: null },
      notes: [{ reasonCode: 'not_a_number' }],
    });
  });

  it('leaves tokens and cost unknown, never 0, without a series', async () => {
    const { gateway } = armsIn(await ask('gateway-only'));
    expect(gateway.tokens).toBeNull();
    expect(gateway.cost).toEqual({ usd: 0, priced: 0, unpriced: 150 });
  });

  it('leaves served tasks without a usage unpriced', async () => {
    const { gateway } = armsIn(await ask('usage-missing'));
    expect(gateway.tokens?.unknown).toBe(50);
    expect(gateway.cost).toMatchObject({ priced: 100, unpriced: 50 });
  });

  it('never prices summed tokens of a model whose price depends on the size of each request', async () => {
    const { gateway } = armsIn(await ask('tiered'));
    expect(gateway).toMatchObject({ tasks: 150, cost: { usd: 0, priced: 0, unpriced: 150 } });
  });

  it('is an error where no series belongs to an arm, and names the hosts that it saw', async () => {
    const answer = await ask('elsewhere');
    expect(answer).toMatchObject({ kind: 'error', reasonCode: 'unknown_arms' });
    expect(answer.kind === 'error' && answer.reason).toContain('other.example');
  });

  it('counts one model where a stage moves one, and leaves out those that have moved', async () => {
    const one = armsIn(await ask('two-models', { slice: 'gpt-4o-mini' }));
    const rest = armsIn(await ask('two-models', { without: ['gpt-4o-mini'] }));
    const all = armsIn(await ask('two-models'));
    expect([one.gateway.tasks, rest.gateway.tasks, all.gateway.tasks]).toEqual([150, 300, 450]);
    expect(all.gateway.byModel.map(({ name }) => name)).toEqual(['gpt-4.1', 'gpt-4o-mini']);
  });

  it("names a model as the code does, and prices it by the gateway's own price", async () => {
    const models = [{ name: 'gpt-4o-mini', gateway_name: 'fast' }];
    const own = new ModelBook(official, models, { fast: { input: 1, output: 2, cached_input: 0.5 } });
    const { gateway } = armsIn(await ask('alias', { book: { official, models: own } }));
    expect(gateway.byModel).toMatchObject([{ name: 'gpt-4o-mini', tasks: 150 }]);
    expect(gateway.cost).toEqual({ usd: 0.018, priced: 150, unpriced: 0 });
    expect(gateway.atOfficialPrices).toEqual({ usd: 0.003_15, priced: 150, unpriced: 0 });
  });

  it('keeps only the bounds that all histograms of an arm have', async () => {
    const { gateway } = armsIn(await ask('two-exporters'));
    expect(gateway.latency).toEqual([
      { le: 1, count: 300 },
      { le: '+Inf', count: 300 },
    ]);
  });

  it('gives windows that add up to one big window, restarts and births included', async () => {
    const cuts = fc.uniqueArray(fc.double({ min: 62, max: 178, noNaN: true }), {
      minLength: 1,
      maxLength: 4,
    });
    await fc.assert(
      fc.asyncProperty(cuts, async (inner) => {
        const bounds = [61, ...inner.sort((a, b) => a - b), 179];
        const parts: ArmCounts[] = [];
        for (const [index, to] of bounds.slice(1).entries()) {
          const answer = await ask('restless', { from: bounds[index] ?? 0, to, preset: REQUESTS_ALONE });
          if (answer.kind === 'measured' && answer.arms.gateway) parts.push(answer.arms.gateway);
        }
        const whole = armsIn(await ask('restless', { from: 61, to: 179, preset: REQUESTS_ALONE })).gateway;
        expect(parts.reduce((a, b) => addArm(a, b) ?? a).tasks).toBe(whole.tasks);
      }),
      { numRuns: 8 },
    );
  });

  it('reads long windows in pieces', async () => {
    expect(armsIn(await ask('gateway-only', { from: -600, to: 180 })).gateway.tasks).toBe(1_800);
  });

  it.each(['envoy-ai-gateway', 'litellm', 'bifrost', 'kong'] as const)(
    'reads the metrics of %s, which counts attempts and sees the gateway alone',
    async (name) => {
      const answer = await measure({
        preset: PRESETS[name],
        labels: name === 'kong' ? { service: 'ai', workspace: 'default' } : {},
        arms: ['gateway'],
      });
      const { gateway } = armsIn(answer);
      expect(gateway).toMatchObject({
        tasks: null,
        attempts: 165,
        failedAttempts: 15,
        latency: [
          { le: 0.5, count: 0 },
          { le: 1, count: 150 },
          { le: 2, count: 150 },
          { le: '+Inf', count: 165 },
        ],
        ...PLATFORMS[name],
      });
    },
  );

  it('says which expression Prometheus did not understand', async () => {
    const answer = await measure({ labels: { 'a"b': 'x' } });
    expect(answer).toMatchObject({ kind: 'error', reasonCode: 'refused' });
    expect(answer.kind === 'error' && answer.reason).toContain('status 400');
  });
});

/** Asks a tenth as much of Prometheus as for all that it counts. */
const REQUESTS_ALONE = customise(PRESETS['otel-genai'], {
  series: { latency: null, ttft: null, input_tokens: null },
  label_names: { error: null },
});

interface Question {
  /** Minutes of the history. */
  readonly from?: number;
  readonly to?: number;
  readonly slice?: string | null;
  readonly without?: readonly string[];
  readonly book?: PriceBook;
  readonly preset?: PrometheusPreset;
}

function ask(service: string, { book, preset, ...about }: Question = {}): Promise<SourceResult> {
  const labels = { service_name: service };
  return measure({ labels, ...(book && { book }), ...(preset && { preset }) }, about);
}

function measure(
  changes: Parameters<typeof otelSource>[1],
  { from = FROM, to = TO, slice = null, without = [] }: Omit<Question, 'book' | 'preset'> = {},
): Promise<SourceResult> {
  const window = { from: history.at(from), to: history.at(to) };
  const source = otelSource({ baseUrl: prometheus.url, auth: { kind: 'none' } }, changes);
  return source.measure({ window, now: history.at(180), slice, without });
}

function armsIn(answer: SourceResult): { official: ArmCounts; gateway: ArmCounts } {
  if (answer.kind !== 'measured') throw new Error(`expected a measurement: ${JSON.stringify(answer)}`);
  const { official, gateway } = answer.arms;
  for (const arm of [official, gateway]) if (arm) armCountsSchema.parse(arm);
  return {
    get official(): ArmCounts {
      return present(official);
    },
    get gateway(): ArmCounts {
      return present(gateway);
    },
  };
}

function present(arm: ArmCounts | null | undefined): ArmCounts {
  if (!arm) throw new Error('expected data of this arm');
  return arm;
}
