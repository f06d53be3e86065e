/**
 * Each quirk of a gateway flips exactly the probes that it should, and no others. The table is the promise: on its left
 * what a gateway does, on its right what the check then says.
 */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { CheckPlan } from '../../src/check/plan.ts';
import type { CheckReport } from '../../src/check/report.ts';
import { runCheck } from '../../src/check/run.ts';
import { FEATURES, type Feature } from '../../src/config/features.ts';
import { planFor } from '../support/plan.ts';
import { endpointQuirks } from '../support/quirks/endpoint-quirks.ts';
import { refusalQuirks } from '../support/quirks/refusal-quirks.ts';
import { requestIdQuirks } from '../support/quirks/request-id-quirks.ts';
import {
  DEFAULT_MODELS,
  QUIRKS,
  type Quirk,
  type QuirkyGateway,
  startQuirkyGateway,
} from '../support/quirky-gateway.ts';
import { EMBEDDER, KEYS, MINI } from './check-once.ts';
import { FLIPS, type Flips } from './flips.ts';

const model = (name: string) => ({ name, gatewayName: name });

/** Quirks of time need a timeout that the test can wait for, but far longer than a busy machine adds. */
const SLOW_QUIRKS: ReadonlySet<Quirk> = new Set([
  'never-answers',
  'wrong-key-hangs',
  'slow',
  'stream-stalls',
]);
const HURRY: Partial<CheckPlan> = { client: { timeoutMs: 3_000, maxRetries: 2 }, features: [] };

/** What these do shows on every endpoint, or in what the client retries. */
const WIDE: ReadonlySet<string> = new Set([
  ...Object.keys({ ...endpointQuirks, ...refusalQuirks, ...requestIdQuirks }),
  ...['parameters-dropped', 'passing-503'],
]);

/** Endpoints that only a wide quirk can touch, and retries that only one can cause: without them, half the work. */
const BESIDE: ReadonlySet<Feature> = new Set([
  ...(['completions', 'images', 'audio', 'moderations', 'files', 'batches'] as const),
  ...(['assistants', 'vector_stores', 'fine_tuning', 'realtime'] as const),
]);
const NARROW: Partial<CheckPlan> = {
  features: FEATURES.filter((feature) => !BESIDE.has(feature)),
  client: { timeoutMs: 30_000, maxRetries: 0 },
};

function planOf(quirk: Quirk): Partial<CheckPlan> {
  if (quirk === 'stream-stalls') return { ...HURRY, features: ['streaming'] };
  if (SLOW_QUIRKS.has(quirk)) return HURRY;
  return WIDE.has(quirk) ? {} : NARROW;
}

describe('each quirk flips its probes and no others', () => {
  let official: QuirkyGateway;
  let usual: CheckReport;

  const check = async (quirks: readonly Quirk[], overrides: Partial<CheckPlan> = {}) => {
    const models = [...DEFAULT_MODELS, 'gpt-4o-audio-preview'];
    const gateway = await startQuirkyGateway({
      quirks,
      models,
      keys: KEYS,
      slowMs: 1_700,
      streamMs: 300,
      random: () => 0,
    });
    try {
      return await runCheck(
        planFor(gateway, {
          keys: KEYS,
          models: [MINI, model('gpt-4o'), EMBEDDER, model('gpt-4o-audio-preview')],
          official: { baseUrl: official.baseUrl, apiKey: official.apiKey },
          ...overrides,
        }),
      );
    } finally {
      await gateway.stop();
    }
  };

  beforeAll(async () => {
    official = await startQuirkyGateway({ streamMs: 10 });
    usual = await check([]);
  });
  afterAll(() => official.stop());

  it('is ready without any quirk', () => {
    expect(usual.verdict).toBe('ready');
    expect(notPassing(usual)).toEqual({
      'balance.left': 'skip',
      'models.hub': 'skip',
      'usage.truth': 'skip',
      'context.head': 'skip',
      'cache.read': 'skip',
      'fidelity.model': 'skip',
    });
  });

  it('has a line for every quirk', () => {
    expect(Object.keys(FLIPS).sort()).toEqual(Object.keys(QUIRKS).sort());
  });

  // How a stream arrives depends on the clock, and a busy machine bunches its pieces: then the case is retried.
  it.concurrent.each(Object.keys(QUIRKS) as Quirk[])('%s', { retry: 2 }, async (quirk) => {
    const report = await check([quirk], planOf(quirk));
    expect(flips(usual, report)).toEqual(FLIPS[quirk]);
  });
});

function notPassing({ probes }: CheckReport): Flips {
  return Object.fromEntries(
    probes.filter(({ status }) => status !== 'pass').map(({ id, status }) => [id, status]),
  );
}

/** The probes whose status differs, consequences (`skip`) excluded: what matters is which probes report a problem. */
function flips(usual: CheckReport, report: CheckReport): Flips {
  const before = new Map(usual.probes.map(({ id, status }) => [id, status]));
  const changed = report.probes.filter(({ id, status }) => status !== before.get(id) && status !== 'skip');
  return Object.fromEntries(changed.map(({ id, status }) => [id, status]));
}
