/** Signatures of states. The first key signs; the others verify what was signed before a rotation. */
import { createHash, createHmac, timingSafeEqual } from 'node:crypto';

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
