/** A state's place in its history as the issue shows it, signed so that nobody can forge it. */
import type { StateIdentity } from './envelope.ts';
import { keyId, sign, verifies } from './keys.ts';
import type { StateOrder } from './memory.ts';

/** `12.1772438400000.<key id>.<signature>`: the sequence and the rollout's start; without keys these two alone. */
export function sealOrder(order: StateOrder, identity: StateIdentity): string {
  const [key] = identity.keys ?? [];
  const shown = `${order.sequence}.${order.started}`;
  return key === undefined ? shown : `${shown}.${keyId(key)}.${sign(key, textOf(order, identity))}`;
}

/** What a seal shows; null where it is forged, or the key is unknown. */
export function readOrder(seal: string, identity: StateIdentity): StateOrder | null {
  const [, sequence, started, id, signature = ''] =
    /^(\d{1,15})\.(\d{1,15})(?:\.(\w+)\.(\w+))?$/.exec(seal) ?? [];
  if (sequence === undefined) return null;
  const order = { sequence: Number(sequence), started: Number(started) };
  if (identity.keys === null) return order;
  const key = identity.keys.find((each) => keyId(each) === id);
  return key !== undefined && verifies(key, textOf(order, identity), signature) ? order : null;
}

function textOf({ sequence, started }: StateOrder, { repository, rollout }: StateIdentity): string {
  return `gateway-rollout sequence\n${repository}\n${rollout}\n${sequence}\n${started}`;
}
