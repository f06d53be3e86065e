/** What a deployment and a dispatch tell the team's workflow. */
import { z } from 'zod';
import { type Shares, sharesSchema } from '../../src/rollout/effect.ts';
import type { TrafficContext } from './target.ts';

const payloadSchema = z.object({
  rollout: z.string(),
  stage: z.string(),
  /** In percent. */
  shares: sharesSchema,
  /** The same one twice means the same shares. */
  generation: z.int(),
});
export type TrafficPayload = z.output<typeof payloadSchema>;

export function payloadOf(shares: Shares, { rollout, stage, generation }: TrafficContext): TrafficPayload {
  return { rollout, stage, shares, generation };
}

/** Reads the payload of a deployment, which GitHub gives as an object or as its text; null where it is not ours. */
export function readPayload(payload: unknown): TrafficPayload | null {
  const read = payloadSchema.safeParse(typeof payload === 'string' ? parse(payload) : payload);
  return read.success ? read.data : null;
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}
