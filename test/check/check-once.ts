/** One check of a gateway that lives for it alone, and readers of its report. */
import type { CheckPlan } from '../../src/check/plan.ts';
import type { CheckReport, ProbeResult, ProbeStatus } from '../../src/check/report.ts';
import { type CheckProgress, runCheck } from '../../src/check/run.ts';
import { planFor } from '../support/plan.ts';
import {
  type QuirkyGateway,
  type QuirkyGatewayOptions,
  type RecordedRequest,
  startQuirkyGateway,
} from '../support/quirky-gateway.ts';

export const KEYS = {
  disabled: 'sk-quirky-disabled-000000000000',
  empty: 'sk-quirky-empty-00000000000000000',
};
export const MINI = { name: 'gpt-4o-mini', gatewayName: 'gpt-4o-mini' };
export const EMBEDDER = { name: 'text-embedding-3-small', gatewayName: 'text-embedding-3-small' };

/** The default plan with one model. */
export const DEFAULTS: Partial<CheckPlan> = { models: [MINI], features: ['streaming'] };

/** The report, and the requests that the gateway got for it. */
export async function checkOnce(
  options: QuirkyGatewayOptions = {},
  overrides: (gateway: QuirkyGateway) => Partial<CheckPlan> = () => ({}),
  onProgress?: (progress: CheckProgress) => void,
): Promise<{ report: CheckReport; requests: readonly RecordedRequest[] }> {
  const gateway = await startQuirkyGateway({ keys: KEYS, streamMs: 10, ...options });
  try {
    const report = await runCheck(planFor(gateway, overrides(gateway)), onProgress);
    return { report, requests: [...gateway.requests] };
  } finally {
    await gateway.stop();
  }
}

/** Another key than the valid one, or another profile than the recognised. */
export const withKey =
  (apiKey: string, profile = 'auto') =>
  ({ baseUrl }: QuirkyGateway) => ({ gateway: { baseUrl, apiKey, headers: {}, profile } });

/** The ids of the probes that came out so, in the report's order. */
export const withStatus = ({ probes }: CheckReport, ...statuses: ProbeStatus[]): string[] =>
  probes.filter(({ status }) => statuses.includes(status)).map(({ id }) => id);

export function probeOf({ probes }: CheckReport, id: string): ProbeResult {
  const found = probes.find((probe) => probe.id === id);
  if (found === undefined) throw new Error(`${id} is not in the report`);
  return found;
}
