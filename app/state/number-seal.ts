/** A state's sequence number as the issue shows it, signed so that nobody can forge it. */
import type { StateIdentity } from './envelope.ts';
import { keyId, sign, verifies } from './keys.ts';

/** `12.<key id>.<signature>`; without keys the number alone. */
export function sealNumber(sequence: number, identity: StateIdentity): string {
  const [key] = identity.keys ?? [];
  if (key === undefined) return String(sequence);
  return `${sequence}.${keyId(key)}.${sign(key, textOf(sequence, identity))}`;
}

/** The number of a seal; null where it is forged, or the key is unknown. */
export function readNumber(seal: string, identity: StateIdentity): number | null {
  const [digits = '', id, signature = ''] = seal.split('.');
  const sequence = /^\d{1,15}$/.test(digits) ? Number(digits) : null;
  if (sequence === null || identity.keys === null) return sequence;
  const key = identity.keys.find((each) => keyId(each) === id);
  return key !== undefined && verifies(key, textOf(sequence, identity), signature) ? sequence : null;
}

function textOf(sequence: number, { repository, rollout }: StateIdentity): string {
  return `gateway-rollout sequence\n${repository}\n${rollout}\n${sequence}`;
}
