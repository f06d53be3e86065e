/** A state's number as the issue shows it: one that somebody else wrote there is not believed. */
import type { Whereabouts } from './envelope.ts';
import { keyId, sign, verifies } from './keys.ts';

/** `12.<key id>.<signature>`; without keys the number alone. */
export function sealNumber(sequence: number, whereabouts: Whereabouts): string {
  const [key] = whereabouts.keys ?? [];
  if (key === undefined) return String(sequence);
  return `${sequence}.${keyId(key)}.${sign(key, textOf(sequence, whereabouts))}`;
}

/** The number of a seal; null where it is forged, or of a key that is not known. */
export function readNumber(seal: string, whereabouts: Whereabouts): number | null {
  const [digits = '', id, signature = ''] = seal.split('.');
  const sequence = /^\d{1,15}$/.test(digits) ? Number(digits) : null;
  if (sequence === null || whereabouts.keys === null) return sequence;
  const key = whereabouts.keys.find((each) => keyId(each) === id);
  return key !== undefined && verifies(key, textOf(sequence, whereabouts), signature) ? sequence : null;
}

function textOf(sequence: number, { repository, rollout }: Whereabouts): string {
  return `gateway-rollout sequence\n${repository}\n${rollout}\n${sequence}`;
}
