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

/** What these do shows on every endpoint, or in every ability. */
const WIDE: ReadonlySet<Quirk> = new Set([
  ...(['endpoints-missing', 'responses-missing', 'models-empty', 'errors-as-400'] as const),
  ...(['refusals-200', 'parameters-dropped', 'abilities-refused'] as const),
]);

/** What the others are asked, beside the probes that they flip: abilities of each kind, and no retries. */
const CORE: readonly Feature[] = [
  ...(['streaming', 'tools', 'structured_outputs', 'embeddings', 'responses'] as const),
  ...(['json_mode', 'logprobs', 'web_search', 'moderations'] as const),
];

/** Each of their failures takes a pause. */
const PAUSING: ReadonlySet<Quirk> = new Set(['passing-503', 'hidden-retries']);

function planOf(quirk: Quirk): Partial<CheckPlan> {
  if (quirk === 'stream-stalls') return { ...HURRY, features: ['streaming'] };
  if (SLOW_QUIRKS.has(quirk)) return HURRY;
  if (PAUSING.has(quirk)) return { features: ['streaming', 'embeddings'] };
  if (WIDE.has(quirk)) return {};
  const flipped = Object.keys(FLIPS[quirk]).map((id) => id.replace(/^(ability|endpoint)\./, ''));
  const continued = flipped.includes('responses.continue') ? (['previous_response_id'] as const) : [];
  const features = FEATURES.filter((feature) => CORE.includes(feature) || flipped.includes(feature));
  const maxRetries = flipped.includes('client.retries') ? 2 : 0;
  return { features: [...features, ...continued], client: { timeoutMs: 30_000, maxRetries } };
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
