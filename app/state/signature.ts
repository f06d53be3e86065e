/** Signatures of states, and of their numbers on the issue. The first key signs; the others verify what was signed before. */
import { createHash, createHmac, timingSafeEqual } from 'node:crypto';

/** The rollout that a file must belong to, and the keys that may have signed it. */
export interface StateIdentity {
  readonly repository: number;
  readonly rollout: string;
  /** The first one signs. Null: states are not signed, because a ruleset lets only the App write them. */
  readonly keys: readonly string[] | null;
}

/** A state's place among all states of the name; the issue shows it (`sealOrder`). */
export interface StateOrder {
  /** When the rollout started; one of the same name may have started before. */
  readonly started: number;
  /** Grows by one with each write. */
  readonly sequence: number;
}

/** Identifies a key without revealing it: the beginning of its hash. */
export function keyId(key: string): string {
  return createHash('sha256').update(`gateway-rollout key id\0${key}`).digest('hex').slice(0, 8);
}

/** HMAC-SHA256 in hexadecimal digits. */
export function sign(key: string, text: string): string {
  return createHmac('sha256', key).update(text).digest('hex');
}

/** Whether the signature is the text's, in constant time. */
export function verifies(key: string, text: string, signature: string): boolean {
  const expected = Buffer.from(sign(key, text));
  const found = Buffer.from(signature);
  return found.length === expected.length && timingSafeEqual(found, expected);
}

/**
 * JSON without spaces, the keys of every object sorted by code unit: the same text for the same value.
 * @param value as returned by `JSON.parse`
 */
export function canonicalJson(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(canonicalJson).join(',')}]`;
  if (typeof value !== 'object' || value === null) return JSON.stringify(value);
  const members = Object.entries(value)
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([key, member]) => `${JSON.stringify(key)}:${canonicalJson(member)}`);
  return `{${members.join(',')}}`;
}

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
