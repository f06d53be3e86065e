import type { CheckPlan } from '../../src/check/plan.ts';
import { FEATURES } from '../../src/config/features.ts';
import type { QuirkyGateway } from './quirky-gateway.ts';

/** A plan for a test gateway that probes everything, with room for overrides. */
export function planFor(
  gateway: Pick<QuirkyGateway, 'baseUrl' | 'apiKey'>,
  overrides: Partial<CheckPlan> = {},
): CheckPlan {
  return {
    gateway: { baseUrl: gateway.baseUrl, apiKey: gateway.apiKey, headers: {}, profile: 'auto' },
    official: null,
    models: ['gpt-4o-mini', 'text-embedding-3-small'].map((name) => ({ name, gatewayName: name })),
    features: FEATURES,
    sites: {},
    // Half of it is headroom that no busy machine may use up.
    client: { timeoutMs: 30_000, maxRetries: 2 },
    require: [],
    ignore: {},
    maxCostUsd: 0.05,
    repeat: 1,
    thorough: false,
    fidelity: false,
    prices: {},
    keys: {},
    only: null,
    ...overrides,
  };
}
