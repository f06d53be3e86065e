/** The payload of deployments and dispatches, for the team's workflow. */
import { z } from 'zod';
import { parseJson } from '../../src/gateway/json.ts';
import { type Shares, sharesSchema } from '../../src/rollout/effect.ts';
import type { TrafficContext } from './target.ts';

const payloadSchema = z.object({
  rollout: z.string(),
  stage: z.string(),
  /** In percent. */
  shares: sharesSchema,
  /** The same generation twice means the same shares. */
  generation: z.int(),
});
export type TrafficPayload = z.output<typeof payloadSchema>;

export function payloadOf(shares: Shares, { rollout, stage, generation }: TrafficContext): TrafficPayload {
  return { rollout, stage, shares, generation };
}

/** Reads the payload of a deployment, which GitHub returns as an object or as text; null where it is not the App's. */
export function readPayload(payload: unknown): TrafficPayload | null {
  const read = payloadSchema.safeParse(typeof payload === 'string' ? parseJson(payload) : payload);
  return read.success ? read.data : null;
}
